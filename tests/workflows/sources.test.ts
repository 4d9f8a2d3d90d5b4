import { randomUUID } from 'node:crypto';
import type { WorkflowHandle } from '@temporalio/client';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { createSourceSchedules } from '../../src/adapters/temporal/sourceSchedules.ts';
import { createWorkflowStarter } from '../../src/adapters/temporal/workflowStarter.ts';
import { ensureSearchAttributes } from '../../src/adapters/temporal/searchAttributes.ts';
import type { IngestUnit } from '../../src/contracts/ingestion.ts';
import { scheduleSchema } from '../../src/contracts/sources.ts';
import type { IngestBatch } from '../../src/workflows/batch/batchInput.ts';
import { jobWorkflowId, searchAttributes, sourceScheduleId, taskQueues } from '../../src/workflows/names.ts';
import { FakeActivities, FakeJob } from '../support/fakeActivities.ts';
import type { FakeStep } from '../support/fakeActivities.ts';
import { startTestTemporal } from '../support/temporal.ts';
import type { TestTemporal } from '../support/temporal.ts';

let temporal: TestTemporal;
beforeAll(async () => {
  temporal = await startTestTemporal();
  await ensureSearchAttributes(temporal.client.connection as never, 'default');
}, 600_000);
afterAll(async () => temporal.close());

const tenant = 'sources';
const patience = { timeout: 30_000, interval: 100 };
const unit = (index: number): IngestUnit => ({ indexes: [index], documentId: randomUUID(), source: 'url' });

/** Steps that each bring two documents. */
function stepsOfTwo(count: number, first = 0): FakeStep[] {
  return Array.from({ length: count }, (_, step) => ({ units: [unit(first + 2 * step), unit(first + 2 * step + 1)] }));
}

function fakeSource(steps: readonly FakeStep[]) {
  const jobId = randomUUID();
  const job = new FakeJob([], steps);
  return { jobId, job, fake: new FakeActivities({ [jobId]: job }) };
}

async function nudge(jobId: string): Promise<void> {
  await createWorkflowStarter(temporal.clients, { window: 4 }).start({ kind: 'job', tenant, subject: 'tester', id: jobId, workflowId: jobWorkflowId(tenant, jobId), revision: 1 });
}

function workflowOf(jobId: string): WorkflowHandle<IngestBatch> {
  return temporal.client.workflow.getHandle(jobWorkflowId(tenant, jobId));
}

async function stateOf(jobId: string): Promise<unknown> {
  return (await workflowOf(jobId).describe()).typedSearchAttributes.get(searchAttributes.state);
}

/** A run makes its job before it starts the job's workflow. */
async function terminateOnceStarted(jobId: string): Promise<void> {
  await expect.poll(() => stateOf(jobId).then(() => true, () => false), patience).toBe(true);
  await workflowOf(jobId).terminate();
}

describe('a job that reads its source', () => {
  it('ingests while it reads, and continues as new with both in work', async () => {
    const { jobId, fake } = fakeSource(stepsOfTwo(25));
    await temporal.withWorkers(fake.create(), async () => {
      const first = await temporal.client.workflow.start('ingestBatch', {
        workflowId: jobWorkflowId(tenant, jobId),
        taskQueue: taskQueues.ingest,
        args: [{ scope: { tenant, subject: 'tester', jobId }, limits: { window: 4, documentsPerPage: 10, unitsPerRun: 15 }, after: -1, carried: [] }],
      });
      expect(await workflowOf(jobId).result()).toMatchObject({ state: 'succeeded', total: 50 });
      expect((await workflowOf(jobId).describe()).runId).not.toBe(first.firstExecutionRunId);
    });
    expect(new Set(fake.acquired).size).toBe(50);
    expect(fake.acquired).toHaveLength(50);
  }, 90_000);

  it('waits where the fetch service has no credits left, and reads on when it goes on', async () => {
    const { jobId, job, fake } = fakeSource([...stepsOfTwo(1), { failure: 'FETCHER_CREDITS_EXHAUSTED' }, ...stepsOfTwo(1, 2)]);
    await temporal.withWorkers(fake.create(), async () => {
      await nudge(jobId);
      await expect.poll(() => stateOf(jobId), patience).toBe('paused');
      expect(job.discovery).toBe('running');
      job.resume();
      await nudge(jobId);
      expect(await workflowOf(jobId).result()).toMatchObject({ state: 'succeeded', total: 4 });
    });
  }, 60_000);

  it('keeps what it found where the source fails for good, and is not called succeeded', async () => {
    const { jobId, job, fake } = fakeSource([...stepsOfTwo(1), { failure: 'URL_FORBIDDEN' }]);
    const empty = fakeSource([{ failure: 'URL_FORBIDDEN' }]);
    fake.jobs[empty.jobId] = empty.job;
    await temporal.withWorkers(fake.create(), async () => {
      await nudge(jobId);
      expect(await workflowOf(jobId).result()).toMatchObject({ state: 'partial', succeeded: 2 });
      expect(job.discovery).toBe('failed');
      await nudge(empty.jobId);
      await expect(workflowOf(empty.jobId).result()).rejects.toMatchObject({ cause: { message: 'The source could not be read.' } });
    });
  }, 60_000);

  it('looks again when it is told to, before the time it would wait', async () => {
    const { jobId, fake } = fakeSource([{ units: [unit(0)], waitMs: 600_000 }, { units: [unit(1)] }]);
    await temporal.withWorkers(fake.create(), async () => {
      await nudge(jobId);
      await expect.poll(() => fake.acquired, patience).toHaveLength(1);
      await nudge(jobId);
      expect(await workflowOf(jobId).result()).toMatchObject({ state: 'succeeded', total: 2 });
    });
  }, 60_000);

  it('stops its reading when it is cancelled', async () => {
    const { jobId, job, fake } = fakeSource([{ units: [unit(0)], waitMs: 600_000 }, { units: [unit(1)] }]);
    await temporal.withWorkers(fake.create(), async () => {
      await nudge(jobId);
      await expect.poll(() => job.countOf('succeeded'), patience).toBe(1);
      job.cancel('keep');
      await nudge(jobId);
      expect(await workflowOf(jobId).result()).toMatchObject({ state: 'partial', total: 1 });
    });
    expect(job.discovery).toBe('cancelled');
  }, 60_000);

  it('deletes what the source no longer has before it ends', async () => {
    const { jobId, fake } = fakeSource(stepsOfTwo(1));
    const deletions = [randomUUID(), randomUUID()];
    fake.missing.push(...deletions.map((deletionId) => ({ deletion: { tenant, deletionId }, documents: 3 })));
    await temporal.withWorkers(fake.create(), async () => {
      await nudge(jobId);
      await workflowOf(jobId).result();
    });
    expect([...fake.done]).toEqual(deletions);
    expect(fake.finishedJobs).toEqual([jobId]);
  }, 60_000);
});

