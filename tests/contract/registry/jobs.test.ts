import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { createJobRegistry } from '../../../src/adapters/postgres/jobs/jobRegistry.ts';
import { createJobSteering } from '../../../src/adapters/postgres/jobs/jobSteering.ts';
import type { Database } from '../../../src/adapters/postgres/database.ts';
import { createWorkOutbox } from '../../../src/adapters/postgres/workOutbox.ts';
import { startTestDatabase } from '../../support/postgres.ts';
import { acceptJob, acquired, addedDocument, failed, ownerOf, specificationOf, succeeded, websiteSource } from '../../support/registryJobs.ts';

let database: Database;
let stop: () => Promise<void>;

beforeAll(async () => {
  const started = await startTestDatabase();
  database = started.database;
  stop = () => started.close();
}, 600_000);
afterAll(async () => stop());

describe('jobs', () => {
  it('keeps a job from acceptance to its end, with events in order', async () => {
    const jobs = createJobRegistry(database);
    const jobId = await acceptJob(database, 'jobs-a', 3);
    expect((await jobs.find('jobs-a', jobId))?.state).toBe('queued');
    await jobs.markJobRunning('jobs-a', jobId);
    expect((await jobs.beginStage('jobs-a', jobId, [0, 1, 2], 'acquire', { id: 'document/x', runId: 'run' })).map(({ index, progress }) => [index, progress])).toEqual([[0, null], [1, null], [2, null]]);
    const progress = acquired(0);
    await jobs.endStage('jobs-a', jobId, [{ index: 0, progress }], []);
    expect((await jobs.beginStage('jobs-a', jobId, [0, 1], 'parse')).map((task) => task.progress)).toEqual([progress, null]);
    expect(await jobs.finishDocuments('jobs-a', jobId, [succeeded(0), failed(1)])).toEqual([0, 1]);
    await jobs.finishDocuments('jobs-a', jobId, [{ ...succeeded(2), outcome: 'unchanged' }]);
    const job = await jobs.finishJob('jobs-a', jobId);
    expect(job).toMatchObject({ state: 'partial', counts: { total: 3, succeeded: 2, failed: 1, unchanged: 1, superseded: 0, chunks: 6, queued: 0, running: 0 } });
    expect(job.failures).toEqual([{ code: 'EMPTY_DOCUMENT', count: 1, example: 'The document has no bytes.', remedy: 'Send text.' }]);
    const events = await jobs.listEvents('jobs-a', jobId, undefined, 100);
    expect(events.map((event) => [event.type, event.index, event.state])).toEqual([
      ['job', null, 'running'],
      ['document', 0, 'running'], ['document', 1, 'running'], ['document', 2, 'running'],
      ['document', 0, 'succeeded'], ['document', 1, 'failed'], ['document', 2, 'succeeded'],
      ['job', null, 'partial'],
    ]);
    expect(await jobs.listEvents('jobs-a', jobId, events[5]?.id, 100)).toHaveLength(2);
    expect(await jobs.beginStage('jobs-a', jobId, [0, 1, 2], 'embed')).toEqual([]);
  });

  it('answers a job with unfinished documents as it is', async () => {
    const jobs = createJobRegistry(database);
    const jobId = await acceptJob(database, 'jobs-f', 2);
    await jobs.markJobRunning('jobs-f', jobId);
    await jobs.finishDocuments('jobs-f', jobId, [succeeded(0)]);
    expect(await jobs.finishJob('jobs-f', jobId)).toMatchObject({ state: 'running', finishedAt: null });
    await jobs.finishDocuments('jobs-f', jobId, [succeeded(1)]);
    expect(await jobs.finishJob('jobs-f', jobId)).toMatchObject({ state: 'succeeded' });
  });

  it('lets the first final state of a document stand, and tells which results it took', async () => {
    const jobs = createJobRegistry(database);
    const jobId = await acceptJob(database, 'jobs-b', 1);
    expect(await jobs.finishDocuments('jobs-b', jobId, [succeeded(0)])).toEqual([0]);
    expect(await jobs.finishDocuments('jobs-b', jobId, [failed(0)])).toEqual([]);
    const again = await jobs.finishJob('jobs-b', jobId);
    expect(again.state).toBe('succeeded');
    expect((await jobs.finishJob('jobs-b', jobId)).finishedAt).toBe(again.finishedAt);
  });

  it('takes the same job once, with all its options', async () => {
    const jobs = createJobRegistry(database);
    const source = websiteSource();
    const jobId = await acceptJob(database, 'jobs-g', 0, { source, budget: { maximumTokens: 5 }, concurrency: 3, dryRun: true });
    await jobs.accept(ownerOf('jobs-g'), { jobId, workflowId: 'another', documents: [specificationOf('jobs-g', 0)] });
    expect(await jobs.find('jobs-g', jobId)).toMatchObject({
      workflowId: `job/jobs-g/${jobId}`, counts: { total: 0 }, budget: { maximumTokens: 5 }, concurrency: 3, dryRun: true, sourceId: source.sourceId,
      discovery: { state: 'running', found: 0, pending: 0, gaps: [], failure: null },
    });
    expect(await jobs.loadControl('jobs-g', jobId)).toEqual({ paused: null, cancelled: null, concurrency: 3, dryRun: true });
    await expect(jobs.loadControl('jobs-a', jobId)).rejects.toMatchObject({ code: 'NOT_FOUND' });
  });

  it('fails a job whose source could not be read and brought nothing, and says that a cut off one was', async () => {
    const jobs = createJobRegistry(database);
    const empty = await acceptJob(database, 'jobs-h', 0, { source: websiteSource() });
    expect(await jobs.finishJob('jobs-h', empty)).toMatchObject({ state: 'failed', discovery: { state: 'failed', failure: { code: 'CANCELLED' } } });
    const some = await acceptJob(database, 'jobs-h', 1, { source: websiteSource() });
    await jobs.finishDocuments('jobs-h', some, [succeeded(0)]);
    expect(await jobs.finishJob('jobs-h', some)).toMatchObject({ state: 'partial' });
  });

  it('pages documents by index and state', async () => {
    const jobs = createJobRegistry(database);
    const jobId = await acceptJob(database, 'jobs-c', 5);
    await jobs.finishDocuments('jobs-c', jobId, [failed(3)]);
    const first = await jobs.listDocuments({ tenant: 'jobs-c', policies: 'all' }, jobId, {}, undefined, 2);
    expect(first?.documents.map(({ index }) => index)).toEqual([0, 1]);
    const second = await jobs.listDocuments({ tenant: 'jobs-c', policies: 'all' }, jobId, {}, first?.next ?? '', 10);
    expect(second).toMatchObject({ next: null });
    expect(second?.documents.map(({ index }) => index)).toEqual([2, 3, 4]);
    expect((await jobs.listDocuments({ tenant: 'jobs-c', policies: 'all' }, jobId, { state: 'failed' }, undefined, 10))?.documents.map(({ index, rounds }) => [index, rounds])).toEqual([[3, 1]]);
    expect((await jobs.listUnfinishedTasks('jobs-c', jobId, 1, 10)).map(({ index }) => index)).toEqual([2, 4]);
  });

  it('accepts 10,000 documents in one request', async () => {
    const jobId = await acceptJob(database, 'jobs-d', 10_000);
    expect((await createJobRegistry(database).find('jobs-d', jobId))?.counts.queued).toBe(10_000);
  });

  it('counts what stages used once, and tokens where they are spent', async () => {
    const jobs = createJobRegistry(database, { prices: { currency: 'EUR', perMillionTokens: 100, perCredit: 0.5 } });
    const jobId = await acceptJob(database, 'jobs-i', 1);
    await jobs.endStage('jobs-i', jobId, [], [], { stage: 'acquire', seconds: 1, bytes: 700, tokens: 0, credits: 2 });
    await jobs.spendTokens('jobs-i', jobId, 5_000);
    await jobs.endStage('jobs-i', jobId, [], [], { stage: 'embed', seconds: 1, bytes: 90, tokens: 5_000, credits: 0 });
    expect((await jobs.find('jobs-i', jobId))?.spent).toEqual({ bytes: 700, tokens: 5_000, credits: 2, cost: 1.5 });
  });
});

