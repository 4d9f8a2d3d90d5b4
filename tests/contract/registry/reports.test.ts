import { randomUUID } from 'node:crypto';
import { sql } from 'kysely';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import type { Database } from '../../../src/adapters/postgres/database.ts';
import { createJobRegistry } from '../../../src/adapters/postgres/jobs/jobRegistry.ts';
import { createJobReports } from '../../../src/adapters/postgres/jobs/jobReports.ts';
import { createJobSteering } from '../../../src/adapters/postgres/jobs/jobSteering.ts';
import { digestOf, documentIdOf } from '../../../src/contracts/identifiers.ts';
import type { JobRegistry } from '../../../src/ports/jobRegistry.ts';
import type { JobReports } from '../../../src/ports/jobReports.ts';
import { startTestDatabase } from '../../support/postgres.ts';
import { acceptJob, acquired, failed, succeeded, websiteSource } from '../../support/registryJobs.ts';

let database: Database;
let jobs: JobRegistry;
let reports: JobReports;
let stop: () => Promise<void>;
const prices = { currency: 'EUR', perMillionTokens: 10, perCredit: 1 };

beforeAll(async () => {
  const started = await startTestDatabase();
  database = started.database;
  stop = () => started.close();
  jobs = createJobRegistry(database, { prices });
  reports = createJobReports(database, { prices });
}, 600_000);
afterAll(async () => stop());

describe('the list of jobs', () => {
  it('is newest first, in pages, with counts, of one source where wanted', async () => {
    const source = websiteSource();
    const ids: string[] = [];
    for (let number = 0; number < 5; number += 1) ids.unshift(await acceptJob(database, 'list-a', number, number % 2 === 0 ? { source } : {}));
    await jobs.finishDocuments('list-a', ids[0] ?? '', [failed(1), failed(2, 'FETCH_TIMEOUT'), failed(0)]);
    const first = await reports.listJobs('list-a', {}, undefined, 3);
    expect(first.jobs.map(({ id }) => id)).toEqual(ids.slice(0, 3));
    expect(first.jobs[0]).toMatchObject({ counts: { total: 4, failed: 3, queued: 1 }, failures: [{ code: 'EMPTY_DOCUMENT', count: 2 }, { code: 'FETCH_TIMEOUT', count: 1 }] });
    expect(first.jobs[0]).toEqual(await jobs.find('list-a', ids[0] ?? ''));
    const second = await reports.listJobs('list-a', {}, first.next ?? '', 3);
    expect(second).toMatchObject({ next: null });
    expect(second.jobs.map(({ id }) => id)).toEqual(ids.slice(3));
    expect((await reports.listJobs('list-a', { sourceId: source.sourceId ?? '' }, undefined, 9)).jobs.map(({ id }) => id)).toEqual([ids[0], ids[2], ids[4]]);
    expect(await reports.listJobs('list-b', {}, undefined, 9)).toEqual({ jobs: [], next: null });
    await expect(reports.listJobs('list-a', {}, 'nonsense', 9)).rejects.toMatchObject({ code: 'INVALID_REQUEST' });
  });
});

