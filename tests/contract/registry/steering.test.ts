import { sql } from 'kysely';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import type { Database } from '../../../src/adapters/postgres/database.ts';
import { createJobRegistry } from '../../../src/adapters/postgres/jobs/jobRegistry.ts';
import { createJobReports } from '../../../src/adapters/postgres/jobs/jobReports.ts';
import { createJobSteering } from '../../../src/adapters/postgres/jobs/jobSteering.ts';
import { createWorkOutbox } from '../../../src/adapters/postgres/workOutbox.ts';
import { CatalystError } from '../../../src/contracts/errors.ts';
import { newIdentifier } from '../../../src/contracts/identifiers.ts';
import type { JobRegistry } from '../../../src/ports/jobRegistry.ts';
import type { JobSteering } from '../../../src/ports/jobSteering.ts';
import { startTestDatabase } from '../../support/postgres.ts';
import { acceptJob, acquired, addedDocument, failed, succeeded } from '../../support/registryJobs.ts';

let database: Database;
let jobs: JobRegistry;
let steering: JobSteering;
let stop: () => Promise<void>;

beforeAll(async () => {
  const started = await startTestDatabase();
  database = started.database;
  stop = () => started.close();
  jobs = createJobRegistry(database);
  steering = createJobSteering(database);
}, 600_000);
afterAll(async () => stop());

const request = { reason: 'request', detail: 'ada paused the job.', remedy: 'Resume it.', by: 'ada' } as const;

async function finishedJob(tenant: string, results: readonly ReturnType<typeof succeeded>[]): Promise<string> {
  const jobId = await acceptJob(database, tenant, results.length);
  await jobs.markJobRunning(tenant, jobId);
  await jobs.finishDocuments(tenant, jobId, results);
  await jobs.finishJob(tenant, jobId);
  return jobId;
}

async function emptyOutbox(jobId: string): Promise<void> {
  const outbox = createWorkOutbox(database);
  const work = await outbox.find(jobId);
  if (work !== undefined) await outbox.remove(work);
}

/** Codes of what was refused; undefined where it was not. */
async function codesOf(calls: readonly Promise<unknown>[]): Promise<(string | undefined)[]> {
  const settled = await Promise.allSettled(calls);
  return settled.map((result) => (result.status === 'rejected' && result.reason instanceof CatalystError ? result.reason.code : undefined));
}

describe('pause and resume', () => {
  it('lets no stage begin while the job rests; the first pause stands', async () => {
    const jobId = await acceptJob(database, 'pause-a', 2);
    await emptyOutbox(jobId);
    await steering.pause('pause-a', jobId, request);
    await steering.pause('pause-a', jobId, { ...request, reason: 'budget', detail: 'no tokens left' });
    expect((await jobs.find('pause-a', jobId))?.pause).toMatchObject({ ...request, since: expect.stringMatching(/^20/) as string });
    await expect(jobs.beginStage('pause-a', jobId, [0], 'acquire')).rejects.toMatchObject({ code: 'JOB_PAUSED', message: 'The job rests: ada paused the job.' });
    expect((await jobs.find('pause-a', jobId))?.counts).toMatchObject({ queued: 2, running: 0 });
    expect((await jobs.loadControl('pause-a', jobId)).paused).toMatchObject(request);
    expect(await createWorkOutbox(database).find(jobId)).toBeDefined();
    await emptyOutbox(jobId);
    await steering.resume('pause-a', jobId);
    await steering.resume('pause-a', jobId);
    expect(await createWorkOutbox(database).find(jobId)).toBeDefined();
    expect(await jobs.beginStage('pause-a', jobId, [0], 'acquire')).toHaveLength(1);
  });

  it('approve sets the budget and ends the pause', async () => {
    const jobId = await acceptJob(database, 'pause-b', 1, { budget: { maximumTokens: 1 } });
    await steering.pause('pause-b', jobId, { ...request, reason: 'budget' });
    await steering.approve('pause-b', jobId, { maximumTokens: 10 });
    expect(await jobs.find('pause-b', jobId)).toMatchObject({ pause: null, budget: { maximumTokens: 10 } });
  });

  it('refuses finished jobs and those of others', async () => {
    const jobId = await finishedJob('pause-c', [succeeded(0)]);
    const late = addedDocument('pause-c', 'late');
    const refused = await codesOf([
      steering.pause('pause-c', jobId, request), steering.resume('pause-c', jobId), steering.approve('pause-c', jobId, null), steering.setConcurrency('pause-c', jobId, 1),
      steering.cancel('pause-c', jobId, { mode: 'keep', by: 'ada' }), steering.add('pause-c', jobId, [late]),
    ]);
    expect(refused).toEqual(Array<string>(6).fill('JOB_NOT_RUNNING'));
    const unknown = await codesOf([
      steering.pause('pause-x', jobId, request), steering.retry('pause-x', jobId, {}), steering.add('pause-x', jobId, [late]), steering.cancel('pause-c', newIdentifier(), { mode: 'keep', by: 'ada' }),
    ]);
    expect(unknown).toEqual(Array<string>(4).fill('NOT_FOUND'));
  });
});