describe('the budget', () => {
  it('is never overspent, however many spend at once, and what does not fit takes nothing', async () => {
    const jobs = createJobRegistry(database);
    const jobId = await acceptJob(database, 'budget-a', 1, { budget: { maximumTokens: 1_000 } });
    const results = await Promise.allSettled(Array.from({ length: 20 }, () => jobs.spendTokens('budget-a', jobId, 90)));
    expect(results.filter(({ status }) => status === 'fulfilled')).toHaveLength(11);
    for (const result of results) if (result.status === 'rejected') expect(result.reason).toMatchObject({ code: 'BUDGET_EXHAUSTED' });
    expect((await jobs.find('budget-a', jobId))?.spent.tokens).toBe(990);
    await jobs.spendTokens('budget-a', jobId, 10);
    await expect(jobs.spendTokens('budget-a', jobId, 1)).rejects.toThrow('1 more tokens do not fit: 1000 of 1000 tokens are spent.');
  });

  it('holds for money too, credits included', async () => {
    const jobs = createJobRegistry(database, { prices: { currency: 'USD', perMillionTokens: 20, perCredit: 0.1 } });
    const jobId = await acceptJob(database, 'budget-b', 1, { budget: { maximumCost: 1 } });
    await jobs.endStage('budget-b', jobId, [], [], { stage: 'acquire', seconds: 1, bytes: 1, tokens: 0, credits: 6 });
    await jobs.spendTokens('budget-b', jobId, 20_000);
    await expect(jobs.spendTokens('budget-b', jobId, 1)).rejects.toThrow('1 of 1 USD are spent.');
    await createJobSteering(database).approve('budget-b', jobId, null);
    await jobs.spendTokens('budget-b', jobId, 1_000_000);
  });
});

