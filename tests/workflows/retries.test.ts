import { randomUUID } from 'node:crypto';
import { afterAll, beforeAll, expect, it } from 'vitest';
import { createRunStep } from '../../src/activities/runStep.ts';
import { CatalystError } from '../../src/contracts/errors.ts';
import type { ErrorCode } from '../../src/contracts/errors.ts';
import type { DomainEvent } from '../../src/contracts/events.ts';
import { firstRun } from '../../src/workflows/batch/batchInput.ts';
import { jobWorkflowId, taskQueues } from '../../src/workflows/names.ts';
import { FakeActivities } from '../support/fakeActivities.ts';
import { startTestTemporal } from '../support/temporal.ts';
import type { TestTemporal } from '../support/temporal.ts';

let temporal: TestTemporal;
beforeAll(async () => {
  temporal = await startTestTemporal();
}, 600_000);
afterAll(async () => temporal.close());

const tenant = 'retries';

/** A job of one document whose acquisition fails in turn with these codes, as the product's own frame of an activity tells it. */
async function runWithFailures(codes: readonly ErrorCode[], retryAfterMs: number | undefined) {
  const jobId = randomUUID();
  const events: DomainEvent[] = [];
  const fake = new FakeActivities({ [jobId]: [{ indexes: [0], documentId: randomUUID(), source: 'url' }] });
  const run = createRunStep((event) => events.push(event));
  const activities = fake.create();
  const { acquireDocuments } = activities;
  const remaining = [...codes];
  activities.acquireDocuments = (scope, indexes) =>
    run(() => {
      const code = remaining.shift();
      if (code !== undefined) throw new CatalystError(code, 'It fails.', retryAfterMs === undefined ? {} : { retryAfterMs });
      return acquireDocuments(scope, indexes);
    });
  const startedAt = performance.now();
  await temporal.withWorkers(activities, async () => {
    const scope = { tenant, subject: 'tester', jobId };
    await temporal.client.workflow.start('ingestBatch', { workflowId: jobWorkflowId(tenant, jobId), taskQueue: taskQueues.ingest, args: [firstRun(scope, 1)] });
    await temporal.client.workflow.getHandle(jobWorkflowId(tenant, jobId)).result().catch(() => undefined);
  });
  return { result: fake.jobs[jobId]?.results.get(0), retries: events.filter((event) => event.type === 'activity.retried'), tookMs: performance.now() - startedAt };
}

const times = (count: number, code: ErrorCode): ErrorCode[] => Array.from({ length: count }, () => code);

it('counts the tries of each class for itself: waiting for a turn uses up none of those that a failing site has', async () => {
  const { result, retries } = await runWithFailures([...times(6, 'THROTTLED'), ...times(4, 'FETCH_FAILED')], 100);
  expect(result?.state).toBe('succeeded');
  expect(retries).toHaveLength(10);
  expect(retries.at(-1)).toMatchObject({ activity: 'acquireDocuments', code: 'FETCH_FAILED', attempt: 10, waitMs: 100, retryAfter: true });
}, 60_000);

it('gives a site up after its tries, and says how often it tried', async () => {
  const { result, retries } = await runWithFailures(times(9, 'FETCH_FAILED'), 100);
  expect(result).toMatchObject({ state: 'failed', failure: { code: 'FETCH_FAILED', attempts: 5 } });
  expect(retries).toHaveLength(4);
}, 60_000);

it('waits as long as the class of the failure says, where the other side says nothing', async () => {
  const { result, retries, tookMs } = await runWithFailures(['FETCH_TIMEOUT'], undefined);
  expect(result?.state).toBe('succeeded');
  expect(retries).toMatchObject([{ waitMs: 2_000, retryAfter: false }]);
  expect(tookMs).toBeGreaterThan(2_000);
}, 60_000);
