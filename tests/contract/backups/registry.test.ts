import { randomUUID } from 'node:crypto';
import { sql } from 'kysely';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { startTestStack } from '../../../infra/local/testStack.ts';
import type { TestStack } from '../../../infra/local/testStack.ts';
import { createAuditLog } from '../../../src/adapters/postgres/audit/auditLog.ts';
import { createRegistryDumper } from '../../../src/adapters/postgres/backup/registryDumper.ts';
import { createRestoreRegistry } from '../../../src/adapters/postgres/backup/restoreRegistry.ts';
import { leftOut, replaced } from '../../../src/adapters/postgres/backup/tableCatalogue.ts';
import { openDatabase } from '../../../src/adapters/postgres/database.ts';
import type { Database } from '../../../src/adapters/postgres/database.ts';
import { RowDigest } from '../../../src/backups/rowDigest.ts';
import type { DumpedTable, RegistryDump, RestoreScope } from '../../../src/contracts/backups.ts';
import type { RegistryDumper } from '../../../src/ports/registryBackup.ts';
import { asSuperuser } from '../../support/asSuperuser.ts';

let stack: TestStack;
let database: Database;
let dumper: RegistryDumper;
beforeAll(async () => {
  stack = await startTestStack({ services: ['postgres'] });
  database = openDatabase({ url: stack.environment['DATABASE_URL'] ?? '', poolSize: 6 });
  await database.migrate();
  dumper = createRegistryDumper(stack.environment['CATALYST_BACKUP_DATABASE_URL'] ?? '');
}, 600_000);
afterAll(async () => {
  await dumper.close();
  await database.close();
  await stack.stop();
}, 60_000);

interface KeptDump extends RegistryDump {
  readonly lines: Map<string, string[]>;
}

/** A dump whose lines stay in memory. */
async function dumpAll(from = dumper): Promise<KeptDump> {
  const lines = new Map<string, string[]>();
  const dump = await from.dump(async ({ name, columns, lines: rows }) => {
    const digest = new RowDigest();
    const own: string[] = [];
    for await (const line of rows) {
      digest.add(line);
      own.push(line);
    }
    lines.set(name, own);
    return { name, columns: [...columns], rows: digest.rows, digest: digest.text, file: { key: name, bytes: 0, digest: `sha256:${'0'.repeat(64)}`, mark: '', lines: own.length } };
  });
  return { ...dump, lines };
}

async function* linesOf(lines: readonly string[] | undefined): AsyncGenerator<string> {
  for (const line of lines ?? []) yield await Promise.resolve(line);
}

async function restoreAll(dump: KeptDump, scope: RestoreScope): Promise<void> {
  const restores = createRestoreRegistry(database);
  for (const group of await restores.inOrder(dump.tables)) await restores.restoreTables(scope.restoreId, group, ({ name }) => linesOf(dump.lines.get(name)));
  await restores.setSequences(dump.sequences);
}

async function begin(): Promise<RestoreScope> {
  const scope: RestoreScope = { restoreId: randomUUID(), backupId: '20260101T000000Z-00000000', parts: ['registry'], by: 'tester' };
  await createRestoreRegistry(database).begin(scope);
  return scope;
}

async function emptyAll(dump: RegistryDump): Promise<void> {
  await asSuperuser(stack, ...dump.tables.map(({ name }) => `delete from ${name}`));
}

const digests = ({ tables }: { readonly tables: readonly DumpedTable[] }) => Object.fromEntries(tables.map(({ name, rows, digest }) => [name, `${rows} ${digest}`]));
const jobId = '0198c0de-0000-7000-8000-000000000001';
const deletionId = '0198c0de-0000-7000-8000-000000000002';

/** Values that lose something on the way through JavaScript or JSON, of tenants of whom nobody else knows. */
async function fill(): Promise<void> {
  const awkward = `"quoted" \\ back\\nslash, line\nbreak,\ttab, ünï¢ødé 🦘, null, {}`;
  await asSuperuser(
    stack,
    `insert into jobs (tenant, id, subject, workflow_id, state, total, created_at, pause, budget, rests, spent_bytes, spent_credits) values ('acme', '${jobId}', $a$${awkward}$a$, 'job/acme/${jobId}', 'running', 1, '2026-01-02T03:04:05.678901Z', 'null', null, '[1, null]', 9223372036854775807, 0.1)`,
    `insert into documents (tenant, id, source_key, title, ingested_policies, created_at) select 'only-documents', gen_random_uuid(), 'key ' || n, $a$${awkward}$a$, array['a b', 'c"d', null], now() - n * interval '1 microsecond' from generate_series(1, 1500) n`,
    `insert into deletions (tenant, id, subject, request, reason, workflow_id) values ('acme', '${deletionId}', 'tester', '{}', 'test', 'deletion/acme/${deletionId}')`,
    `insert into index_epochs (tenant, epoch, settings_epoch) values ('acme', 7, 3)`,
    `insert into usage_sums (tenant, day, job_id, credits) values ('acme', '2026-02-28', '${jobId}', 1e-300)`,
    `insert into job_events (tenant, job_id, type, state, failure) values ('acme', '${jobId}', 'job', 'running', '{"code": "X", "nested": {"a": [1.0, 1e400]}}')`,
  );
  await createAuditLog(database).append('acme', ['{"kind":"begun","id":"1"}', '{"kind":"ended","of":"1"}']);
}

