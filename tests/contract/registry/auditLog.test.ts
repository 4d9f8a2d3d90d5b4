import { sql } from 'kysely';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { startTestStack } from '../../../infra/local/testStack.ts';
import type { TestStack } from '../../../infra/local/testStack.ts';
import { createAuditLog } from '../../../src/adapters/postgres/audit/auditLog.ts';
import { openDatabase } from '../../../src/adapters/postgres/database.ts';
import type { Database } from '../../../src/adapters/postgres/database.ts';
import { createAuditRecorder } from '../../../src/api/audit/auditRecorder.ts';
import type { AuditBegun, AuditChainPage, AuditHead } from '../../../src/contracts/audit.ts';
import { auditHashOf, verifyAuditChain } from '../../../src/contracts/auditChain.ts';
import type { AuditVerification } from '../../../src/contracts/auditChain.ts';
import { digestOf, newIdentifier } from '../../../src/contracts/identifiers.ts';
import type { DomainEvent } from '../../../src/contracts/events.ts';
import { asSuperuser } from '../../support/asSuperuser.ts';

/** One for each of two API processes, which share nothing but the database. */
let stack: TestStack;
let databases: [Database, Database];
beforeAll(async () => {
  stack = await startTestStack({ services: ['postgres'] });
  const url = stack.environment['DATABASE_URL'] ?? '';
  databases = [openDatabase({ url, poolSize: 8 }), openDatabase({ url, poolSize: 8 })];
  await databases[0].migrate();
}, 600_000);
afterAll(async () => {
  for (const database of databases) await database.close();
  await stack.stop();
});

function entryOf(change: Partial<AuditBegun> = {}): AuditBegun {
  return { kind: 'begun', id: newIdentifier(), at: new Date().toISOString(), subject: 'ada', keyPrefix: null, operation: 'deleteDocument', method: 'DELETE', resource: '/v1/documents/x', address: '127.0.0.1', argsHash: digestOf('x'), requestId: 'r', ...change };
}

async function fill(tenant: string, count: number): Promise<AuditHead> {
  return createAuditLog(databases[0]).append(tenant, Array.from({ length: count }, (_, index) => JSON.stringify(entryOf({ subject: `subject ${index} äöü "\n` }))));
}

async function* chainOf(tenant: string, pageSize = 7): AsyncGenerator<AuditChainPage> {
  let after: string | null = '0';
  do {
    const page: AuditChainPage = await createAuditLog(databases[1]).readChain(tenant, Number(after), pageSize);
    yield page;
    after = page.next;
  } while (after !== null);
}

const verify = (tenant: string, anchor?: AuditHead): Promise<AuditVerification> => verifyAuditChain(chainOf(tenant), anchor);

describe('the chain of a tenant', () => {
  it('is whole after two processes wrote at once, and was no slower than it may be', async () => {
    const recorders = databases.map((database) => createAuditRecorder({ log: createAuditLog(database), emit: () => undefined }));
    const times: number[] = [];
    await Promise.all(
      Array.from({ length: 400 }, async (_, index) => {
        const begunAt = performance.now();
        await recorders[index % 2]?.begin('busy', entryOf({ subject: `s${index}` }));
        times.push(performance.now() - begunAt);
      }),
    );
    // The same without the recorder, which writes one batch at a time: many connections that really race for the head.
    const logs = databases.map(createAuditLog);
    await Promise.all(Array.from({ length: 200 }, async (_, index) => logs[index % 2]?.append('busy', [JSON.stringify(entryOf({ subject: `t${index}` })), JSON.stringify(entryOf())])));
    const single: number[] = [];
    for (let round = 0; round < 100; round += 1) {
      const begunAt = performance.now();
      await recorders[0]?.begin('busy', entryOf());
      single.push(performance.now() - begunAt);
    }
    single.sort((left, right) => left - right);
    console.log(`400 at once: all within ${Math.round(Math.max(...times))} ms; one by one: median ${single[50]?.toFixed(2)} ms, p99 ${single[98]?.toFixed(2)} ms`);
    expect(await verify('busy')).toMatchObject({ entries: 900, faults: [], head: { sequence: 900 } });
  }, 60_000);

  it('is computed outside as the database computes it, for any text', async () => {
    const head = await fill('text', 3);
    const page = (await chainOf('text').next()).value as AuditChainPage | undefined;
    expect(page?.links.map((link) => auditHashOf('text', link))).toEqual(page?.links.map(({ hash }) => hash));
    expect(page?.head).toEqual(head);
    expect(await verify('nobody')).toMatchObject({ entries: 0, head: null, faults: [] });
  });

  it('is its own: no tenant sees another’s entries', async () => {
    await fill('first', 2);
    expect(await createAuditLog(databases[0]).list('second', {}, undefined, 10)).toEqual({ records: [], next: null });
    expect(await databases[0].withTenant('second', (transaction) => transaction.selectFrom('audit_entries').selectAll().execute())).toEqual([]);
    await expect(databases[0].withTenant('second', (transaction) => transaction.insertInto('audit_entries').values({ tenant: 'first', content: '{}' }).execute())).rejects.toThrow(/row-level security|multiple rows|no rows|violates/);
    expect(await verify('first')).toMatchObject({ entries: 2, faults: [] });
  });
});