describe('progress', () => {
  it('tells states, stages, pace and cost', async () => {
    const jobId = await acceptJob(database, 'progress-a', 6, { budget: { maximumTokens: 1_000_000 } });
    expect(await reports.progress('progress-x', jobId)).toBeUndefined();
    expect(await reports.progress('progress-a', jobId)).toMatchObject({ finishedPerInterval: [], openEnded: false, progress: { documentsPerSecond: null, stages: [] } });
    await jobs.markJobRunning('progress-a', jobId);
    await jobs.beginStage('progress-a', jobId, [0, 1, 2, 3, 4], 'acquire');
    await jobs.beginStage('progress-a', jobId, [2], 'embed');
    await jobs.spendTokens('progress-a', jobId, 100_000);
    await jobs.finishDocuments('progress-a', jobId, [succeeded(0), succeeded(1)]);
    await database.withTenant('progress-a', async (transaction) => {
      await sql`update jobs set started_at = now() - interval '30 seconds' where id = ${jobId}`.execute(transaction);
      await sql`update job_documents set finished_at = now() - interval '20 seconds' where job_id = ${jobId} and index = 0`.execute(transaction);
      await sql`update job_documents set finished_at = now() - interval '1.5 seconds' where job_id = ${jobId} and index = 1`.execute(transaction);
    });
    const sample = await reports.progress('progress-a', jobId);
    expect(sample?.progress).toMatchObject({
      jobId, state: 'running', pause: null, counts: { total: 6, queued: 1, running: 3, succeeded: 2 }, stages: [{ stage: 'acquire', running: 2 }, { stage: 'embed', running: 1 }], spent: { tokens: 100_000, cost: 1 },
    });
    expect(sample).toMatchObject({ intervalSeconds: 1, openEnded: false });
    expect(sample?.finishedPerInterval).toHaveLength(30);
    expect(sample?.finishedPerInterval.reduce((sum, count) => sum + count, 0)).toBe(2);
    expect(sample?.progress.documentsPerSecond).toBeCloseTo(2 / 30, 2);
  });

  it('leaves out the time a job was paused, and is open while the source is read', async () => {
    const jobId = await acceptJob(database, 'progress-b', 1, { source: websiteSource() });
    const steering = createJobSteering(database);
    await jobs.markJobRunning('progress-b', jobId);
    await steering.pause('progress-b', jobId, { reason: 'request', detail: 'x', remedy: 'y', by: 'ada' });
    await database.withTenant('progress-b', (transaction) =>
      sql`update jobs set started_at = now() - interval '1 hour', pause = jsonb_set(pause, '{since}', to_jsonb(to_char(now() at time zone 'UTC' - interval '59 minutes 50 seconds', 'YYYY-MM-DD"T"HH24:MI:SS.MS"Z"'))) where id = ${jobId}`.execute(transaction),
    );
    expect((await reports.progress('progress-b', jobId))?.finishedPerInterval).toHaveLength(10);
    await steering.resume('progress-b', jobId);
    const sample = await reports.progress('progress-b', jobId);
    expect(sample?.openEnded).toBe(true);
    expect(sample?.finishedPerInterval).toHaveLength(10);
  });
});

