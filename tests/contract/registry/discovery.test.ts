import { randomUUID } from 'node:crypto';
import { sql } from 'kysely';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import type { Database } from '../../../src/adapters/postgres/database.ts';
import { createDiscoveryRegistry } from '../../../src/adapters/postgres/sources/discoveryRegistry.ts';
import { createJobRegistry } from '../../../src/adapters/postgres/jobs/jobRegistry.ts';
import { createJobSteering } from '../../../src/adapters/postgres/jobs/jobSteering.ts';
import type { ErrorCode } from '../../../src/contracts/errors.ts';
import { digestOf, documentIdOf } from '../../../src/contracts/identifiers.ts';
import type { DiscoveryRegistry } from '../../../src/ports/discoveryRegistry.ts';
import type { JobRegistry, JobSource, NewJob } from '../../../src/ports/jobRegistry.ts';
import type { DiscoveredDocument, DiscoveryStep, UnreadableDocument } from '../../../src/ports/sourceDiscovery.ts';
import { startTestDatabase } from '../../support/postgres.ts';
import { acceptJob, addedDocument, failed, succeeded, websiteSource } from '../../support/registryJobs.ts';

let database: Database;
let discovery: DiscoveryRegistry;
let jobs: JobRegistry;
let stop: () => Promise<void>;

beforeAll(async () => {
  const started = await startTestDatabase();
  database = started.database;
  stop = () => started.close();
  discovery = createDiscoveryRegistry(database);
  jobs = createJobRegistry(database);
}, 600_000);
afterAll(async () => stop());

const page = (path: string): DiscoveredDocument => ({ sourceKey: `url:https://site.test/${path}`, source: { type: 'url', location: `https://site.test/${path}` }, origin: { type: 'url', url: `https://site.test/${path}` } });
const unreadable = (path: string, code: ErrorCode): UnreadableDocument => ({ ...page(path), failure: { code, message: `${path} cannot be had.`, remedy: 'Look.' } });
const step = (changes: Partial<DiscoveryStep> = {}): DiscoveryStep => ({ documents: [], unreadable: [], visited: [], found: [], cursor: { page: 1 }, done: false, gaps: [], ...changes });

