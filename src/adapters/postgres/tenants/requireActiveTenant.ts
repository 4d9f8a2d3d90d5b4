import { sql } from 'kysely';
import type { Transaction } from 'kysely';
import { CatalystError } from '../../../contracts/errors.ts';
import type { Schema } from '../schema.ts';

/** For the transaction that accepts something for a tenant: until its commit nobody suspends or deletes the tenant. Throws TENANT_SUSPENDED, TENANT_DELETED. */
export async function requireActiveTenant(transaction: Transaction<Schema>, tenant: string): Promise<void> {
  const state = await standingOf(transaction, tenant);
  if (state === 'suspended') throw new CatalystError('TENANT_SUSPENDED', `The tenant "${tenant}" is suspended.`);
  refuseDeleted(tenant, state);
}

/** For what work that is under way records: of a suspended tenant it may finish its stage. Throws TENANT_DELETED. */
export async function requireKeptTenant(transaction: Transaction<Schema>, tenant: string): Promise<void> {
  refuseDeleted(tenant, await standingOf(transaction, tenant));
}

async function standingOf(transaction: Transaction<Schema>, tenant: string): Promise<string> {
  const { rows } = await sql<{ state: string | null }>`select standing_of_tenant(${tenant}) as state`.execute(transaction);
  return rows[0]?.state ?? 'active';
}

function refuseDeleted(tenant: string, state: string): void {
  if (state === 'deleting' || state === 'deleted') throw new CatalystError('TENANT_DELETED', `The tenant "${tenant}" is ${state === 'deleting' ? 'being deleted' : 'deleted'}.`);
}

/** For the transaction that takes a tenant out of service: what is being accepted for it is accepted before, or not at all. */
export async function lockTenant(transaction: Transaction<Schema>, tenant: string): Promise<void> {
  await sql`select pg_advisory_xact_lock(hashtextextended('tenant:' || ${tenant}, 0))`.execute(transaction);
}