describe('dead letters', () => {
  const keyOf = (index: number) => `id:${index}`;

  it('are failed documents that nothing has brought in since, newest first, with what was made of them', async () => {
    const tenant = 'dead-a';
    const first = await acceptJob(database, tenant, 5, { keyOf });
    const progress = acquired(0);
    await jobs.beginStage(tenant, first, [0], 'acquire');
    await jobs.endStage(tenant, first, [{ index: 0, progress }], []);
    await jobs.beginStage(tenant, first, [0], 'parse');
    await jobs.finishDocuments(tenant, first, [failed(0, 'CORRUPT_DOCUMENT'), failed(1), failed(2), failed(3, 'CANCELLED')]);
    const dry = await acceptJob(database, tenant, 1, { dryRun: true, keyOf: () => 'dry' });
    await jobs.finishDocuments(tenant, dry, [failed(0)]);
    // Asked for again: 1 came in, 2 was cancelled, and a dry run of 0 changes nothing.
    const again = await acceptJob(database, tenant, 2, { keyOf: (index) => `id:${index + 1}` });
    await jobs.finishDocuments(tenant, again, [succeeded(0), failed(1, 'CANCELLED')]);
    await acceptJob(database, tenant, 1, { keyOf, dryRun: true });
    const all = await reports.listDeadLetters({ tenant, policies: 'all' }, {}, undefined, 10);
    expect(all.deadLetters.map(({ jobId, index }) => [jobId, index])).toEqual([[first, 2], [first, 0]]);
    expect(all.deadLetters[1]).toMatchObject({ stage: 'parse', rounds: 1, failure: { code: 'CORRUPT_DOCUMENT' }, source: { type: 'text', location: 'id:0' }, artifacts: [{ kind: 'raw', ...progress.raw }] });
    const page = await reports.listDeadLetters({ tenant, policies: 'all' }, {}, undefined, 1);
    expect((await reports.listDeadLetters({ tenant, policies: 'all' }, {}, page.next ?? '', 1)).deadLetters.map(({ index }) => index)).toEqual([0]);
    expect((await reports.listDeadLetters({ tenant, policies: 'all' }, { codes: ['CORRUPT_DOCUMENT'], jobId: first }, undefined, 9)).deadLetters).toHaveLength(1);
    expect((await reports.listDeadLetters({ tenant, policies: 'all' }, { jobId: again }, undefined, 9)).deadLetters).toEqual([]);
    await database.withTenant(tenant, (transaction) => sql`insert into deletion_documents (tenant, deletion_id, document_id) values (${tenant}, ${randomUUID()}, ${documentIdOf(tenant, 'id:2')})`.execute(transaction));
    expect((await reports.listDeadLetters({ tenant, policies: 'all' }, {}, undefined, 10)).deadLetters.map(({ index }) => index)).toEqual([0]);
    expect((await reports.listDeadLetters({ tenant: 'dead-b', policies: 'all' }, {}, undefined, 10)).deadLetters).toEqual([]);
  });

  it('read as one line where 400 fail in the same way', async () => {
    const tenant = 'dead-c';
    const jobId = await acceptJob(database, tenant, 804);
    const timeouts = Array.from({ length: 400 }, (_, index) => failed(index, 'FETCH_TIMEOUT', `https://host-${index}.test/page/${index}?a=b did not answer within ${index}.5 s.`));
    const quoted = Array.from({ length: 400 }, (_, index) => failed(400 + index, 'CORRUPT_DOCUMENT', `"report ${index}.docx" lacks part ${randomUUID()} (sha256:${digestOf(String(index)).slice(7)}).`));
    const names = [['a.pdf', 'one.example.org'], ['b-2.pdf', 'two.example.com']].map(([file, host], place) => failed(800 + place, 'FETCH_REFUSED', `${host} refuses ${file} to everyone.`));
    const other = [failed(802, 'FETCH_TIMEOUT', 'The connection was never made.'), failed(803, 'FETCH_TIMEOUT', 'The connection was never made.')];
    await jobs.finishDocuments(tenant, jobId, [...timeouts, ...quoted, ...names, ...other]);
    const { total, groups } = await reports.summariseDeadLetters({ tenant, policies: 'all' });
    expect(total).toBe(804);
    expect(groups.map(({ code, pattern, count, jobs: inJobs }) => [code, pattern, count, inJobs])).toEqual([
      ['CORRUPT_DOCUMENT', '"…" lacks part ID (ID).', 400, 1],
      ['FETCH_TIMEOUT', 'ADDRESS did not answer within N s.', 400, 1],
      ['FETCH_REFUSED', 'NAME refuses NAME to everyone.', 2, 1],
      ['FETCH_TIMEOUT', 'The connection was never made.', 2, 1],
    ]);
    expect(groups[1]).toMatchObject({ remedy: 'Send text.', example: expect.stringContaining('did not answer') as string, firstAt: expect.stringMatching(/^20.*Z$/) as string });
  });
});

describe('tokens a byte', () => {
  it('are the percentiles of what documents gave, where there are enough', async () => {
    const tenant = 'tokens-a';
    const publish = (count: number, from: number) => database.withTenant(tenant, async (transaction) => {
      await sql`insert into versions (tenant, document_id, id, digest, sequence, job_id, chunks, tokens)
        select ${tenant}, md5('d' || n)::uuid, md5('v' || n)::uuid, 'sha256:x', n, gen_random_uuid(), 1, n from generate_series(${from}::integer, ${from + count - 1}::integer) as n`.execute(transaction);
      await sql`insert into version_artifacts (tenant, document_id, version_id, kind, uri, start, length, digest, media_type)
        select ${tenant}, md5('d' || n)::uuid, md5('v' || n)::uuid, 'raw', 's3://x', 0, 100, 'sha256:x', 'text/plain' from generate_series(${from}::integer, ${from + count - 1}::integer) as n`.execute(transaction);
    });
    await publish(19, 1);
    expect(await reports.tokensPerByte(tenant)).toBeUndefined();
    await publish(82, 20);
    const share = await reports.tokensPerByte(tenant);
    expect(share?.low).toBeCloseTo(0.11, 5);
    expect(share?.expected).toBeCloseTo(0.51, 5);
    expect(share?.high).toBeCloseTo(0.91, 5);
    expect(await reports.tokensPerByte('tokens-b')).toBeUndefined();
  });
});