describe('cancel', () => {
  it('stands as first said, ends a pause, and keeps the job from being steered otherwise', async () => {
    const jobId = await acceptJob(database, 'cancel-a', 1);
    await steering.pause('cancel-a', jobId, request);
    await steering.cancel('cancel-a', jobId, { mode: 'undo', by: 'ada' });
    await steering.cancel('cancel-a', jobId, { mode: 'keep', by: 'bob' });
    expect(await jobs.loadControl('cancel-a', jobId)).toMatchObject({ paused: null, cancelled: { mode: 'undo', by: 'ada' } });
    await expect(steering.pause('cancel-a', jobId, request)).rejects.toMatchObject({ code: 'JOB_NOT_RUNNING' });
    await expect(steering.retry('cancel-a', jobId, {})).rejects.toMatchObject({ code: 'JOB_NOT_RUNNING' });
    await expect(steering.add('cancel-a', jobId, [addedDocument('cancel-a', 'new')])).rejects.toMatchObject({ code: 'JOB_NOT_RUNNING' });
    await jobs.finishDocuments('cancel-a', jobId, [failed(0, 'CANCELLED')]);
    await jobs.finishJob('cancel-a', jobId);
    await steering.cancel('cancel-a', jobId, { mode: 'undo', by: 'ada' });
    expect(await steering.retry('cancel-a', jobId, {})).toBe(1);
    expect(await jobs.find('cancel-a', jobId)).toMatchObject({ state: 'queued', finishedAt: null, cancellation: null });
  });

  it('lets attachments join that are found while the job is being cancelled', async () => {
    const jobId = await acceptJob(database, 'cancel-b', 1);
    await steering.cancel('cancel-b', jobId, { mode: 'keep', by: 'ada' });
    await steering.add('cancel-b', jobId, [addedDocument('cancel-b', 'attached')], { reopen: true });
    expect(await jobs.find('cancel-b', jobId)).toMatchObject({ cancellation: { by: 'ada' }, counts: { queued: 2 } });
  });
});

