import { randomUUID } from 'node:crypto';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { createPlatformSchedules } from '../../src/adapters/temporal/platformSchedules.ts';
import { createWorkflowStarter } from '../../src/adapters/temporal/workflowStarter.ts';
import { deletionWorkflowId, sweepScheduleId, sweepWorkflowId, taskQueues } from '../../src/workflows/names.ts';
import { declaredSchedules } from '../../temporal/schedules.ts';
import { failureOfCode, FakeActivities } from '../support/fakeActivities.ts';
import { startTestTemporal } from '../support/temporal.ts';
import type { TestTemporal } from '../support/temporal.ts';

let temporal: TestTemporal;
beforeAll(async () => {
  temporal = await startTestTemporal();
}, 600_000);
afterAll(async () => temporal.close());

const tenant = 'erasure';

describe('deleteDocuments', () => {
  it('takes all documents out of search before it removes any, over several runs', async () => {
    const fake = new FakeActivities({});
    fake.pagesPerStep = 3;
    const deletionId = randomUUID();
    await temporal.withWorkers(fake.create(), () =>
      temporal.client.workflow.execute('deleteDocuments', { workflowId: deletionWorkflowId(tenant, deletionId), taskQueue: taskQueues.ingest, args: [{ scope: { tenant, deletionId }, pagesPerRun: 2 }] }),
    );
    const pages = ['-', '1', '2'];
    expect(fake.erasures).toEqual(['begin -', ...['hide', 'vectors', 'artifacts', 'records'].flatMap((step) => pages.map((page) => `${step} ${page}`)), 'finish -']);
  }, 60_000);

  it('goes on in another worker where one stopped', async () => {
    const deletionId = randomUUID();
    const fake = new FakeActivities({});
    fake.pagesPerStep = 2;
    const activities = fake.create();
    const { removeVectors } = activities;
    let stopped = false;
    let reached: () => void = () => undefined;
    const atVectors = new Promise<void>((resolve) => (reached = resolve));
    activities.removeVectors = async (scope, after) => {
      reached();
      while (!stopped) await new Promise((resolve) => setTimeout(resolve, 50));
      throw new Error(`The worker stops before ${after ?? 'the first page'} of ${scope.deletionId} is done.`);
    };
    const start = () => createWorkflowStarter(temporal.clients, { window: 1 }).start({ kind: 'deletion', tenant, subject: 'tester', id: deletionId, workflowId: deletionWorkflowId(tenant, deletionId), revision: 1 });
    await temporal.withWorkers(activities, async () => {
      await start();
      await atVectors;
      stopped = true;
    });
    expect(fake.done.has(deletionId)).toBe(false);
    await temporal.withWorkers({ ...activities, removeVectors }, async () => {
      await start();
      await temporal.client.workflow.getHandle(deletionWorkflowId(tenant, deletionId)).result();
    });
    expect(fake.erasures).toEqual(['begin -', 'hide -', 'hide 1', 'vectors -', 'vectors 1', 'artifacts -', 'artifacts 1', 'records -', 'records 1', 'finish -']);
  }, 90_000);

  it('leaves a deletion that is done as it is', async () => {
    const deletionId = randomUUID();
    const fake = new FakeActivities({});
    fake.done.add(deletionId);
    await temporal.withWorkers(fake.create(), () => temporal.client.workflow.execute('deleteDocuments', { workflowId: deletionWorkflowId(tenant, deletionId), taskQueue: taskQueues.ingest, args: [{ scope: { tenant, deletionId } }] }));
    expect(fake.erasures).toEqual(['begin -']);
  }, 60_000);
});

describe('sweeps', () => {
  it('go through the objects of a tenant, over several runs', async () => {
    const fake = new FakeActivities({});
    fake.pagesPerStep = 5;
    const sweepId = randomUUID();
    await temporal.withWorkers(fake.create(), () =>
      temporal.client.workflow.execute('sweepArtifacts', { workflowId: sweepWorkflowId(tenant, sweepId), taskQueue: taskQueues.ingest, args: [{ scope: { tenant, sweepId }, pagesPerRun: 2 }] }),
    );
    expect(fake.erasures).toEqual(['-', '1', '2', '3', '4'].map((page) => `sweep ${tenant} ${page}`));
    expect(fake.done.has(sweepId)).toBe(true);
  }, 60_000);

  it('of all tenants come one after the other, and one that fails holds up no other', async () => {
    const fake = new FakeActivities({});
    fake.tenants = ['a', 'b', 'c'];
    const activities = fake.create();
    const { sweepPage } = activities;
    activities.sweepPage = (scope, cursor, page) => (scope.tenant === 'b' ? Promise.reject(failureOfCode('INDEX_REJECTED')) : sweepPage(scope, cursor, page));
    await temporal.withWorkers(activities, () => temporal.client.workflow.execute('sweepTenants', { workflowId: `sweeps-${randomUUID()}`, taskQueue: taskQueues.ingest, args: [{}] }));
    expect(fake.erasures).toEqual(['sweep a -', 'sweep c -']);
  }, 60_000);

  it('have a schedule, which stays as an operator has changed it', async () => {
    await createPlatformSchedules(temporal.clients, declaredSchedules).ensure();
    const handle = temporal.client.schedule.getHandle(sweepScheduleId);
    await handle.pause('by an operator');
    await createPlatformSchedules(temporal.clients, declaredSchedules).ensure();
    const { state, action, info } = await handle.describe();
    expect(state.paused).toBe(true);
    expect(action.workflowType).toBe('sweepTenants');
    expect(info.nextActionTimes.length).toBeGreaterThan(0);
  }, 30_000);
});
