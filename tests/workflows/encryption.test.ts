import { randomBytes, randomUUID } from 'node:crypto';
import { ApplicationFailure } from '@temporalio/common';
import proto from '@temporalio/proto';
import { afterAll, beforeAll, expect, it } from 'vitest';
import { clientsOver } from '../../src/adapters/temporal/connection.ts';
import { createTemporalSecurity } from '../../src/adapters/temporal/temporalSecurity.ts';
import type { TemporalSecurity } from '../../src/adapters/temporal/temporalSecurity.ts';
import { createSourceSchedules } from '../../src/adapters/temporal/sourceSchedules.ts';
import { createPlatformSchedules } from '../../src/adapters/temporal/platformSchedules.ts';
import { createWorkflowStarter } from '../../src/adapters/temporal/workflowStarter.ts';
import type { IngestUnit } from '../../src/contracts/ingestion.ts';
import { scheduleSchema } from '../../src/contracts/sources.ts';
import { documentWorkflowId, jobWorkflowId, sourceScheduleId, sweepScheduleId } from '../../src/workflows/names.ts';
import { declaredSchedules } from '../../temporal/schedules.ts';
import { FakeActivities, FakeJob } from '../support/fakeActivities.ts';
import { someKeys, startTestTemporal } from '../support/temporal.ts';
import type { TestTemporal } from '../support/temporal.ts';

let temporal: TestTemporal;
beforeAll(async () => {
  temporal = await startTestTemporal();
}, 600_000);
afterAll(async () => temporal.close());

const tenant = 'secretive';
const subject = 'somebody@secretive.example';
const address = 'https://secretive.example/plans/next-year.html';
const patience = { timeout: 30_000, interval: 100 };
const signing = someKeys('signing');
const masterKey = (id: string) => ({ id, key: new Uint8Array(randomBytes(32)) });
const securityWith = (encrypt: boolean, ...keys: ReturnType<typeof masterKey>[]) => createTemporalSecurity({ principals: { keys: signing, acceptUnsigned: false }, payloads: { encrypt, keys } });
const clientsWith = (security: TemporalSecurity) => clientsOver(temporal.connection, { namespaces: temporal.clients.namespaces, ...security });
const unit = (index: number): IngestUnit => ({ indexes: [index], documentId: randomUUID(), source: 'url' });

async function start(security: TemporalSecurity, jobId: string): Promise<void> {
  await createWorkflowStarter(clientsWith(security), { window: 2 }).start({ kind: 'job', tenant, subject, id: jobId, workflowId: jobWorkflowId(tenant, jobId), revision: 1 });
}

/** A job of two documents, one of which fails with a message that names its address; gives back what Temporal has stored of it. */
async function runJob(security: TemporalSecurity) {
  const jobId = randomUUID();
  const job = new FakeJob([unit(0), unit(1)]);
  const fake = new FakeActivities({ [jobId]: job });
  fake.onStage = (_stage, _scope, indexes) => {
    if (indexes.includes(1)) throw ApplicationFailure.create({ type: 'FETCH_FAILED', message: `${address} answered 404.`, nonRetryable: true, details: [{ code: 'FETCH_FAILED', message: `${address} answered 404.`, remedy: 'Look there.' }] });
  };
  await temporal.withWorkers(
    fake.create(),
    async () => {
      await start(security, jobId);
      await clientsWith(security).of(tenant).workflow.getHandle(jobWorkflowId(tenant, jobId)).result();
    },
    { security, acceptsUnsigned: false },
  );
  const workflowIds = [jobWorkflowId(tenant, jobId), ...job.units.map(({ documentId = '' }) => documentWorkflowId(tenant, documentId))];
  const histories = await Promise.all(workflowIds.map((workflowId) => temporal.client.workflow.getHandle(workflowId).fetchHistory()));
  return { job, failed: workflowIds[2] ?? '', histories, stored: Buffer.concat(histories.map((history) => Buffer.from(proto.temporal.api.history.v1.History.encode(history).finish()))) };
}

it('stores subject and addresses in clear without encryption, so that the test below can fail', async () => {
  const { job, stored } = await runJob(securityWith(false));
  expect([job.countOf('succeeded'), job.countOf('failed', 'FETCH_FAILED')]).toEqual([1, 1]);
  expect([stored.includes(subject), stored.includes(address)]).toEqual([true, true]);
}, 60_000);

