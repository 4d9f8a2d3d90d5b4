import { randomUUID } from 'node:crypto';
import type { WorkflowHandle } from '@temporalio/client';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { createWorkflowStarter } from '../../src/adapters/temporal/workflowStarter.ts';
import type { JobSummary } from '../../src/activities/job/jobLifecycle.ts';
import type { IngestUnit } from '../../src/contracts/ingestion.ts';
import type { IngestBatch } from '../../src/workflows/batch/batchInput.ts';
import { documentWorkflowId, jobWorkflowId, searchAttributes, taskQueues } from '../../src/workflows/names.ts';
import { failureOfCode, FakeActivities, FakeJob } from '../support/fakeActivities.ts';
import { startTestTemporal } from '../support/temporal.ts';
import type { TestTemporal } from '../support/temporal.ts';

let temporal: TestTemporal;
beforeAll(async () => {
  temporal = await startTestTemporal();
}, 600_000);
afterAll(async () => temporal.close());

const tenant = 'steering';
const patience = { timeout: 20_000, interval: 50 };
const single = (index: number): IngestUnit => ({ indexes: [index], documentId: randomUUID(), source: 'text' });
const singles = (count: number) => Array.from({ length: count }, (_, index) => single(index));

/** Tells the job's workflow that something changed, as the API and the relay do; starts it where none runs. */
async function nudge(jobId: string, window = 4): Promise<void> {
  await createWorkflowStarter(temporal.clients, { window }).start({ kind: 'job', tenant, subject: 'tester', id: jobId, workflowId: jobWorkflowId(tenant, jobId), revision: 1 });
}

function workflowOf(jobId: string): WorkflowHandle<IngestBatch> {
  return temporal.client.workflow.getHandle(jobWorkflowId(tenant, jobId));
}

async function stateOf(jobId: string): Promise<unknown> {
  return (await workflowOf(jobId).describe()).typedSearchAttributes.get(searchAttributes.state);
}

/** A job with its activities; the test steers it through `job`. */
function fakeJob(units: readonly IngestUnit[]) {
  const jobId = randomUUID();
  const job = new FakeJob(units);
  return { jobId, job, fake: new FakeActivities({ [jobId]: job }) };
}

describe('a paused job', () => {
  it('rests between two stages and goes on there, with no stage taken twice', async () => {
    const { jobId, job, fake } = fakeJob(singles(1));
    fake.onStage = (stage) => {
      if (stage === 'chunk' && fake.taken.length === 2) job.pause();
    };
    await temporal.withWorkers(fake.create(), async () => {
      await nudge(jobId);
      await expect.poll(() => stateOf(jobId), patience).toBe('paused');
      expect(fake.taken).toEqual([`${jobId}/0 acquire`, `${jobId}/0 parse`]);
      fake.onStage = () => undefined;
      job.resume();
      await nudge(jobId);
      expect(await workflowOf(jobId).result()).toMatchObject({ state: 'succeeded', total: 1 });
    });
    expect(fake.taken.map((entry) => entry.split(' ')[1])).toEqual(['acquire', 'parse', 'chunk', 'embed', 'upsert', 'publish']);
  }, 60_000);

  it('begins nothing new, and all of it once it goes on', async () => {
    const { jobId, job, fake } = fakeJob(singles(8));
    fake.onStage = (stage) => {
      if (stage === 'parse') job.pause();
    };
    await temporal.withWorkers(fake.create(), async () => {
      await nudge(jobId, 2);
      await expect.poll(() => stateOf(jobId), patience).toBe('paused');
      fake.onStage = () => undefined;
      await new Promise((resolve) => setTimeout(resolve, 500));
      expect(fake.acquired.length).toBeLessThanOrEqual(2);
      job.resume();
      await nudge(jobId, 2);
      expect(await workflowOf(jobId).result()).toMatchObject({ state: 'succeeded', succeeded: 8 });
    });
    expect(new Set(fake.acquired).size).toBe(8);
    expect(fake.acquired).toHaveLength(8);
  }, 60_000);

  it('loses no call to go on that comes before a unit has begun to rest', async () => {
    const { jobId, job, fake } = fakeJob(singles(1));
    let pausedOnce = false;
    fake.onStage = async (stage) => {
      if (stage !== 'embed' || pausedOnce) return;
      pausedOnce = true;
      job.pause();
      await nudge(jobId);
      job.resume();
      await nudge(jobId);
      // What the registry said when the stage began is heard only now.
      throw failureOfCode('JOB_PAUSED');
    };
    await temporal.withWorkers(fake.create(), async () => {
      await nudge(jobId);
      expect(await workflowOf(jobId).result()).toMatchObject({ state: 'succeeded' });
    });
  }, 30_000);

  it('was paused by what it needs: the document waits and does not fail', async () => {
    const { jobId, job, fake } = fakeJob(singles(1));
    fake.onStage = (stage) => {
      if (stage !== 'acquire') return;
      job.pause('credits');
      throw failureOfCode('FETCHER_CREDITS_EXHAUSTED');
    };
    await temporal.withWorkers(fake.create(), async () => {
      await nudge(jobId);
      await expect.poll(() => stateOf(jobId), patience).toBe('paused');
      expect(job.results.size).toBe(0);
      fake.onStage = () => undefined;
      job.resume();
      await nudge(jobId);
      expect(await workflowOf(jobId).result()).toMatchObject({ state: 'succeeded' });
    });
  }, 30_000);

  it('goes on after its batch was terminated while it rested', async () => {
    const { jobId, job, fake } = fakeJob(singles(1));
    fake.onStage = (stage) => {
      if (stage === 'parse') job.pause();
    };
    await temporal.withWorkers(fake.create(), async () => {
      await nudge(jobId);
      await expect.poll(() => stateOf(jobId), patience).toBe('paused');
      await workflowOf(jobId).terminate('by an operator');
      fake.onStage = () => undefined;
      job.resume();
      await nudge(jobId);
      expect(await workflowOf(jobId).result()).toMatchObject({ state: 'succeeded' });
    });
    expect(fake.acquired).toHaveLength(1);
  }, 60_000);
});

