import { randomUUID } from 'node:crypto';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { createPlatformSchedules } from '../../src/adapters/temporal/platformSchedules.ts';
import { createWorkflowStarter } from '../../src/adapters/temporal/workflowStarter.ts';
import { auditScheduleIds, consistencyWorkflowId, taskQueues } from '../../src/workflows/names.ts';
import { declaredSchedules } from '../../temporal/schedules.ts';
import { failureOfCode, FakeActivities } from '../support/fakeActivities.ts';
import { startTestTemporal } from '../support/temporal.ts';
import type { TestTemporal } from '../support/temporal.ts';

let temporal: TestTemporal;
beforeAll(async () => {
  temporal = await startTestTemporal();
}, 600_000);
afterAll(async () => temporal.close());

const tenant = 'audited';
const steps = ['objects -', 'objects 1', 'objects 2', 'documents 0/3', 'documents 1/3', 'documents 2/3', 'strangers -', 'strangers 1', 'strangers 2', 'finish'];

describe('auditIndex', () => {
  it('goes through objects, documents and strangers, over several runs', async () => {
    const fake = new FakeActivities({});
    fake.pagesPerStep = 3;
    const auditId = randomUUID();
    await temporal.withWorkers(fake.create(), () =>
      temporal.client.workflow.execute('auditIndex', { workflowId: consistencyWorkflowId(tenant, auditId), taskQueue: taskQueues.ingest, args: [{ scope: { tenant, auditId }, pagesPerRun: 2 }] }),
    );
    expect(fake.erasures).toEqual(steps);
  }, 60_000);

  it('goes on in another worker where one stopped', async () => {
    const auditId = randomUUID();
    const fake = new FakeActivities({});
    fake.pagesPerStep = 3;
    const activities = fake.create();
    const { auditDocuments } = activities;
    let stopped = false;
    let reached: () => void = () => undefined;
    const atSecond = new Promise<void>((resolve) => (reached = resolve));
    activities.auditDocuments = async (scope, bucket, buckets) => {
      if (bucket < 1) return auditDocuments(scope, bucket, buckets);
      reached();
      while (!stopped) await new Promise((resolve) => setTimeout(resolve, 50));
      throw new Error('The worker stops.');
    };
    const start = () => createWorkflowStarter(temporal.clients, { window: 1 }).start({ kind: 'consistency', tenant, subject: 'tester', id: auditId, workflowId: consistencyWorkflowId(tenant, auditId), revision: 1 });
    await temporal.withWorkers(activities, async () => {
      await start();
      await atSecond;
      stopped = true;
    });
    await temporal.withWorkers({ ...activities, auditDocuments }, async () => {
      await start();
      await temporal.client.workflow.getHandle(consistencyWorkflowId(tenant, auditId)).result();
    });
    expect(fake.erasures).toEqual(steps);
  }, 90_000);

  it('tells of one that cannot go on', async () => {
    const auditId = randomUUID();
    const fake = new FakeActivities({});
    const activities = { ...fake.create(), auditDocuments: () => Promise.reject(failureOfCode('INTERNAL')) };
    await temporal.withWorkers(activities, async () => {
      await expect(temporal.client.workflow.execute('auditIndex', { workflowId: consistencyWorkflowId(tenant, auditId), taskQueue: taskQueues.ingest, args: [{ scope: { tenant, auditId } }] })).rejects.toThrow();
    });
    expect(fake.erasures.at(-1)).toBe('fail INTERNAL');
  }, 60_000);

  it('leaves an audit that is done as it is', async () => {
    const auditId = randomUUID();
    const fake = new FakeActivities({});
    fake.done.add(auditId);
    await temporal.withWorkers(fake.create(), () => temporal.client.workflow.execute('auditIndex', { workflowId: consistencyWorkflowId(tenant, auditId), taskQueue: taskQueues.ingest, args: [{ scope: { tenant, auditId } }] }));
    expect(fake.erasures).toEqual([]);
  }, 60_000);
});

describe('audits of all tenants', () => {
  it('come one after the other, and one that fails holds up no other', async () => {
    const fake = new FakeActivities({});
    fake.tenants = ['a', 'b', 'c'];
    const activities = fake.create();
    const audited: string[] = [];
    activities.auditObjects = (scope) => {
      audited.push(scope.tenant);
      return scope.tenant === 'b' ? Promise.reject(failureOfCode('INDEX_REJECTED')) : Promise.resolve({ next: null });
    };
    await temporal.withWorkers(activities, () => temporal.client.workflow.execute('auditTenants', { workflowId: `audits-${randomUUID()}`, taskQueue: taskQueues.ingest, args: [{ deep: true }] }));
    expect(audited).toEqual(['a', 'b', 'c']);
    expect(fake.erasures.filter((step) => step === 'finish')).toHaveLength(2);
  }, 60_000);

  it('have schedules, quick and deep, which stay as an operator has changed them', async () => {
    await createPlatformSchedules(temporal.clients, declaredSchedules).ensure();
    const handles = [auditScheduleIds.quick, auditScheduleIds.deep].map((id) => temporal.client.schedule.getHandle(id));
    await handles[0]?.pause('by hand');
    await createPlatformSchedules(temporal.clients, declaredSchedules).ensure();
    const described = await Promise.all(handles.map((handle) => handle.describe()));
    expect(described.map(({ state, action }) => [state.paused, action.workflowType, action.args])).toEqual([[true, 'auditTenants', [{ deep: false }]], [false, 'auditTenants', [{ deep: true }]]]);
  }, 60_000);
});
