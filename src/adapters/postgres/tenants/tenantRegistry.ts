import { sql } from 'kysely';
import type { Selectable, Transaction, UpdateObject } from 'kysely';
import { CatalystError } from '../../../contracts/errors.ts';
import { openPolicy, tenantPolicySchema } from '../../../contracts/tenants.ts';
import type { TenantAccount, TenantState } from '../../../contracts/tenants.ts';
import type { TenantChange, TenantRegistry } from '../../../ports/tenantRegistry.ts';
import type { Database } from '../database.ts';
import { acceptDeletion } from '../deletions/deletionRegistryAccept.ts';
import type { Schema } from '../schema.ts';
import { lockTenant } from './requireActiveTenant.ts';
import { cancelJobs, pauseJobs, resumeJobs } from './tenantJobs.ts';
import type { TenantAccountsTable } from './tenantAccountsTable.ts';

type AccountRow = Selectable<TenantAccountsTable>;
type Change = UpdateObject<Schema, 'tenant_accounts'>;

export function createTenantRegistry(database: Database): TenantRegistry {
  return {
    create: ({ tenant, name, policy }, by) =>
      database.withTenant(tenant, async (transaction) => {
        await lockTenant(transaction, tenant);
        const known = await readAccount(transaction, tenant);
        if (known !== undefined && (known.created || known.state !== 'active')) throw new CatalystError('CONFLICT', `There is a tenant "${tenant}", or there was one.`);
        return write(transaction, tenant, { name, policy: JSON.stringify(policy), created: true, created_by: by });
      }),

    find: (tenant) => database.withTenant(tenant, (transaction) => findAccount(transaction, tenant)),

    async list(cursor, limit) {
      const { rows } = await database.withoutTenant((kysely) =>
        sql<{ tenant: string; account: Serialised | null; first_seen: Date | null }>`select tenant, row_to_json(account) as account, first_seen from list_tenant_accounts(${cursor ?? ''}, ${limit + 1})`.execute(kysely),
      );
      const page = rows.slice(0, limit);
      return {
        tenants: page.map(({ tenant, account, first_seen: firstSeen }) => (account?.tenant == null ? seenAccount(tenant, firstSeen ?? new Date(0)) : toAccount({ ...account, created_at: new Date(account.created_at), changed_at: new Date(account.changed_at) }))),
        next: rows.length > limit ? (page.at(-1)?.tenant ?? null) : null,
      };
    },

    change: (tenant, { name, policy }, by) =>
      locked(database, tenant, ['active', 'suspended'], (transaction) =>
        write(transaction, tenant, { ...(name === undefined ? {} : { name }), ...(policy === undefined ? {} : { policy: JSON.stringify(policy) }) }, by),
      ),

    suspend: (tenant, reason, by) =>
      locked(database, tenant, ['active', 'suspended'], async (transaction, account) => {
        if (account.state === 'suspended') return { account, jobs: [] };
        const suspended = await write(transaction, tenant, { state: 'suspended', suspension: JSON.stringify({ at: new Date().toISOString(), by, reason }) });
        return { account: suspended, jobs: await pauseJobs(transaction, tenant, reason) };
      }),

    resume: (tenant) =>
      locked(database, tenant, ['active', 'suspended'], async (transaction, account) => {
        if (account.state === 'active') return { account, jobs: [] };
        const active = await write(transaction, tenant, { state: 'active', suspension: null });
        return { account: active, jobs: await resumeJobs(transaction, tenant) };
      }),

    beginDeletion: (tenant, { id, workflowId }, by) =>
      locked<TenantChange>(database, tenant, ['active', 'suspended', 'deleting'], async (transaction, account) => {
        if (account.state === 'deleting') return { account, jobs: [] };
        const deleting = await write(transaction, tenant, { state: 'deleting', suspension: null, deletion: JSON.stringify({ id, requestedAt: new Date().toISOString(), by }) });
        const jobs = await cancelJobs(transaction, tenant, by);
        await acceptDeletion(transaction, { tenant, subject: by }, { id, workflowId, request: { everything: true }, reason: 'request' });
        return { account: deleting, jobs };
      }),

    async standings(since) {
      const { rows } = await database.withoutTenant((kysely) =>
        sql<{ tenant: string; state: TenantState; policy: unknown; as_of: Date }>`select * from read_tenant_standings(${since ?? null}::timestamptz)`.execute(kysely),
      );
      const standings = rows.map(({ tenant, state, policy }) => ({ tenant, state, policy: policyOf(policy) }));
      return { standings, asOf: rows[0]?.as_of.toISOString() ?? since ?? new Date(0).toISOString() };
    },
  };
}

/** As JSON has it. */
type Serialised = Omit<AccountRow, 'created_at' | 'changed_at'> & { readonly created_at: string; readonly changed_at: string };

/** Who changes a tenant does so alone. Throws NOT_FOUND, CONFLICT. */
function locked<Result>(database: Database, tenant: string, states: readonly TenantState[], work: (transaction: Transaction<Schema>, account: TenantAccount) => Promise<Result>): Promise<Result> {
  return database.withTenant(tenant, async (transaction) => {
    await lockTenant(transaction, tenant);
    const account = await findAccount(transaction, tenant);
    if (account === undefined) throw new CatalystError('NOT_FOUND', `There is no tenant "${tenant}".`);
    if (!states.includes(account.state)) throw new CatalystError('CONFLICT', `The tenant "${tenant}" is ${account.state === 'deleting' ? 'being deleted' : account.state}.`);
    return work(transaction, account);
  });
}

async function findAccount(transaction: Transaction<Schema>, tenant: string): Promise<TenantAccount | undefined> {
  const row = await readAccount(transaction, tenant);
  if (row !== undefined) return toAccount(row);
  const seen = await transaction.selectFrom('tenants').selectAll().where('tenant', '=', tenant).executeTakeFirst();
  return seen === undefined ? undefined : seenAccount(tenant, seen.first_seen);
}

function readAccount(transaction: Transaction<Schema>, tenant: string): Promise<AccountRow | undefined> {
  return transaction.selectFrom('tenant_accounts').selectAll().where('tenant', '=', tenant).executeTakeFirst();
}

async function write(transaction: Transaction<Schema>, tenant: string, change: Change, by?: string): Promise<TenantAccount> {
  const changed = { ...change, changed_at: sql<Date>`clock_timestamp()` };
  await transaction.insertInto('tenant_accounts').values({ tenant, name: null, created: false, created_by: by ?? null, suspension: null, deletion: null, receipt: null }).onConflict((conflict) => conflict.doNothing()).execute();
  return toAccount(await transaction.updateTable('tenant_accounts').set(changed).where('tenant', '=', tenant).returningAll().executeTakeFirstOrThrow());
}

function policyOf(stored: unknown): TenantAccount['policy'] {
  return tenantPolicySchema.parse(stored);
}

function toAccount(row: AccountRow): TenantAccount {
  const { tenant, name, state, created, suspension, deletion, receipt } = row;
  return { tenant, name, state, created, createdAt: row.created_at.toISOString(), createdBy: row.created_by, suspension, deletion, receipt, policy: policyOf(row.policy) };
}

function seenAccount(tenant: string, firstSeen: Date): TenantAccount {
  return { tenant, name: null, state: 'active', created: false, createdAt: firstSeen.toISOString(), createdBy: null, suspension: null, deletion: null, receipt: null, policy: openPolicy };
}