describe('a cancelled job', () => {
  it('ends what is in work, records the rest, and keeps what is done', async () => {
    const { jobId, job, fake } = fakeJob(singles(20));
    fake.stepMs = 200;
    await temporal.withWorkers(fake.create(), async () => {
      await nudge(jobId, 2);
      await expect.poll(() => job.countOf('succeeded'), patience).toBeGreaterThan(1);
      job.cancel('keep');
      await nudge(jobId, 2);
      expect(await workflowOf(jobId).result()).toMatchObject({ state: 'partial', total: 20, unfinished: 0 });
      expect((await workflowOf(jobId).describe()).status.name).toBe('COMPLETED');
    });
    expect(job.countOf('failed', 'CANCELLED')).toBeGreaterThan(10);
    expect(job.countOf('succeeded') + job.countOf('failed', 'CANCELLED')).toBe(20);
  }, 60_000);

  it('ends where it rests', async () => {
    const { jobId, job, fake } = fakeJob(singles(5));
    fake.onStage = (stage) => {
      if (stage === 'parse') job.pause();
    };
    await temporal.withWorkers(fake.create(), async () => {
      await nudge(jobId, 2);
      await expect.poll(() => stateOf(jobId), patience).toBe('paused');
      job.cancel('keep');
      await nudge(jobId, 2);
      expect(await workflowOf(jobId).result()).toMatchObject({ state: 'failed', failed: 5 });
    });
  }, 60_000);

  it('reaches units that an earlier run of the batch began', async () => {
    const { jobId, job, fake } = fakeJob(singles(9));
    fake.onStage = (stage) => (stage === 'parse' ? new Promise((resolve) => setTimeout(resolve, 4_000)) : undefined);
    await temporal.withWorkers(fake.create(), async () => {
      const first = await temporal.client.workflow.start('ingestBatch', {
        workflowId: jobWorkflowId(tenant, jobId),
        taskQueue: taskQueues.ingest,
        args: [{ scope: { tenant, subject: 'tester', jobId }, limits: { window: 3, documentsPerPage: 3, unitsPerRun: 3 }, after: -1, carried: [] }],
      });
      await expect.poll(async () => (await workflowOf(jobId).describe()).runId, patience).not.toBe(first.firstExecutionRunId);
      await expect.poll(() => fake.acquired.length, patience).toBe(3);
      job.cancel('keep');
      await nudge(jobId, 3);
      expect(await workflowOf(jobId).result()).toMatchObject({ total: 9, unfinished: 0 });
      for (const unit of job.units) {
        const child = temporal.client.workflow.getHandle(documentWorkflowId(tenant, unit.documentId ?? ''));
        if (fake.acquired.includes(`${jobId}/${unit.indexes[0]}`)) expect((await child.describe()).status.name).not.toBe('RUNNING');
      }
    });
    expect(fake.acquired.length).toBeGreaterThan(0);
    expect(job.countOf('failed', 'CANCELLED')).toBe(9);
  }, 90_000);

  it('is undone: what it made is deleted, what it changed is brought back by a job of its own', async () => {
    const { jobId, job, fake } = fakeJob(singles(6));
    const restoring = randomUUID();
    fake.jobs[restoring] = new FakeJob(singles(2));
    const deletion = { tenant, deletionId: randomUUID() };
    fake.undoPages.push({ deletion, restoring: { tenant, subject: 'tester', jobId: restoring }, last: 5 });
    fake.stepMs = 100;
    await temporal.withWorkers(fake.create(), async () => {
      await nudge(jobId, 1);
      await expect.poll(() => job.countOf('succeeded'), patience).toBeGreaterThan(0);
      job.cancel('undo');
      await nudge(jobId, 1);
      await workflowOf(jobId).result();
    });
    expect([...fake.done]).toEqual([deletion.deletionId]);
    expect(fake.jobs[restoring]?.countOf('succeeded')).toBe(2);
    expect(fake.finishedJobs).toEqual([restoring, jobId]);
  }, 60_000);
});