describe('a dump', () => {
  it('holds all tables but those that are left out for a reason, and rows of tenants that no list names', async () => {
    await fill();
    const dump = await dumpAll();
    const known = (await asSuperuser(stack, `select tablename from pg_tables where schemaname = 'public'`)).map(({ tablename }) => String(tablename));
    expect(dump.tables.map(({ name }) => name)).toEqual(known.filter((name) => !Object.hasOwn(leftOut, name)).sort());
    for (const name of [...Object.keys(leftOut), ...replaced]) expect(known).toContain(name);
    expect(dump.tables.find(({ name }) => name === 'documents')?.rows).toBe(1500);
    expect(dump.migrations).toContain('0017_restores');
  });

  it('is of one moment, whatever is written while it is made', async () => {
    const before = digests(await dumpAll());
    let wrote = false;
    const during = await dumper.dump(async ({ name, columns, lines }) => {
      if (!wrote) await asSuperuser(stack, `insert into versions (tenant, document_id, id, digest, sequence, job_id, chunks) values ('acme', gen_random_uuid(), gen_random_uuid(), 'd', 1, '${jobId}', 1)`);
      wrote = true;
      const digest = new RowDigest();
      for await (const line of lines) digest.add(line);
      return { name, columns: [...columns], rows: digest.rows, digest: digest.text, file: { key: name, bytes: 0, digest: `sha256:${'0'.repeat(64)}`, mark: '', lines: 0 } };
    });
    expect(digests(during)).toEqual(before);
    expect(digests(await dumpAll())).not.toEqual(before);
  });

  it('is refused by a role that row-level security binds, which would see nothing', async () => {
    const bound = createRegistryDumper(stack.environment['DATABASE_URL'] ?? '');
    await expect(bound.dump(() => Promise.reject(new Error('not reached')))).rejects.toMatchObject({ code: 'BACKUP_NOT_CONFIGURED' });
    await bound.close();
  });

  it('cannot write', async () => {
    const reader = openDatabase({ url: stack.environment['CATALYST_BACKUP_DATABASE_URL'] ?? '', poolSize: 1 });
    await expect(reader.withoutTenant((kysely) => sql`insert into tenants (tenant) values ('x')`.execute(kysely))).rejects.toThrow(/permission denied/);
    await reader.close();
  });
});

