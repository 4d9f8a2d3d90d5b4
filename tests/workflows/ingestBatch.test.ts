import { randomUUID } from 'node:crypto';
import type { WorkflowHandle } from '@temporalio/client';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import type { IngestUnit } from '../../src/contracts/ingestion.ts';
import type { IngestBatchInput } from '../../src/workflows/batch/batchInput.ts';
import { documentWorkflowId, jobWorkflowId, searchAttributes, taskQueues } from '../../src/workflows/names.ts';
import type { JobSummary } from '../../src/activities/job/jobLifecycle.ts';
import { failureOfCode, FakeActivities } from '../support/fakeActivities.ts';
import { startTestTemporal } from '../support/temporal.ts';
import type { TestTemporal } from '../support/temporal.ts';

let temporal: TestTemporal;
beforeAll(async () => {
  temporal = await startTestTemporal();
}, 600_000);
afterAll(async () => temporal.close());

const tenant = 'workflows';

function single(index: number, documentId = `${randomUUID()}`): IngestUnit {
  return { indexes: [index], documentId, source: 'text' };
}

type BatchHandle = WorkflowHandle<(input: IngestBatchInput) => Promise<JobSummary>>;

function startBatch(jobId: string, window = 4, history = { documentsPerPage: 500, unitsPerRun: 1_000 }): Promise<BatchHandle> {
  const input: IngestBatchInput = { scope: { tenant, subject: 'tester', jobId }, limits: { ...history, window }, after: -1, carried: [] };
  return temporal.client.workflow.start('ingestBatch', {
    workflowId: jobWorkflowId(tenant, jobId),
    taskQueue: taskQueues.ingest,
    args: [input],
    typedSearchAttributes: [{ key: searchAttributes.tenant, value: tenant }],
  }) as Promise<BatchHandle>;
}