it('stores neither with it, in payloads, headers and failures; who has the keys reads both', async () => {
  const security = securityWith(true, masterKey('first'));
  const { job, failed, stored, histories } = await runJob(security);
  expect([job.countOf('succeeded'), job.countOf('failed', 'FETCH_FAILED')]).toEqual([1, 1]);
  for (const hidden of [subject, address, 'answered 404', Buffer.from(subject).toString('base64url').slice(0, 20)]) expect([hidden, stored.includes(hidden)]).toEqual([hidden, false]);
  // The type of a failure stays readable: Temporal decides by it whether to try again.
  expect(stored.includes('FETCH_FAILED')).toBe(true);

  const input = histories[0]?.events?.[0]?.workflowExecutionStartedEventAttributes?.input?.payloads ?? [];
  const [decoded] = security.payloadCrypt.decode(input);
  expect(Buffer.from(decoded?.data ?? []).toString()).toContain(`"subject":"${subject}"`);
  expect(histories[2]?.events?.at(-1)?.workflowExecutionFailedEventAttributes?.failure?.message).toBe('Encoded failure');
  const read = clientsWith(security).of(tenant).workflow.getHandle(failed).result();
  await expect(read).rejects.toMatchObject({ cause: { type: 'FETCH_FAILED', message: `${address} answered 404.` } });
}, 60_000);

it('goes on under a new key with what was begun under the old one, and under none with what was begun in clear', async () => {
  const old = masterKey('old');
  for (const before of [securityWith(true, old), securityWith(false)]) {
    const after = securityWith(true, masterKey('fresh'), old);
    const jobId = randomUUID();
    const job = new FakeJob([unit(0)]);
    const fake = new FakeActivities({ [jobId]: job });
    fake.onStage = (stage) => {
      if (stage === 'embed') job.pause();
    };
    await temporal.withWorkers(
      fake.create(),
      async () => {
        await start(before, jobId);
        await expect.poll(() => job.control.paused, patience).not.toBeNull();
      },
      { security: before, acceptsUnsigned: false },
    );
    fake.onStage = () => undefined;
    job.resume();
    await temporal.withWorkers(
      fake.create(),
      async () => {
        await start(after, jobId);
        await clientsWith(after).of(tenant).workflow.getHandle(jobWorkflowId(tenant, jobId)).result();
      },
      { security: after, acceptsUnsigned: false },
    );
    expect(job.countOf('succeeded')).toBe(1);
  }
}, 120_000);

it('writes the schedules anew under a new key, so that the old one can go', async () => {
  const [old, fresh] = [masterKey('old'), masterKey('fresh')];
  const id = randomUUID();
  const source = { id, schedule: scheduleSchema.parse({ everySeconds: 3_600 }), paused: true };
  await createPlatformSchedules(clientsWith(securityWith(true, old)), declaredSchedules).ensure();
  await createSourceSchedules(clientsWith(securityWith(true, old))).apply(tenant, source);
  const both = clientsWith(securityWith(true, fresh, old));
  await createPlatformSchedules(both, declaredSchedules).ensure();
  expect([await createSourceSchedules(both).renew(tenant, source), await createSourceSchedules(both).renew(tenant, source)]).toEqual([true, false]);

  const security = securityWith(true, fresh);
  const { schedule } = clientsWith(security).of(tenant);
  const fake = new FakeActivities({});
  fake.tenants = [tenant];
  fake.sourceJobs.set(id, new FakeJob([unit(0)]));
  await temporal.withWorkers(
    fake.create(),
    async () => {
      for (const scheduleId of [sweepScheduleId, sourceScheduleId(tenant, id)]) await schedule.getHandle(scheduleId).trigger();
      await expect.poll(() => [fake.done.size, fake.finishedJobs.length], patience).toEqual([1, 1]);
    },
    { security, acceptsUnsigned: false },
  );
}, 90_000);

it('waits where a worker lacks the key, which goes on with other work, and goes on where one has it', async () => {
  const [lost, held] = [masterKey('lost'), masterKey('held')];
  const [waiting, other] = [randomUUID(), randomUUID()];
  const fake = new FakeActivities({ [waiting]: new FakeJob([unit(0)]), [other]: new FakeJob([unit(0)]) });
  await start(securityWith(true, lost), waiting);
  const lacking = securityWith(true, held);
  await temporal.withWorkers(
    fake.create(),
    async () => {
      const failed = async () => ((await temporal.client.workflow.getHandle(jobWorkflowId(tenant, waiting)).fetchHistory()).events ?? []).some((event) => event.workflowTaskFailedEventAttributes != null);
      await expect.poll(failed, patience).toBe(true);
      await start(lacking, other);
      await clientsWith(lacking).of(tenant).workflow.getHandle(jobWorkflowId(tenant, other)).result();
    },
    { security: lacking, acceptsUnsigned: false },
  );
  expect(fake.finishedJobs).toEqual([other]);
  const both = securityWith(true, held, lost);
  await temporal.withWorkers(fake.create(), () => clientsWith(both).of(tenant).workflow.getHandle(jobWorkflowId(tenant, waiting)).result(), { security: both, acceptsUnsigned: false });
  expect(fake.finishedJobs).toEqual([other, waiting]);
}, 120_000);