describe('retry', () => {
  it('queues the failed ones of a finished job again, keeps what was made of them, and takes the job back into work', async () => {
    const jobId = await acceptJob(database, 'retry-a', 3);
    await jobs.beginStage('retry-a', jobId, [0, 1, 2], 'acquire');
    const progress = acquired(1);
    await jobs.endStage('retry-a', jobId, [{ index: 1, progress }], [succeeded(0)]);
    await jobs.finishDocuments('retry-a', jobId, [failed(1, 'EMBEDDER_REJECTED'), failed(2, 'FETCH_TIMEOUT')]);
    await jobs.finishJob('retry-a', jobId);
    await emptyOutbox(jobId);
    expect(await steering.retry('retry-a', jobId, { codes: ['EMBEDDER_REJECTED'] })).toBe(1);
    expect(await steering.retry('retry-a', jobId, { codes: ['EMBEDDER_REJECTED'] })).toBe(0);
    expect(await createWorkOutbox(database).find(jobId)).toBeDefined();
    expect(await jobs.find('retry-a', jobId)).toMatchObject({ state: 'queued', finishedAt: null, counts: { queued: 1, failed: 1, succeeded: 1 }, failures: [{ code: 'FETCH_TIMEOUT', count: 1 }] });
    expect(await jobs.loadTasks('retry-a', jobId, [1])).toMatchObject([{ state: 'queued', progress }]);
    expect((await jobs.listDocuments({ tenant: 'retry-a', policies: 'all' }, jobId, { state: 'queued' }, undefined, 9))?.documents).toMatchObject([{ index: 1, rounds: 2, failure: null, stage: null, finishedAt: null }]);
    await jobs.markJobRunning('retry-a', jobId);
    await jobs.finishDocuments('retry-a', jobId, [succeeded(1)]);
    expect(await steering.retry('retry-a', jobId, { indexes: [2] })).toBe(1);
    await jobs.finishDocuments('retry-a', jobId, [succeeded(2)]);
    expect(await jobs.finishJob('retry-a', jobId)).toMatchObject({ state: 'succeeded', counts: { failed: 0, succeeded: 3 }, failures: [] });
    const events = await jobs.listEvents('retry-a', jobId, undefined, 100);
    expect(events.filter(({ index }) => index === 1).map(({ state }) => state)).toEqual(['running', 'failed', 'queued', 'succeeded']);
    expect(events.filter(({ type }) => type === 'job').map(({ state }) => state)).toEqual(['partial', 'queued', 'running', 'succeeded']);
  });

  it('leaves alone what was deleted since', async () => {
    const jobId = await finishedJob('retry-d', [failed(0), failed(1)]);
    await database.withTenant('retry-d', (transaction) => sql`insert into deletion_documents (tenant, deletion_id, document_id) select 'retry-d', gen_random_uuid(), document_id from job_documents where index = 0`.execute(transaction));
    expect(await steering.retry('retry-d', jobId, {})).toBe(1);
    expect((await jobs.listUnfinishedTasks('retry-d', jobId, -1, 9)).map(({ index }) => index)).toEqual([1]);
  });

  it('changes nothing where nothing failed', async () => {
    const jobId = await finishedJob('retry-b', [succeeded(0)]);
    await emptyOutbox(jobId);
    expect(await steering.retry('retry-b', jobId, {})).toBe(0);
    expect(await jobs.find('retry-b', jobId)).toMatchObject({ state: 'succeeded' });
    expect(await createWorkOutbox(database).find(jobId)).toBeUndefined();
  });

  it('is not lost when the job ends at the same time', async () => {
    for (let round = 0; round < 15; round += 1) {
      const jobId = await acceptJob(database, 'retry-c', 1);
      await jobs.finishDocuments('retry-c', jobId, [failed(0)]);
      const [, queued] = await Promise.all([jobs.finishJob('retry-c', jobId), steering.retry('retry-c', jobId, {})]);
      expect(queued).toBe(1);
      expect(await jobs.find('retry-c', jobId)).toMatchObject({ finishedAt: null, counts: { queued: 1 } });
    }
  });
});

describe('replay', () => {
  it('queues dead letters of several jobs, by class', async () => {
    const first = await finishedJob('replay-a', [failed(0, 'FETCH_TIMEOUT'), failed(1, 'CORRUPT_DOCUMENT')]);
    const second = await acceptJob(database, 'replay-a', 2, { keyOf: (index) => `other:${index}` });
    await jobs.finishDocuments('replay-a', second, [failed(0, 'FETCH_TIMEOUT'), failed(1, 'CANCELLED')]);
    const answer = await steering.replay('replay-a', { codes: ['FETCH_TIMEOUT'] });
    expect(answer).toEqual({ documents: 2, jobs: [first, second].sort() });
    expect(await steering.replay('replay-a', { codes: ['FETCH_TIMEOUT'] })).toEqual({ documents: 0, jobs: [] });
    expect(await steering.replay('replay-a', { documents: [{ jobId: first, index: 1 }, { jobId: second, index: 1 }] })).toEqual({ documents: 1, jobs: [first] });
    expect((await jobs.find('replay-a', second))?.counts).toMatchObject({ queued: 1, failed: 1 });
    expect((await createJobReports(database, { prices: { currency: 'EUR', perMillionTokens: 0, perCredit: 0 } }).summariseDeadLetters({ tenant: 'replay-a', policies: 'all' })).total).toBe(0);
  });
});

