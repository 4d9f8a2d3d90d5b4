import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { startTestStack } from '../../../infra/local/testStack.ts';
import type { TestStack } from '../../../infra/local/testStack.ts';
import { openDatabase } from '../../../src/adapters/postgres/database.ts';
import type { Database } from '../../../src/adapters/postgres/database.ts';
import { createTenantRegistry } from '../../../src/adapters/postgres/tenants/tenantRegistry.ts';
import { forgetTenant, forgottenTables, keptByDeletion, keptTables } from '../../../src/adapters/postgres/tenants/forgetTenant.ts';
import type { DeletionReceipt } from '../../../src/contracts/deletions.ts';
import { newIdentifier } from '../../../src/contracts/identifiers.ts';
import { asSuperuser } from '../../support/asSuperuser.ts';

let stack: TestStack;
let database: Database;
beforeAll(async () => {
  stack = await startTestStack({ services: ['postgres'] });
  database = openDatabase({ url: stack.environment['DATABASE_URL'] ?? '', poolSize: 2 });
  await database.migrate();
}, 600_000);
afterAll(async () => {
  await database.close();
  await stack.stop();
}, 60_000);

interface Column {
  readonly table_name: string;
  readonly column_name: string;
  readonly data_type: string;
}

/** Columns of tables with a column tenant that a row has to say something of. */
async function columns(): Promise<Column[]> {
  const rows = await asSuperuser(stack, `
    select c.table_name, c.column_name, c.data_type from information_schema.columns c join information_schema.tables t using (table_schema, table_name)
    where c.table_schema = 'public' and t.table_type = 'BASE TABLE' and c.is_generated = 'NEVER' and c.is_identity = 'NO' and (c.column_name = 'tenant' or (c.is_nullable = 'NO' and c.column_default is null))
      and c.table_name in (select table_name from information_schema.columns where table_schema = 'public' and column_name = 'tenant')
    order by c.table_name, c.ordinal_position`);
  return rows as unknown as Column[];
}

const values: Readonly<Record<string, string>> = {
  uuid: 'gen_random_uuid()', jsonb: `'{}'`, date: 'current_date', boolean: 'false', bigint: '1', integer: '1', smallint: '1', 'double precision': '1', 'timestamp with time zone': 'now()', ARRAY: `'{}'`, bytea: `''`,
};

async function tables(): Promise<string[]> {
  return [...new Set((await columns()).map(({ table_name: table }) => table))];
}

/** A row of each table, whatever it means: triggers and references are off. */
async function fill(tenant: string): Promise<void> {
  const all = await columns();
  for (const table of await tables()) {
    const own = all.filter(({ table_name: name }) => name === table);
    const given = own.map(({ column_name: column, data_type: type }) => (column === 'tenant' ? `'${tenant}'` : type === 'text' ? `'{"of": "${tenant}"}'` : (values[type] ?? `no value for ${type}`)));
    await asSuperuser(stack, `insert into ${table} (${own.map(({ column_name: column }) => `"${column}"`).join(', ')}) values (${given.join(', ')}) on conflict do nothing`);
  }
}

async function tablesWith(tenant: string): Promise<string[]> {
  const found: string[] = [];
  for (const table of await tables()) {
    const [row] = await asSuperuser(stack, `select count(*) as rows from ${table} where tenant = '${tenant}'`);
    if (Number(row?.['rows']) > 0) found.push(table);
  }
  return found;
}

const emptied = { documents: 0, versions: 0, points: 0, artifacts: 0, bytes: 0 };

describe('every table with a column tenant', () => {
  it('is named once: what goes with a tenant, and what stays and why', async () => {
    const named = [...forgottenTables, ...keptByDeletion, ...Object.keys(keptTables)];
    expect(named.toSorted()).toEqual((await tables()).toSorted());
  });

  it('holds nothing of a deleted tenant but what is to stay, and all that it held of others', async () => {
    const registry = createTenantRegistry(database);
    for (const tenant of ['doomed', 'spared']) {
      await fill(tenant);
      // The row made up of the account is none that the product could read.
      await asSuperuser(stack, `delete from tenant_accounts where tenant = '${tenant}'`, `update jobs set finished_at = now() where tenant = '${tenant}'`);
    }
    const spared = await tablesWith('spared');
    expect(spared).toHaveLength((await tables()).length - 1);
    const id = newIdentifier();
    await registry.beginDeletion('doomed', { id, workflowId: `deletion/doomed/${id}` }, 'operator');
    const receipt: DeletionReceipt = { deletionId: id, tenant: 'doomed', requestedBy: 'operator', reason: 'request', requestedAt: '2026-01-01T00:00:00Z', finishedAt: '2026-01-01T00:00:01Z', before: emptied, after: emptied, documents: [], digest: `sha256:${'0'.repeat(64)}` } as never;
    await database.withTenant('doomed', (transaction) => forgetTenant(transaction, 'doomed', id, receipt));
    expect(await tablesWith('doomed')).toEqual([...keptByDeletion, ...Object.keys(keptTables)].toSorted());
    expect(await tablesWith('spared')).toEqual(spared);
    const [deletion] = await asSuperuser(stack, `select count(*) as rows from deletions where tenant = 'doomed'`);
    expect(Number(deletion?.['rows'])).toBe(1);
    expect(await registry.find('doomed')).toMatchObject({ state: 'deleted', receipt: { deletionId: id } });
  }, 60_000);
});