describe('a job that is changed', () => {
  it('takes failed documents up again after its end', async () => {
    const { jobId, job, fake } = fakeJob(singles(2));
    fake.poison.add(`${jobId}/1`);
    await temporal.withWorkers(fake.create(), async () => {
      await nudge(jobId);
      expect(await workflowOf(jobId).result()).toMatchObject({ state: 'partial', failed: 1 });
      fake.poison.clear();
      job.retry();
      await nudge(jobId);
      expect(await workflowOf(jobId).result()).toMatchObject({ state: 'succeeded', succeeded: 2 });
    });
    expect(fake.acquired.filter((entry) => entry === `${jobId}/0`)).toHaveLength(1);
  }, 60_000);

  it('takes up documents that join in the last moment, told or not', async () => {
    const { jobId, job, fake } = fakeJob(singles(1));
    const activities = fake.create();
    const { finishJob } = activities;
    activities.finishJob = async (scope): Promise<JobSummary> => {
      if (job.units.length === 1) job.units.push(single(1));
      const summary = await finishJob(scope);
      if (job.units.length === 2 && summary.unfinished === 0) {
        job.units.push(single(2));
        await nudge(jobId);
      }
      return summary;
    };
    await temporal.withWorkers(activities, async () => {
      await nudge(jobId);
      expect(await workflowOf(jobId).result()).toMatchObject({ state: 'succeeded', total: 3, unfinished: 0 });
    });
    expect(fake.acquired).toHaveLength(3);
  }, 60_000);

  it('does more or less at once as it is told', async () => {
    const { jobId, job, fake } = fakeJob(singles(14));
    // Long enough that a busy machine has them in work together.
    fake.stepMs = 900;
    await temporal.withWorkers(fake.create(), async () => {
      await nudge(jobId, 1);
      await expect.poll(() => job.countOf('succeeded'), patience).toBe(2);
      expect(fake.peak).toBe(1);
      job.control.concurrency = 4;
      await nudge(jobId, 1);
      await workflowOf(jobId).result();
    });
    expect(fake.peak).toBe(4);
  }, 60_000);

  it('looks only, where it is a dry run, and leaves no content behind', async () => {
    const { jobId, job, fake } = fakeJob([single(0), { indexes: [1, 2], source: 'text' }]);
    job.control.dryRun = true;
    await temporal.withWorkers(fake.create(), async () => {
      await nudge(jobId);
      expect(await workflowOf(jobId).result()).toMatchObject({ state: 'succeeded', total: 3 });
    });
    expect(new Set(fake.taken.map((entry) => entry.split(' ')[1]))).toEqual(new Set(['preview']));
    expect(fake.erased).toEqual([jobId]);
  }, 60_000);

  it('takes a call too many for nothing to do', async () => {
    const { jobId, fake } = fakeJob(singles(2));
    await temporal.withWorkers(fake.create(), async () => {
      await nudge(jobId);
      await Promise.all([nudge(jobId), nudge(jobId)]);
      await workflowOf(jobId).result();
      await nudge(jobId);
      expect(await workflowOf(jobId).result()).toMatchObject({ state: 'succeeded', succeeded: 2 });
    });
    expect(fake.acquired).toHaveLength(2);
  }, 60_000);
});
