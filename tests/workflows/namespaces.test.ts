import { randomUUID } from 'node:crypto';
import { setTimeout as sleep } from 'node:timers/promises';
import { afterAll, beforeAll, expect, it } from 'vitest';
import { clientsOver } from '../../src/adapters/temporal/connection.ts';
import type { TemporalClients } from '../../src/adapters/temporal/connection.ts';
import { createTemporalHealthCheck } from '../../src/adapters/temporal/health.ts';
import { ensureSearchAttributes } from '../../src/adapters/temporal/searchAttributes.ts';
import { createSourceSchedules } from '../../src/adapters/temporal/sourceSchedules.ts';
import { createPlatformSchedules } from '../../src/adapters/temporal/platformSchedules.ts';
import { createWorkflowStarter } from '../../src/adapters/temporal/workflowStarter.ts';
import { scheduleSchema } from '../../src/contracts/sources.ts';
import { firstRun } from '../../src/workflows/batch/batchInput.ts';
import { jobWorkflowId, sourceScheduleId, sweepScheduleId, taskQueues } from '../../src/workflows/names.ts';
import { declaredSchedules } from '../../temporal/schedules.ts';
import { FakeActivities, FakeJob } from '../support/fakeActivities.ts';
import { startTestTemporal } from '../support/temporal.ts';
import type { TestTemporal } from '../support/temporal.ts';

const walled = 'walled';
const open = 'open';
const namespaces = { common: 'default', own: { [walled]: 'walled-space' } };
const subject = 'somebody';
const patience = { timeout: 40_000, interval: 100 };
let temporal: TestTemporal;
let clients: TemporalClients;

beforeAll(async () => {
  temporal = await startTestTemporal();
  clients = clientsOver(temporal.connection, { namespaces, ...temporal.security });
  const { workflowService } = temporal.connection;
  await expect(createTemporalHealthCheck(temporal.connection, namespaces).check(AbortSignal.timeout(5_000))).rejects.toMatchObject({ code: 'WORKFLOWS_UNAVAILABLE' });
  await workflowService.registerNamespace({ namespace: 'walled-space', workflowExecutionRetentionPeriod: { seconds: 86_400 as never } });
  // A server learns of a new namespace within some seconds.
  for (let tries = 0; ; tries += 1) {
    try {
      for (const namespace of ['default', 'walled-space']) await ensureSearchAttributes(temporal.connection, namespace);
      await clients.ofNamespace('walled-space').workflow.count();
      break;
    } catch (error) {
      if (tries > 60) throw error;
      await sleep(500);
    }
  }
}, 600_000);
afterAll(async () => temporal.close());

const withWorkers = (fake: FakeActivities, work: () => Promise<void>) => temporal.withWorkers(fake.create(), work, { namespaces, acceptsUnsigned: false });
const begin = (tenant: string, jobId: string) => createWorkflowStarter(clients, { window: 1 }).start({ kind: 'job', tenant, subject, id: jobId, workflowId: jobWorkflowId(tenant, jobId), revision: 1 });
const job = () => new FakeJob([{ indexes: [0], documentId: randomUUID(), source: 'text' }]);
const isIn = async (namespace: string, workflowId: string) => clients.ofNamespace(namespace).workflow.getHandle(workflowId).describe().then(() => true, () => false);

it('keeps the work of a tenant in the namespace that is named for it, search attributes included', async () => {
  const [mine, others] = [randomUUID(), randomUUID()];
  const fake = new FakeActivities({ [mine]: job(), [others]: job() });
  await withWorkers(fake, async () => {
    await Promise.all([begin(walled, mine), begin(open, others)]);
    await expect.poll(() => fake.finishedJobs.length, patience).toBe(2);
    await clients.of(walled).workflow.getHandle(jobWorkflowId(walled, mine)).result();
  });
  const [mineId, othersId] = [jobWorkflowId(walled, mine), jobWorkflowId(open, others)];
  expect(await Promise.all([isIn('walled-space', mineId), isIn('default', mineId), isIn('walled-space', othersId), isIn('default', othersId)])).toEqual([true, false, false, true]);
  await expect.poll(async () => (await clients.of(walled).workflow.count(`CatalystTenant = "${walled}" AND CatalystJobState = "succeeded"`)).count, patience).toBeGreaterThan(0);
}, 90_000);

it('does nothing there for another tenant, whose principal it may even be', async () => {
  const jobId = randomUUID();
  const fake = new FakeActivities({ [jobId]: job() });
  const workflowId = jobWorkflowId(open, jobId);
  await withWorkers(fake, async () => {
    const intruder = clients.actingFor({ kind: 'tenant', tenant: open, subject, workflowId }, 'walled-space');
    const run = intruder.workflow.execute('ingestBatch', { workflowId, taskQueue: taskQueues.ingest, args: [firstRun({ tenant: open, subject, jobId }, 1)] });
    await expect(run).rejects.toMatchObject({ cause: { cause: { type: 'PRINCIPAL_REFUSED' } } });
  });
  expect([fake.taken, fake.finishedJobs]).toEqual([[], []]);
}, 60_000);

it('moves the schedule of a source with its tenant, and sweeps each namespace by a schedule of its own', async () => {
  const id = randomUUID();
  const scheduleId = sourceScheduleId(walled, id);
  const source = { id, schedule: scheduleSchema.parse({ everySeconds: 3_600 }), paused: true };
  const scheduled = (namespace: string) => clients.ofNamespace(namespace).schedule.getHandle(scheduleId).describe().then(() => true, () => false);
  await createSourceSchedules(temporal.clients).apply(walled, source);
  expect([await scheduled('default'), await scheduled('walled-space')]).toEqual([true, false]);
  expect(await createSourceSchedules(clients).renew(walled, source)).toBe(true);
  expect([await scheduled('default'), await scheduled('walled-space')]).toEqual([false, true]);

  await createPlatformSchedules(clients, declaredSchedules).ensure();
  const fake = new FakeActivities({});
  fake.tenants = [walled];
  await withWorkers(fake, async () => {
    await clients.of(walled).schedule.getHandle(sweepScheduleId).trigger();
    await expect.poll(() => fake.done.size, patience).toBe(1);
  });
  expect(await clients.ofNamespace('default').schedule.getHandle(sweepScheduleId).describe().then(({ scheduleId: name }) => name)).toBe(sweepScheduleId);
}, 90_000);

it('is ready where every namespace answers', async () => {
  expect(await createTemporalHealthCheck(temporal.connection, namespaces).check(AbortSignal.timeout(5_000))).toMatch(/namespaces default, walled-space$/);
});