describe('recording a step', () => {
  it('lets documents join with the attributes of the source, and moves the frontier and the cursor on', async () => {
    const source = websiteSource();
    const jobId = await acceptJob(database, 'record-a', 0, { source });
    expect(await discovery.load('record-a', jobId, 10)).toEqual({ source, cursor: null, state: 'running', documents: 0, entries: [], step: 0 });
    const found = [{ address: 'https://site.test/deep', depth: 2 }, { address: 'https://site.test/b', depth: 1 }, { address: 'https://site.test/a', depth: 1 }];
    const first = step({ documents: [page(''), { ...page('b'), title: 'B', bytes: 7 }], visited: ['https://site.test/'], found });
    expect(await discovery.record('record-a', jobId, { source, step: 0 }, first)).toEqual({ added: 2, finished: false });
    const position = await discovery.load('record-a', jobId, 2);
    expect(position).toMatchObject({ cursor: { page: 1 }, documents: 2, step: 1 });
    expect(position?.entries.map(({ address }) => address)).toEqual(['https://site.test/b', 'https://site.test/a']);
    expect((await jobs.loadTasks('record-a', jobId, [0, 1])).map(({ specification }) => specification)).toMatchObject([
      { index: 0, documentId: documentIdOf('record-a', 'url:https://site.test/'), metadata: { team: 'docs' }, tags: ['site'], sourceId: source.sourceId, origin: { type: 'url' } },
      { index: 1, title: 'B', bytes: 7 },
    ]);
    expect((await jobs.find('record-a', jobId))?.discovery).toEqual({ state: 'running', found: 2, pending: 3, gaps: [], failure: null });
    const second = step({ documents: [page('b'), page('c')], visited: ['https://site.test/b', 'https://site.test/a', 'https://site.test/deep'], found: [{ address: 'https://site.test/', depth: 1 }], done: true, gaps: ['one link is missing'] });
    expect(await discovery.record('record-a', jobId, { source, step: 1 }, second)).toEqual({ added: 1, finished: true });
    expect((await jobs.find('record-a', jobId))?.discovery).toEqual({ state: 'finished', found: 3, pending: 0, gaps: ['one link is missing'], failure: null });
  });

  it('records a step once, also where it is recorded twice at the same time', async () => {
    const source = websiteSource();
    const jobId = await acceptJob(database, 'record-b', 0, { source });
    const documents = Array.from({ length: 50 }, (_, number) => page(`p${number}`));
    const answers = await Promise.all([1, 2, 3].map(() => discovery.record('record-b', jobId, { source, step: 0 }, step({ documents }))));
    expect(answers.map(({ added }) => added).sort()).toEqual([0, 0, 50]);
    expect(await discovery.load('record-b', jobId, 1)).toMatchObject({ documents: 50, step: 1 });
    expect((await jobs.find('record-b', jobId))?.counts.total).toBe(50);
  });

  it('joins what cannot be read as failed, so that it can be retried', async () => {
    const source = websiteSource();
    const jobId = await acceptJob(database, 'record-c', 0, { source });
    await discovery.record('record-c', jobId, { source, step: 0 }, step({ documents: [page('a')], unreadable: [unreadable('b', 'FETCH_TIMEOUT'), unreadable('a', 'FETCH_FAILED')] }));
    expect(await jobs.find('record-c', jobId)).toMatchObject({ counts: { total: 2, queued: 1, failed: 1 }, failures: [{ code: 'FETCH_TIMEOUT', count: 1, example: 'b cannot be had.' }] });
    expect((await jobs.listDocuments({ tenant: 'record-c', policies: 'all' }, jobId, { state: 'failed' }, undefined, 9))?.documents).toMatchObject([{ index: 1, stage: 'acquire', rounds: 1, finishedAt: expect.any(String) as string }]);
    expect(await jobs.listEvents('record-c', jobId, undefined, 9)).toMatchObject([{ type: 'document', index: 1, state: 'failed', failure: { code: 'FETCH_TIMEOUT' } }]);
    expect(await createJobSteering(database).retry('record-c', jobId, {})).toBe(1);
    expect(await jobs.loadTasks('record-c', jobId, [1])).toMatchObject([{ state: 'queued', specification: { origin: { type: 'url', url: 'https://site.test/b' } } }]);
  });

  it('takes no more documents than allowed, and names the gap', async () => {
    const limited = websiteSource({ definition: { type: 'sitemap', url: 'https://site.test/sitemap.xml', maximumDocuments: 3, include: [], exclude: [] } });
    const jobId = await acceptJob(database, 'record-d', 0, { source: limited });
    await createJobSteering(database).add('record-d', jobId, [addedDocument('record-d', 'attached')]);
    const answer = await discovery.record('record-d', jobId, { source: limited, step: 0 }, step({ documents: ['a', 'b', 'a', 'c', 'd'].map(page), found: [{ address: 'x', depth: 1 }] }));
    expect(answer).toEqual({ added: 3, finished: true });
    expect((await jobs.find('record-d', jobId))?.discovery).toMatchObject({ found: 3, gaps: ['The limit of 3 documents was reached; the source has more.'] });
    const exact = await acceptJob(database, 'record-d', 0, { source: limited });
    await discovery.record('record-d', exact, { source: limited, step: 0 }, step({ documents: ['a', 'b', 'c'].map(page), done: true }));
    expect((await jobs.find('record-d', exact))?.discovery).toMatchObject({ state: 'finished', gaps: [] });
  });

  it('ends with a failure once, and records nothing after that', async () => {
    const source = websiteSource();
    const jobId = await acceptJob(database, 'record-e', 0, { source });
    const failure = { code: 'FETCH_REFUSED', message: 'no', remedy: 'ask' } as const;
    await discovery.fail('record-e', jobId, failure);
    await discovery.fail('record-e', jobId, { ...failure, code: 'FETCH_TIMEOUT' });
    expect(await discovery.record('record-e', jobId, { source, step: 0 }, step({ documents: [page('a')] }))).toEqual({ added: 0, finished: true });
    expect((await jobs.find('record-e', jobId))?.discovery).toMatchObject({ state: 'failed', found: 0, failure });
    expect(await discovery.load('record-e', await acceptJob(database, 'record-e', 1), 1)).toBeUndefined();
    expect(await discovery.load('record-x', jobId, 1)).toBeUndefined();
  });
});