describe('the outbox', () => {
  it('offers accepted jobs until they are removed as they were read', async () => {
    const outbox = createWorkOutbox(database);
    const jobId = await acceptJob(database, 'outbox-a', 1);
    expect((await outbox.list(0, 1000)).map(({ id }) => id)).toContain(jobId);
    expect((await outbox.list(3600, 1000)).map(({ id }) => id)).not.toContain(jobId);
    const work = await outbox.find(jobId);
    expect(work).toMatchObject({ kind: 'job', tenant: 'outbox-a', subject: 'tester', workflowId: `job/outbox-a/${jobId}` });
    await outbox.remove(work ?? { id: '', revision: 0 });
    expect(await outbox.find(jobId)).toBeUndefined();
  });

  it('keeps a change that was made while the one before was told, also where that one is gone already', async () => {
    const outbox = createWorkOutbox(database);
    const steering = createJobSteering(database);
    const jobId = await acceptJob(database, 'outbox-b', 1);
    const first = (await outbox.find(jobId)) ?? { id: '', revision: 0 };
    await steering.add('outbox-b', jobId, [addedDocument('outbox-b', 'new')]);
    await outbox.remove(first);
    expect(await outbox.find(jobId)).toBeDefined();
    const second = (await outbox.find(jobId)) ?? { id: '', revision: 0 };
    await outbox.remove(second);
    await steering.setConcurrency('outbox-b', jobId, 2);
    // Two tellers read the row before; the slower one removes what he read only.
    await outbox.remove(first);
    await outbox.remove(second);
    expect((await outbox.find(jobId))?.revision).toBeGreaterThan(second.revision);
  });

  it('holds nothing for a job that is ingested by the process that accepted it', async () => {
    const jobId = await acceptJob(database, 'outbox-c', 1, { inProcess: true });
    expect(await createWorkOutbox(database).find(jobId)).toBeUndefined();
  });
});