describe('a source with a schedule', () => {
  const schedules = () => createSourceSchedules(temporal.clients);
  const scheduleOf = (more: Record<string, unknown> = {}) => scheduleSchema.parse({ everySeconds: 10, ...more });

  it('rests while it is paused, makes up for a span of time, runs by itself, and is gone when it is removed', async () => {
    const fake = new FakeActivities({});
    const id = randomUUID();
    fake.sourceJobs.set(id, new FakeJob([], stepsOfTwo(1)));
    await temporal.withWorkers(fake.create(), async () => {
      await schedules().apply(tenant, { id, schedule: scheduleOf({ jitterSeconds: 1 }), paused: true });
      await schedules().apply(tenant, { id, schedule: scheduleOf({ everySeconds: 3_600 }), paused: true });
      expect(await schedules().describe(tenant, id)).toMatchObject({ paused: true, recentRuns: [] });
      await schedules().backfill(tenant, id, { from: '2026-01-01T00:30:00Z', to: '2026-01-01T02:30:00Z' });
      await expect.poll(() => fake.finishedJobs.length, patience).toBe(2);
      await schedules().apply(tenant, { id, schedule: scheduleOf(), paused: false });
      await expect.poll(() => fake.finishedJobs.length, patience).toBeGreaterThan(2);
      const state = await schedules().describe(tenant, id);
      expect(state?.paused).toBe(false);
      expect(state?.nextRuns.length).toBeGreaterThan(0);
      expect(state?.recentRuns[0]?.workflowId.startsWith(sourceScheduleId(tenant, id))).toBe(true);
      await schedules().apply(tenant, { id, schedule: null, paused: false });
      expect(await schedules().describe(tenant, id)).toBeUndefined();
      await schedules().remove(tenant, id);
    });
    expect(fake.acquired).toHaveLength(2 * fake.finishedJobs.length);
  }, 120_000);

  it('cancels the job of a run that another takes over from, as its schedule says', async () => {
    const fake = new FakeActivities({});
    const id = randomUUID();
    fake.sourceJobs.set(id, new FakeJob([], [{ units: [unit(0)], waitMs: 600_000 }, { units: [unit(1)] }]));
    await temporal.withWorkers(fake.create(), async () => {
      await schedules().apply(tenant, { id, schedule: scheduleOf({ overlap: 'cancelOther' }), paused: false });
      await expect.poll(() => Object.keys(fake.jobs).length, { ...patience, timeout: 40_000 }).toBe(2);
      await schedules().remove(tenant, id);
      const [first, second] = Object.values(fake.jobs);
      await expect.poll(() => first?.discovery, patience).toBe('cancelled');
      expect(first?.control.cancelled?.mode).toBe('keep');
      expect(second?.control.cancelled).toBeNull();
      for (const jobId of Object.keys(fake.jobs).slice(1)) await terminateOnceStarted(jobId);
    });
  }, 120_000);

  it('says what is wrong with a schedule that cannot be', async () => {
    const wrong = schedules().apply(tenant, { id: randomUUID(), schedule: { ...scheduleOf(), cron: ['61 25 * * *'] }, paused: false });
    await expect(wrong).rejects.toMatchObject({ code: 'INVALID_REQUEST', problems: [{ pointer: '/schedule' }] });
    await expect(schedules().backfill(tenant, randomUUID(), { from: '2026-01-01T00:00:00Z', to: '2026-01-02T00:00:00Z' })).rejects.toMatchObject({ code: 'NOT_FOUND' });
  }, 30_000);
});