describe('what is missing from a source', () => {
  /** As publication leaves it: visible, brought by the source. */
  async function publish(tenant: string, sourceId: string | null, path: string): Promise<void> {
    const { sourceKey } = page(path);
    await database.withTenant(tenant, (transaction) =>
      sql`insert into documents (tenant, id, source_key, version_id, sequence, source_id) values (${tenant}, ${documentIdOf(tenant, sourceKey)}, ${sourceKey}, ${randomUUID()}, 1, ${sourceId}) on conflict do nothing`.execute(transaction),
    );
  }

  /** A run that finds these pages, of which all but the broken ones are ingested. */
  async function run(tenant: string, source: JobSource, paths: readonly string[], changes: { broken?: Readonly<Record<string, ErrorCode>>; gaps?: string[]; options?: Partial<NewJob> } = {}): Promise<string> {
    const { broken = {}, gaps = [], options = {} } = changes;
    const jobId = await acceptJob(database, tenant, 0, { source, ...options });
    const lost = Object.entries(broken).map(([path, code]) => unreadable(path, code));
    await discovery.record(tenant, jobId, { source, step: 0 }, step({ documents: paths.map(page), unreadable: lost, done: true, gaps }));
    await jobs.finishDocuments(tenant, jobId, paths.map((_, index) => succeeded(index)));
    if (options.dryRun !== true) for (const path of paths) await publish(tenant, source.sourceId, path);
    return jobId;
  }

  const idsOf = (tenant: string, paths: readonly string[]) => paths.map((path) => documentIdOf(tenant, page(path).sourceKey)).sort();

  it('are documents that a complete run does not name, and pages that are gone', async () => {
    const source = websiteSource();
    await run('missing-a', source, ['', 'kept', 'dropped', 'gone']);
    const jobId = await run('missing-a', source, ['', 'kept'], { broken: { gone: 'FETCH_NOT_FOUND' } });
    expect(await discovery.listMissing('missing-a', jobId, 10)).toEqual(idsOf('missing-a', ['dropped', 'gone']));
    expect(await discovery.listMissing('missing-a', jobId, 1)).toHaveLength(1);
    expect(await discovery.listMissing('missing-x', jobId, 10)).toEqual([]);
    await discovery.recordMissing('missing-a', jobId, 2);
    expect((await jobs.find('missing-a', jobId))?.counts.missing).toBe(2);
    await database.withTenant('missing-a', (transaction) => sql`update documents set deleted_at = now() where id = ${idsOf('missing-a', ['gone'])[0]}`.execute(transaction));
    expect(await discovery.listMissing('missing-a', jobId, 10)).toEqual(idsOf('missing-a', ['dropped']));
  });

  it('are none where the run proves nothing', async () => {
    const source = websiteSource();
    await run('missing-b', source, ['', 'kept', 'hub', 'dropped']);
    const missingOf = async (changes: Parameters<typeof run>[3], from: Partial<JobSource> = {}) => discovery.listMissing('missing-b', await run('missing-b', { ...source, ...from }, ['', 'kept'], changes), 10);
    const dropped = idsOf('missing-b', ['dropped', 'hub']);
    expect(await missingOf({})).toEqual(dropped);
    expect(await missingOf({}, { onMissing: 'keep' })).toEqual([]);
    expect(await missingOf({}, { definition: { type: 'feed', url: 'https://site.test/feed', maximumDocuments: 10 } })).toEqual([]);
    expect(await missingOf({ gaps: ['the limit was reached'] })).toEqual([]);
    expect(await missingOf({ options: { dryRun: true } })).toEqual([]);
    // What only a page links to that cannot be read now may be there still.
    expect(await missingOf({ broken: { fresh: 'FETCH_TIMEOUT' } })).toEqual([]);
    expect(await missingOf({ broken: { hub: 'FETCH_REFUSED' } })).toEqual([]);
    // A page that never could be read hides nothing that was found by it.
    expect(await missingOf({ broken: { login: 'FETCH_REFUSED' } })).toEqual(dropped);
    const nothing = await acceptJob(database, 'missing-b', 0, { source });
    await discovery.record('missing-b', nothing, { source, step: 0 }, step({ unreadable: [unreadable('', 'FETCH_NOT_FOUND')], done: true }));
    expect(await discovery.listMissing('missing-b', nothing, 10)).toEqual([]);
    const cancelled = await run('missing-b', source, ['', 'kept']);
    await createJobSteering(database).cancel('missing-b', cancelled, { mode: 'keep', by: 'ada' });
    expect(await discovery.listMissing('missing-b', cancelled, 10)).toEqual([]);
    const running = await acceptJob(database, 'missing-b', 0, { source });
    await discovery.record('missing-b', running, { source, step: 0 }, step({ documents: [page('')] }));
    await jobs.finishDocuments('missing-b', running, [succeeded(0)]);
    expect(await discovery.listMissing('missing-b', running, 10)).toEqual([]);
  });

  it('of a list of pages, are those whose fetch says that they are gone, not those that fail otherwise', async () => {
    const urls = ['a', 'b', 'c'].map((path) => `https://site.test/${path}`);
    const source = websiteSource({ definition: { type: 'pages', urls } });
    await run('missing-c', source, ['a', 'b', 'c']);
    const jobId = await acceptJob(database, 'missing-c', 0, { source });
    await discovery.record('missing-c', jobId, { source, step: 0 }, step({ documents: ['a', 'b', 'c'].map(page), done: true }));
    await jobs.beginStage('missing-c', jobId, [0, 1, 2], 'acquire');
    await jobs.finishDocuments('missing-c', jobId, [failed(0, 'FETCH_NOT_FOUND'), failed(1, 'FETCH_FAILED'), succeeded(2)]);
    expect(await discovery.listMissing('missing-c', jobId, 10)).toEqual(idsOf('missing-c', ['a']));
  });

  it('of a bucket, are all objects that left it, even the last', async () => {
    const source = websiteSource({ definition: { type: 'bucket', bucket: 'imports', prefix: '', maximumDocuments: 10, include: [], exclude: [] } });
    await run('missing-d', source, ['a']);
    expect(await discovery.listMissing('missing-d', await run('missing-d', source, []), 10)).toEqual(idsOf('missing-d', ['a']));
  });

  it('leave alone what another source or request has brought since, and attachments', async () => {
    const source = websiteSource();
    await run('missing-e', source, ['', 'shared', 'own']);
    await run('missing-e', websiteSource(), ['shared']);
    await database.withTenant('missing-e', (transaction) =>
      sql`insert into documents (tenant, id, source_key, version_id, sequence, source_id, parent_id) values ('missing-e', ${randomUUID()}, 'attachment', ${randomUUID()}, 1, ${source.sourceId}, ${randomUUID()})`.execute(transaction),
    );
    expect(await discovery.listMissing('missing-e', await run('missing-e', source, ['']), 10)).toEqual(idsOf('missing-e', ['own']));
  });
});