describe('the role of the application', () => {
  it.each([
    ['change an entry', `update audit_entries set content = '{}' where sequence = 1`],
    ['remove one', `delete from audit_entries where sequence = 1`],
    ['empty the log', `truncate audit_entries`],
    ['move the head', `update audit_heads set sequence = 1`],
    ['make a head', `insert into audit_heads values ('bound', 5, 'x') on conflict do nothing`],
    ['remove the head', `delete from audit_heads`],
    ['empty the heads', `truncate audit_heads`],
  ])('cannot %s', async (_what, statement) => {
    const { sequence } = await fill('bound', 2);
    await expect(databases[0].withTenant('bound', (transaction) => sql.raw(statement).execute(transaction))).rejects.toThrow(/permission denied|appended to|alone/);
    expect(await verify('bound')).toMatchObject({ entries: sequence, faults: [] });
  });

  it('cannot change entries though it takes its right back: the trigger refuses', async () => {
    await fill('bound', 1);
    await databases[0].withoutTenant((kysely) => sql`grant update, delete on audit_entries to current_user`.execute(kysely));
    await expect(databases[0].withTenant('bound', (transaction) => sql`update audit_entries set content = '{}'`.execute(transaction))).rejects.toThrow(/appended to/);
    await expect(databases[0].withTenant('bound', (transaction) => sql`delete from audit_entries`.execute(transaction))).rejects.toThrow(/appended to/);
    await databases[0].withoutTenant((kysely) => sql`revoke update, delete on audit_entries from current_user`.execute(kysely));
  });

  it('cannot choose place or hash of what it appends', async () => {
    await fill('place', 2);
    await databases[0].withTenant('place', (transaction) => sql`insert into audit_entries (tenant, content, sequence, previous_hash, hash) values ('place', '{"kind":"begun"}', 99, 'x', 'y')`.execute(transaction));
    expect(await verify('place')).toMatchObject({ entries: 3, faults: [], head: { sequence: 3 } });
  });
});

describe('a superuser with triggers switched off is found out', () => {
  const where = (tenant: string, sequence: number): string => `where tenant = '${tenant}' and sequence = ${sequence}`;
  const copy = (tenant: string, from: number, to: number): string => `insert into audit_entries (tenant, sequence, content, previous_hash, hash) select tenant, ${to}, content, previous_hash, hash from audit_entries ${where(tenant, from)}`;
  const rehashed = (tenant: string): string => `do $$ declare row record; last text := ''; begin
    for row in select * from audit_entries where tenant = '${tenant}' order by sequence loop
      update audit_entries set previous_hash = last, hash = encode(sha256(convert_to(concat_ws(E'\\n', last, tenant, sequence::text, content), 'UTF8')), 'hex') where tenant = row.tenant and sequence = row.sequence returning hash into last;
    end loop;
    update audit_heads set hash = last where tenant = '${tenant}';
  end $$`;

  it.each<[string, (tenant: string) => string[], string[]]>([
    ['an edit', (tenant) => [`update audit_entries set content = replace(content, 'subject 4', 'subject 5') ${where(tenant, 5)}`], ['changed']],
    ['an edit whose hash was made to fit', (tenant) => [`update audit_entries set content = '{}', hash = encode(sha256(convert_to(concat_ws(E'\\n', previous_hash, tenant, sequence::text, '{}'), 'UTF8')), 'hex') ${where(tenant, 5)}`], ['unlinked']],
    ['a removal', (tenant) => [`delete from audit_entries ${where(tenant, 5)}`], ['missing', 'unlinked']],
    ['the removal of the first', (tenant) => [`delete from audit_entries ${where(tenant, 1)}`], ['missing', 'unlinked']],
    ['the removal of the last', (tenant) => [`delete from audit_entries ${where(tenant, 9)}`], ['head']],
    ['the removal of all', (tenant) => [`delete from audit_entries where tenant = '${tenant}'`], ['head']],
    ['an insertion', (tenant) => [`update audit_entries set sequence = sequence + 100 where tenant = '${tenant}' and sequence > 5`, copy(tenant, 2, 6), `update audit_entries set sequence = sequence - 99 where tenant = '${tenant}' and sequence > 100`], ['changed', 'head', 'unlinked']],
    ['an insertion at the end', (tenant) => [copy(tenant, 2, 10)], ['changed', 'head', 'unlinked']],
    ['a new order', (tenant) => [`update audit_entries set sequence = 100 ${where(tenant, 3)}`, `update audit_entries set sequence = 3 ${where(tenant, 7)}`, `update audit_entries set sequence = 7 ${where(tenant, 100)}`], ['changed', 'unlinked']],
    ['the removal of the head', (tenant) => [`delete from audit_heads where tenant = '${tenant}'`], ['head']],
  ])('by %s', async (what, statements, kinds) => {
    const tenant = what.replaceAll(' ', '-');
    await fill(tenant, 9);
    expect((await verify(tenant)).faults).toEqual([]);
    await asSuperuser(stack, ...statements(tenant));
    expect([...new Set((await verify(tenant)).faults.map(({ kind }) => kind))].sort()).toEqual(kinds);
  });

  it('also by all hashes made anew, given a head that was seen before', async () => {
    const before = await fill('anew', 9);
    await fill('anew', 3);
    expect((await verify('anew', before)).faults).toEqual([]);
    await asSuperuser(stack, `update audit_entries set content = replace(content, 'subject 4', 'subject 5') ${where('anew', 5)}`, rehashed('anew'));
    expect((await verify('anew')).faults).toEqual([]);
    expect((await verify('anew', before)).faults).toMatchObject([{ kind: 'anchor', sequence: 9 }]);
  });
});