describe('add', () => {
  it('gives the next indexes, and those the job has keep theirs, also within one call', async () => {
    const jobId = await acceptJob(database, 'add-a', 2);
    const documents = ['new:1', 'id:1', 'new:2', 'new:1'].map((key) => addedDocument('add-a', key));
    const handles = await steering.add('add-a', jobId, documents);
    expect(handles).toEqual(documents.map(({ documentId }, place) => ({ index: [2, 1, 3, 2][place], documentId })));
    expect(await steering.add('add-a', jobId, documents)).toEqual(handles);
    expect(await jobs.loadTasks('add-a', jobId, [2, 3])).toMatchObject([{ specification: { index: 2, sourceKey: 'new:1' } }, { specification: { index: 3, sourceKey: 'new:2' } }]);
    expect((await jobs.find('add-a', jobId))?.counts.total).toBe(4);
  });

  it('joins a finished job only where that may be, once', async () => {
    const jobId = await finishedJob('add-b', [succeeded(0)]);
    const child = { ...addedDocument('add-b', 'child'), parentId: newIdentifier() };
    expect(await steering.add('add-b', jobId, [child], { reopen: true })).toMatchObject([{ index: 1 }]);
    expect(await jobs.find('add-b', jobId)).toMatchObject({ state: 'queued', finishedAt: null });
    await jobs.finishDocuments('add-b', jobId, [succeeded(1)]);
    await jobs.finishJob('add-b', jobId);
    await steering.add('add-b', jobId, [child], { reopen: true });
    expect(await jobs.find('add-b', jobId)).toMatchObject({ state: 'succeeded' });
    expect((await jobs.listDocuments({ tenant: 'add-b', policies: 'all' }, jobId, {}, undefined, 9))?.documents[1]?.parentId).toBe(child.parentId);
  });

  it('is never lost to a job that ends at the same moment: it joins, or is refused', async () => {
    const joined = new Set<boolean>();
    for (let round = 0; round < 30; round += 1) {
      const jobId = await finishedLater(round);
      const adding = steering.add('add-c', jobId, [addedDocument('add-c', `late:${round}`)]).then(() => true, (error: unknown) => {
        expect(error).toMatchObject({ code: 'JOB_NOT_RUNNING' });
        return false;
      });
      const finishing = jobs.finishJob('add-c', jobId);
      const [added, finished] = round % 2 === 0 ? await Promise.all([adding, finishing]) : [await adding, await finishing];
      joined.add(added);
      expect(finished.finishedAt === null).toBe(added);
      expect((await jobs.find('add-c', jobId))?.counts.queued).toBe(added ? 1 : 0);
    }
    expect(joined.has(true)).toBe(true);
  });

  async function finishedLater(round: number): Promise<string> {
    const jobId = await acceptJob(database, 'add-c', 1, { keyOf: () => `first:${round}` });
    await jobs.finishDocuments('add-c', jobId, [succeeded(0)]);
    return jobId;
  }

  it('gives each of many who add at once an index of its own', async () => {
    const jobId = await acceptJob(database, 'add-d', 1);
    const handles = await Promise.all(Array.from({ length: 20 }, (_, number) => steering.add('add-d', jobId, [addedDocument('add-d', `many:${number}`), addedDocument('add-d', 'same')])));
    const indexes = new Set(handles.flat().map(({ index }) => index));
    expect([...indexes].sort((left, right) => left - right)).toEqual(Array.from({ length: 21 }, (_, place) => place + 1));
    expect((await jobs.find('add-d', jobId))?.counts.total).toBe(22);
  });
});