describe('what is stored already', () => {
  it('is the raw content of visible versions, with what the server said', async () => {
    const tenant = 'stored-a';
    const [visible, deleted] = ['a', 'b'].map((path) => ({ key: page(path).sourceKey, id: documentIdOf(tenant, page(path).sourceKey), version: randomUUID() })) as [{ key: string; id: string; version: string }, { key: string; id: string; version: string }];
    const digest = digestOf('raw');
    const fetched = { finalUrl: 'https://site.test/a', fetchedAt: '2026-01-01T00:00:00.000Z', etag: '"1"', headers: {} };
    await database.withTenant(tenant, async (transaction) => {
      for (const { id, key, version } of [visible, deleted]) {
        await sql`insert into documents (tenant, id, source_key, version_id, deleted_at) values (${tenant}, ${id}, ${key}, ${version}, ${id === deleted.id ? new Date() : null})`.execute(transaction);
        await sql`insert into versions (tenant, document_id, id, digest, sequence, job_id, chunks, fetched) values (${tenant}, ${id}, ${version}, ${digest}, 1, ${randomUUID()}, 1, ${JSON.stringify(fetched)}::jsonb)`.execute(transaction);
        await sql`insert into version_artifacts (tenant, document_id, version_id, kind, uri, start, length, digest, media_type) values (${tenant}, ${id}, ${version}, 'raw', 's3://catalyst/raw', 3, 5, ${digest}, 'text/html')`.execute(transaction);
      }
    });
    const stored = await discovery.findStored(tenant, [visible.key, deleted.key, 'url:https://site.test/never']);
    expect([...stored]).toEqual([[visible.key, { raw: { uri: 's3://catalyst/raw', offset: 3, length: 5, digest, mediaType: 'text/html' }, fetched }]]);
    expect((await discovery.findStored('stored-b', [visible.key])).size).toBe(0);
  });
});