describe('a log that was damaged', () => {
  it('takes no entries, so that nothing is done', async () => {
    await fill('damaged', 2);
    await asSuperuser(stack, `delete from audit_heads where tenant = 'damaged'`);
    const events: DomainEvent[] = [];
    const recorder = createAuditRecorder({ log: createAuditLog(databases[0]), emit: (event) => events.push(event), retryMs: 5 });
    await expect(recorder.begin('damaged', entryOf())).rejects.toMatchObject({ code: 'AUDIT_UNAVAILABLE' });
    recorder.end('damaged', { kind: 'ended', of: newIdentifier(), at: new Date().toISOString(), status: 200, code: null, created: null });
    await expect.poll(() => events.filter(({ type }) => type === 'audit.failed').length).toBeGreaterThan(1);
    await recorder.close();
    expect(events.at(-1)).toMatchObject({ type: 'audit.failed', tenant: 'damaged', isLost: true });
  });
});

describe('the list', () => {
  it('is filtered, in pages, with outcomes', async () => {
    const log = createAuditLog(databases[0]);
    const entries = [
      entryOf({ at: '2026-01-01T10:00:00.000Z', subject: 'ada', operation: 'createApiKey', resource: '/v1/keys' }),
      entryOf({ at: '2026-01-02T10:00:00.000Z', subject: 'bob', resource: '/v1/documents/a_b' }),
      entryOf({ at: '2026-01-03T10:00:00.000Z', subject: 'ada', resource: '/v1/documents/axb' }),
      entryOf({ at: '2026-01-04T10:00:00.000Z', subject: 'ada', operation: 'ingestDocuments', resource: '/v1/ingest/bulk' }),
    ];
    for (const entry of entries) await log.append('list', [JSON.stringify(entry)]);
    await log.append('list', [JSON.stringify({ kind: 'ended', of: entries[0]?.id, at: '2026-01-05T00:00:00.000Z', status: 201, code: null, created: '/v1/keys/x' })]);
    const days = async (filter: Parameters<typeof log.list>[1]): Promise<string[]> => (await log.list('list', filter, undefined, 10)).records.map(({ at }) => at.slice(9, 10));
    expect(await days({})).toEqual(['4', '3', '2', '1']);
    expect(await days({ subject: 'ada' })).toEqual(['4', '3', '1']);
    expect(await days({ since: '2026-01-02T11:00:00+01:00', until: '2026-01-04T10:00:00Z' })).toEqual(['3', '2']);
    expect(await days({ operation: 'createApiKey' })).toEqual(['1']);
    expect(await days({ resource: '/v1/documents/a_b' })).toEqual(['2']);
    expect(await days({ resource: '/v1/documents/', subject: 'ada' })).toEqual(['3']);
    const first = await log.list('list', {}, undefined, 3);
    const second = await log.list('list', {}, first.next ?? '', 3);
    expect([...first.records, ...second.records].map(({ sequence }) => sequence)).toEqual([4, 3, 2, 1]);
    expect(second.next).toBeNull();
    expect(second.records[0]?.outcome).toEqual({ at: '2026-01-05T00:00:00.000Z', status: 201, code: null, created: '/v1/keys/x' });
    expect(first.records[0]?.outcome).toBeNull();
  });
});