describe('a restore', () => {
  let dump: KeptDump;

  it('brings every row back as it was, and binds and triggers as before', async () => {
    dump = await dumpAll();
    expect(await dumper.occupied()).toEqual(expect.arrayContaining(['documents', 'jobs']));
    await emptyAll(dump);
    expect(await dumper.occupied()).toEqual([]);
    await restoreAll(dump, await begin());
    expect(digests(await dumpAll())).toEqual(digests(dump));
    // SQL's null and that of JSON are two things.
    expect(await asSuperuser(stack, `select pause is null as pause, budget is null as budget, pause::text as text from jobs`)).toEqual([{ pause: false, budget: true, text: 'null' }]);
    await expect(asSuperuser(stack, `select relname from pg_class where relrowsecurity and not relforcerowsecurity and relnamespace = 'public'::regnamespace`)).resolves.toEqual([]);
    await expect(asSuperuser(stack, `select tgname from pg_trigger where tgenabled <> 'O'`)).resolves.toEqual([]);
    await expect(asSuperuser(stack, `select grantee from information_schema.role_table_grants where table_name in ('audit_entries', 'audit_heads') and privilege_type = 'DELETE' and grantee = 'catalyst'`)).resolves.toEqual([]);
    expect(await database.withTenant('acme', (transaction) => transaction.selectFrom('documents').select('id').execute())).toEqual([]);
  });

  it('sets numbers far behind what the backup knew', async () => {
    const [row] = await asSuperuser(stack, `select nextval('document_sequence') as next, (select last_value from job_events_id_seq) as events`);
    expect(Number(row?.['next'])).toBeGreaterThan(1_000_000);
    expect(Number(row?.['events'])).toBeGreaterThan(1_000_000);
  });

  it('puts what the empty stack has logged behind the log that comes back, in one chain', async () => {
    await emptyAll(dump);
    await createAuditLog(database).append('acme', ['{"kind":"begun","id":"new stack"}']);
    await createAuditLog(database).append('platform', ['{"kind":"begun","id":"restore"}']);
    await restoreAll(dump, await begin());
    const { links, head } = await createAuditLog(database).readChain('acme', 0, 100);
    expect(links.map(({ sequence, content }) => [sequence, JSON.parse(content) as unknown])).toEqual([[1, { kind: 'begun', id: '1' }], [2, { kind: 'ended', of: '1' }], [3, { kind: 'begun', id: 'new stack' }]]);
    for (const [place, link] of links.entries()) if (place > 0) expect(link.previousHash).toBe(links[place - 1]?.hash);
    expect(head).toEqual({ sequence: 3, hash: links[2]?.hash });
    expect((await createAuditLog(database).readChain('platform', 0, 100)).links).toHaveLength(1);
  });

  it('does a table once, however often it is tried', async () => {
    await emptyAll(dump);
    const scope = await begin();
    await restoreAll(dump, scope);
    await restoreAll(dump, scope);
    expect(digests(await dumpAll())).toEqual(digests(dump));
  });

  it('takes nothing of a table whose rows are not those that were dumped', async () => {
    await emptyAll(dump);
    const lines = new Map(dump.lines);
    lines.set('jobs', (lines.get('jobs') ?? []).map((line) => line.replace('running', 'failed')));
    await expect(restoreAll({ ...dump, lines }, await begin())).rejects.toMatchObject({ code: 'BACKUP_CORRUPT' });
    expect(await asSuperuser(stack, 'select id from jobs')).toEqual([]);
    await expect(asSuperuser(stack, `select relname from pg_class where relrowsecurity and not relforcerowsecurity and relnamespace = 'public'::regnamespace`)).resolves.toEqual([]);
  });

  it('is not done over rows of others', async () => {
    await emptyAll(dump);
    await asSuperuser(stack, `insert into synonyms (tenant, synonyms) values ('acme', '{}')`);
    await expect(restoreAll(dump, await begin())).rejects.toMatchObject({ code: 'RESTORE_REFUSED' });
  });

  it('keeps work that was accepted meanwhile, beside that of the backup', async () => {
    const [own, both, old] = ['0198c0de-0000-7000-8000-00000000000a', '0198c0de-0000-7000-8000-00000000000b', '0198c0de-0000-7000-8000-00000000000c'];
    const ask = (id: string, revision: number) => asSuperuser(stack, `insert into work_outbox (id, kind, tenant, subject, workflow_id, revision) values ('${id}', 'sweep', 'acme', 'tester', 'sweep/acme/${id}', ${revision})`);
    await ask(both, 1);
    await ask(old, 2);
    const withOutbox = await dumpAll();
    await emptyAll(withOutbox);
    const scope = await begin();
    const isLast = ({ name }: DumpedTable) => name === 'work_outbox';
    await restoreAll({ ...withOutbox, tables: withOutbox.tables.filter((table) => !isLast(table)) }, scope);
    // A schedule, or a request, before the last table is back.
    await ask(own, 5_000_000);
    await ask(both, 5_000_001);
    const restores = createRestoreRegistry(database);
    for (let time = 0; time < 2; time += 1) await restores.restoreTables(scope.restoreId, withOutbox.tables.filter(isLast), ({ name }) => linesOf(withOutbox.lines.get(name)));
    expect(await asSuperuser(stack, 'select id, revision::text from work_outbox order by id')).toEqual([{ id: own, revision: '5000000' }, { id: both, revision: '5000001' }, { id: old, revision: '2' }]);
    await asSuperuser(stack, 'delete from work_outbox');
  });

  it('has unfinished work started, and caches be old', async () => {
    await emptyAll(dump);
    const scope = await begin();
    await restoreAll(dump, scope);
    expect(await createRestoreRegistry(database).resume(scope.restoreId)).toEqual({ jobs: 1, deletions: 1, sweeps: 0, audits: 0 });
    const outbox = await asSuperuser(stack, `select kind, tenant, workflow_id from work_outbox order by kind`);
    expect(outbox).toEqual([{ kind: 'deletion', tenant: 'acme', workflow_id: `deletion/acme/${deletionId}` }, { kind: 'job', tenant: 'acme', workflow_id: `job/acme/${jobId}` }]);
    const [epochs] = await asSuperuser(stack, `select epoch, settings_epoch from index_epochs`);
    expect(Number(epochs?.['epoch'])).toBeGreaterThan(1_000);
    expect(epochs?.['settings_epoch']).toEqual(epochs?.['epoch']);
  });
});