describe('ingestBatch', () => {
  it('ingests documents and slices within its window, and shows tenant, state and source to operators', async () => {
    const jobId = randomUUID();
    const units = [...Array.from({ length: 12 }, (_, index) => single(index)), { indexes: [12, 13, 14], source: 'text' }];
    const fake = new FakeActivities({ [jobId]: units });
    fake.stepMs = 30;
    await temporal.withWorkers(fake.create(), async () => {
      const handle = await startBatch(jobId, 3);
      expect(await handle.result()).toEqual({ state: 'succeeded', total: 15, succeeded: 15, partial: 0, failed: 0, unchanged: 0, unfinished: 0 });
      const description = await handle.describe();
      expect(description.typedSearchAttributes.get(searchAttributes.state)).toBe('succeeded');
      const child = await temporal.client.workflow.getHandle(documentWorkflowId(tenant, units[0]?.documentId ?? '')).describe();
      expect(child.typedSearchAttributes.get(searchAttributes.tenant)).toBe(tenant);
      expect(child.typedSearchAttributes.get(searchAttributes.source)).toBe('text');
      expect(child.typedSearchAttributes.get(searchAttributes.state)).toBe('succeeded');
    });
    expect(fake.peak).toBeLessThanOrEqual(3);
    expect(fake.peak).toBeGreaterThan(1);
    expect(fake.acquired).toHaveLength(15);
  }, 60_000);

  it('continues as new, carries what is in work over, and takes up every document once', async () => {
    const jobId = randomUUID();
    const units = Array.from({ length: 60 }, (_, index) => single(index));
    const fake = new FakeActivities({ [jobId]: units });
    fake.stepMs = 100;
    await temporal.withWorkers(fake.create(), async () => {
      const handle = await startBatch(jobId, 8, { documentsPerPage: 10, unitsPerRun: 20 });
      const first = (await handle.describe()).runId;
      expect((await handle.result()).succeeded).toBe(60);
      const last = await temporal.client.workflow.getHandle(handle.workflowId).describe();
      expect(last.runId).not.toBe(first);
    });
    expect(fake.peak).toBeLessThanOrEqual(8);
    expect(new Set(fake.acquired).size).toBe(60);
    expect(fake.acquired).toHaveLength(60);
  }, 60_000);

  it('takes the documents of a slice one by one where a stage fails for all, so that one harms no other', async () => {
    const jobId = randomUUID();
    const fake = new FakeActivities({ [jobId]: [{ indexes: [0, 1, 2, 3], source: 'text' }] });
    fake.poison.add(`${jobId}/2`);
    await temporal.withWorkers(fake.create(), async () => {
      expect(await (await startBatch(jobId)).result()).toMatchObject({ state: 'partial', succeeded: 3, failed: 1 });
    });
    expect(fake.failureOf(`${jobId}/2`)).toBe('EMBEDDER_REJECTED');
  }, 60_000);

  it('makes anew what was erased while a document of the same content was deleted', async () => {
    const jobId = randomUUID();
    const fake = new FakeActivities({ [jobId]: [single(0)] });
    let erased = true;
    fake.onStage = (stage) => {
      if (stage !== 'chunk' || !erased) return;
      erased = false;
      throw failureOfCode('ARTIFACT_NOT_FOUND');
    };
    await temporal.withWorkers(fake.create(), async () => {
      expect(await (await startBatch(jobId)).result()).toMatchObject({ state: 'succeeded' });
    });
    expect(fake.acquired).toHaveLength(2);
  }, 60_000);

  it('fails in the eyes of an operator too: the document’s workflow, and the job when all failed', async () => {
    const jobId = randomUUID();
    const unit = single(0);
    const fake = new FakeActivities({ [jobId]: [unit] });
    fake.poison.add(`${jobId}/0`);
    await temporal.withWorkers(fake.create(), async () => {
      const handle = await startBatch(jobId);
      await expect(handle.result()).rejects.toThrow();
      expect((await handle.describe()).status.name).toBe('FAILED');
      expect((await temporal.client.workflow.getHandle(documentWorkflowId(tenant, unit.documentId ?? '')).describe()).status.name).toBe('FAILED');
    });
    expect(fake.finishedJobs).toEqual([jobId]);
  }, 60_000);

  it('queues up where two jobs meet on a document', async () => {
    const [first, second] = [randomUUID(), randomUUID()];
    const documentId = randomUUID();
    const fake = new FakeActivities({ [first]: [single(0, documentId)], [second]: [single(0, documentId)] });
    fake.stepMs = 600;
    await temporal.withWorkers(fake.create(), async () => {
      const handles = await Promise.all([startBatch(first), startBatch(second)]);
      for (const handle of handles) expect((await handle.result()).succeeded).toBe(1);
    });
    expect(fake.peak).toBe(1);
    expect(fake.acquired).toHaveLength(2);
  }, 60_000);

  it('records what was not done when it is cancelled', async () => {
    const jobId = randomUUID();
    const fake = new FakeActivities({ [jobId]: Array.from({ length: 20 }, (_, index) => single(index)) });
    fake.stepMs = 300;
    await temporal.withWorkers(fake.create(), async () => {
      const handle = await startBatch(jobId, 2);
      await expect.poll(() => fake.acquired.length, { timeout: 20_000 }).toBeGreaterThan(1);
      await handle.cancel();
      await expect(handle.result()).rejects.toThrow();
      expect((await handle.describe()).status.name).toBe('CANCELLED');
    });
    expect(fake.finishedJobs).toEqual([jobId]);
    expect(fake.jobs[jobId]?.results.size).toBe(20);
    expect(fake.jobs[jobId]?.countOf('failed', 'CANCELLED')).toBeGreaterThan(10);
  }, 60_000);

  it('records a document whose workflow was terminated', async () => {
    const jobId = randomUUID();
    const unit = single(0);
    const fake = new FakeActivities({ [jobId]: [unit, single(1)] });
    fake.stepMs = 1_000;
    await temporal.withWorkers(fake.create(), async () => {
      const handle = await startBatch(jobId);
      await expect.poll(() => fake.acquired, { timeout: 20_000 }).toContain(`${jobId}/0`);
      await temporal.client.workflow.getHandle(documentWorkflowId(tenant, unit.documentId ?? '')).terminate('by an operator');
      expect(await handle.result()).toMatchObject({ state: 'partial', succeeded: 1, failed: 1 });
    });
    expect(fake.failureOf(`${jobId}/0`)).toBe('CANCELLED');
  }, 60_000);
});
