import { randomUUID } from 'node:crypto';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { clientsOver } from '../../src/adapters/temporal/connection.ts';
import { createIndexChanges } from '../../src/adapters/temporal/indexChanges.ts';
import { isSignedNow } from '../../src/adapters/temporal/scheduleSignature.ts';
import { createSourceSchedules } from '../../src/adapters/temporal/sourceSchedules.ts';
import { createPlatformSchedules } from '../../src/adapters/temporal/platformSchedules.ts';
import { createTemporalSecurity } from '../../src/adapters/temporal/temporalSecurity.ts';
import { createWorkflowStarter } from '../../src/adapters/temporal/workflowStarter.ts';
import type { IngestUnit } from '../../src/contracts/ingestion.ts';
import type { DomainEvent } from '../../src/contracts/events.ts';
import { scheduleSchema } from '../../src/contracts/sources.ts';
import type { WorkPrincipal } from '../../src/contracts/workPrincipal.ts';
import { firstRun } from '../../src/workflows/batch/batchInput.ts';
import { deletionWorkflowId, documentWorkflowId, indexRollbackWorkflowId, indexTendingWorkflowId, indexWork, jobWorkflowId, sourceScheduleId, sweepScheduleId, sweepWorkflowId, taskQueues } from '../../src/workflows/names.ts';
import { declaredSchedules } from '../../temporal/schedules.ts';
import { FakeActivities, FakeJob } from '../support/fakeActivities.ts';
import { intruderWith, recorded } from '../support/intruder.ts';
import { someKeys, startTestTemporal } from '../support/temporal.ts';
import type { TestTemporal } from '../support/temporal.ts';

let temporal: TestTemporal;
beforeAll(async () => {
  temporal = await startTestTemporal();
}, 600_000);
afterAll(async () => temporal.close());

const tenant = 'victim';
const subject = 'somebody';
const patience = { timeout: 30_000, interval: 100 };
const strict = { acceptsUnsigned: false };
const unit = (index: number): IngestUnit => ({ indexes: [index], documentId: randomUUID(), source: 'text' });
const securityOf = (keys: Parameters<typeof createTemporalSecurity>[0]['principals']['keys']) => createTemporalSecurity({ principals: { keys, acceptUnsigned: false }, payloads: { encrypt: false, keys: [] } });

interface Begun {
  readonly type: string;
  readonly workflowId: string;
  readonly args: unknown[];
}

/** Every kind of workflow, as an intruder would start it, for a tenant of his choice or for the platform. */
function everyWorkflow(jobId = randomUUID()): Begun[] {
  const scope = { tenant, subject, jobId };
  const deletion = { tenant, deletionId: randomUUID() };
  const sweep = { tenant, sweepId: randomUUID() };
  const source = { tenant, sourceId: randomUUID() };
  return [
    { type: 'ingestBatch', workflowId: jobWorkflowId(tenant, jobId), args: [firstRun(scope, 1)] },
    { type: 'ingestDocument', workflowId: documentWorkflowId(tenant, randomUUID()), args: [{ scope, index: 0 }] },
    { type: 'ingestSlice', workflowId: `${jobWorkflowId(tenant, jobId)}/slice/0`, args: [{ scope, indexes: [0] }] },
    { type: 'deleteDocuments', workflowId: deletionWorkflowId(tenant, deletion.deletionId), args: [{ scope: deletion }] },
    { type: 'sweepArtifacts', workflowId: sweepWorkflowId(tenant, sweep.sweepId), args: [{ scope: sweep }] },
    { type: 'runSource', workflowId: sourceScheduleId(tenant, source.sourceId), args: [source] },
    { type: 'sweepTenants', workflowId: `${sweepScheduleId}-by-hand`, args: [{}] },
    { type: 'rollBackIndex', workflowId: indexRollbackWorkflowId, args: [{ by: subject }] },
    { type: 'tendGenerations', workflowId: indexTendingWorkflowId, args: [] },
  ];
}

/** Starts all of them with a header; gives back what the activities were refused for, by workflow. */
async function intrude(headerOf: (begun: Begun) => Promise<string | undefined>, options: Parameters<TestTemporal['withWorkers']>[2] = {}) {
  const jobId = randomUUID();
  const fake = new FakeActivities({ [jobId]: [unit(0)] });
  fake.tenants = [tenant];
  const ran: string[] = [];
  const events: DomainEvent[] = [];
  const outcomes: Record<string, unknown> = {};
  await temporal.withWorkers(
    recorded(fake.create(), ran),
    async () => {
      for (const begun of everyWorkflow(jobId)) {
        const client = intruderWith(temporal.connection, await headerOf(begun));
        const run = client.workflow.execute(begun.type, { workflowId: begun.workflowId, taskQueue: taskQueues.ingest, args: begun.args });
        outcomes[begun.type] = await run.then(() => 'done', (error: unknown) => codeOf(error));
      }
    },
    { ...strict, ...options, onEvent: (event) => events.push(event) },
  );
  return { ran, outcomes, refusals: events.filter((event) => event.type === 'principal.refused') };
}

/** The first type among a failure and its causes. */
function codeOf(error: unknown): string {
  const { cause, type } = error as { readonly cause?: unknown; readonly type?: string };
  return type ?? (cause === undefined ? String(error) : codeOf(cause));
}

const allRefused = Object.fromEntries(everyWorkflow().map(({ type }) => [type, 'PRINCIPAL_REFUSED']));
const sign = (principal: WorkPrincipal) => temporal.security.signatures.sign(principal);
/** As it is signed where the API starts it. */
const rightful = ({ type, workflowId, args: [input] }: Begun): WorkPrincipal => {
  if (type === 'sweepTenants') return { kind: 'platform', workflowId: sweepScheduleId };
  if (workflowId.startsWith(indexWork)) return { kind: 'platform', workflowId: indexWork };
  const { scope } = input as { readonly scope?: { readonly jobId?: string } };
  return { kind: 'tenant', tenant, subject, workflowId: scope?.jobId === undefined ? workflowId : jobWorkflowId(tenant, scope.jobId) };
};

describe('a workflow that somebody starts by hand runs no activity', () => {
  it('without a principal', async () => {
    const { ran, outcomes, refusals } = await intrude(() => Promise.resolve(undefined));
    expect([ran, outcomes]).toEqual([[], allRefused]);
    expect(refusals.length).toBeGreaterThanOrEqual(9);
  }, 120_000);

  it('with the principal of another tenant', async () => {
    const { ran, outcomes } = await intrude(() => sign({ kind: 'tenant', tenant: 'intruder', subject, workflowId: jobWorkflowId('intruder', '1') }));
    expect([ran, outcomes]).toEqual([[], allRefused]);
  }, 120_000);

  it('with a principal of the tenant for other work, copied from a history', async () => {
    const { ran, outcomes } = await intrude(() => sign({ kind: 'tenant', tenant, subject, workflowId: jobWorkflowId(tenant, 'another') }));
    expect([ran, outcomes]).toEqual([[], allRefused]);
  }, 120_000);

  it('with a principal that was changed', async () => {
    const { ran, outcomes } = await intrude(async () => {
      const [head = '', , signature = ''] = (await sign({ kind: 'tenant', tenant: 'intruder', subject, workflowId: jobWorkflowId('intruder', '1') })).split('.');
      const claims = { kind: 'tenant', tenant, subject, workflowId: jobWorkflowId(tenant, '1'), iat: 1 };
      return [head, Buffer.from(JSON.stringify(claims)).toString('base64url'), signature].join('.');
    });
    expect([ran, outcomes]).toEqual([[], allRefused]);
  }, 120_000);

  it('with a principal by a key of the same name', async () => {
    const { ran, outcomes } = await intrude((begun) => securityOf(someKeys('test')).signatures.sign(rightful(begun)));
    expect([ran, outcomes]).toEqual([[], allRefused]);
  }, 120_000);

  it('with a principal by a key that the worker does not know: it waits for the key, and does nothing', async () => {
    const jobId = randomUUID();
    const fake = new FakeActivities({ [jobId]: [unit(0)] });
    const ran: string[] = [];
    const begun = everyWorkflow(jobId)[0] as Begun;
    await temporal.withWorkers(
      recorded(fake.create(), ran),
      async () => {
        const client = intruderWith(temporal.connection, await securityOf(someKeys('unknown')).signatures.sign(rightful(begun)));
        const handle = await client.workflow.start(begun.type, { workflowId: begun.workflowId, taskQueue: taskQueues.ingest, args: begun.args });
        const pending = async () => (await handle.describe()).raw.pendingActivities?.[0];
        await expect.poll(async () => (await pending())?.lastFailure?.applicationFailureInfo?.type, patience).toBe('PRINCIPAL_KEY_UNKNOWN');
        await handle.terminate();
      },
      strict,
    );
    expect([ran, fake.finishedJobs]).toEqual([[], []]);
  }, 60_000);
});

describe('work that the API starts', () => {
  it('is done to its end, with its documents, slices, deletions and what undoes it', async () => {
    const [jobId, restoring] = [randomUUID(), randomUUID()];
    const [missing, undone] = [randomUUID(), randomUUID()];
    const job = new FakeJob([], [{ units: [unit(0), { indexes: [1, 2], source: 'text' }], waitMs: 0 }, { units: [unit(3)] }]);
    const fake = new FakeActivities({ [jobId]: job, [restoring]: [unit(0)] });
    fake.missing.push({ deletion: { tenant, deletionId: missing }, documents: 1 });
    fake.undoPages.push({ deletion: { tenant, deletionId: undone }, restoring: { tenant, subject, jobId: restoring }, last: null });
    const refusals = await whileStrict(fake, async () => {
      await startJob(jobId);
      await temporal.client.workflow.getHandle(jobWorkflowId(tenant, jobId)).result();
      job.units.push(unit(4));
      job.cancel('undo');
      await startJob(jobId);
      await expect.poll(() => fake.finishedJobs.filter((id) => id === jobId).length, patience).toBeGreaterThan(1);
    });
    expect(refusals).toEqual([]);
    expect([...fake.done].sort()).toEqual([missing, undone].sort());
    expect(fake.finishedJobs).toContain(restoring);
  }, 90_000);

  it('is done by the scheduler of Temporal, again and again', async () => {
    const fake = new FakeActivities({});
    const id = randomUUID();
    fake.sourceJobs.set(id, new FakeJob([], [{ units: [unit(0)] }]));
    const schedules = createSourceSchedules(temporal.clients);
    const refusals = await whileStrict(fake, async () => {
      await schedules.apply(tenant, { id, schedule: scheduleSchema.parse({ everySeconds: 10 }), paused: true });
      await schedules.apply(tenant, { id, schedule: scheduleSchema.parse({ everySeconds: 3_600 }), paused: true });
      await schedules.backfill(tenant, id, { from: '2026-01-01T00:30:00Z', to: '2026-01-01T02:30:00Z' });
      await expect.poll(() => fake.finishedJobs.length, patience).toBe(2);
    });
    await schedules.remove(tenant, id);
    expect(refusals).toEqual([]);
  }, 90_000);

  it('is the sweep of every tenant, of which each gets a principal of its own', async () => {
    const fake = new FakeActivities({});
    fake.tenants = ['a', tenant];
    const refusals = await whileStrict(fake, async () => {
      await createPlatformSchedules(temporal.clients, declaredSchedules).ensure();
      await temporal.client.schedule.getHandle(sweepScheduleId).trigger();
      await expect.poll(() => fake.done.size, patience).toBe(2);
    });
    await temporal.client.schedule.getHandle(sweepScheduleId).delete();
    expect([fake.erasures, refusals]).toEqual([['sweep a -', `sweep ${tenant} -`], []]);
  }, 90_000);
});

it('changes of the index are done for the platform, and what tends the generations after them', async () => {
  const fake = new FakeActivities({});
  const refusals = await whileStrict(fake, async () => {
    const { workflowId } = await createIndexChanges(temporal.clients).rollBack('somebody', null);
    await temporal.client.workflow.getHandle(workflowId).result();
    await expect.poll(() => fake.generations.steps, patience).toContain('tend');
    await createPlatformSchedules(temporal.clients, declaredSchedules).ensure();
    await temporal.client.schedule.getHandle('catalyst/compaction').trigger();
    // To its end, so that nothing of it is left for the workers of other tests, who have other keys.
    await expect.poll(() => fake.generations.steps.filter((step) => step === 'tend').length, patience).toBe(2);
    expect(fake.generations.steps).toContain('switch green (compaction)');
  });
  await temporal.client.schedule.getHandle('catalyst/compaction').delete();
  expect(refusals).toEqual([]);
}, 90_000);

describe('keys', () => {
  it('may change while work runs: begun under the old one, it is finished under the new one', async () => {
    const [old, fresh] = [someKeys('old'), someKeys('fresh')];
    const jobId = randomUUID();
    const job = new FakeJob([unit(0), unit(1)]);
    const fake = new FakeActivities({ [jobId]: job });
    fake.onStage = (stage) => {
      if (stage === 'chunk') job.pause();
    };
    const before = securityOf(old);
    const clients = clientsOver(temporal.connection, { namespaces: temporal.clients.namespaces, ...before });
    await whileStrict(fake, async () => {
      await createWorkflowStarter(clients, { window: 2 }).start({ kind: 'job', tenant, subject, id: jobId, workflowId: jobWorkflowId(tenant, jobId), revision: 1 });
      await expect.poll(() => job.control.paused, patience).not.toBeNull();
    }, before);
    fake.onStage = () => undefined;
    job.resume();
    const rotated = securityOf([...fresh, ...old]);
    const now = clientsOver(temporal.connection, { namespaces: temporal.clients.namespaces, ...rotated });
    const refusals = await whileStrict(fake, async () => {
      await createWorkflowStarter(now, { window: 2 }).start({ kind: 'job', tenant, subject, id: jobId, workflowId: jobWorkflowId(tenant, jobId), revision: 2 });
      await temporal.client.workflow.getHandle(jobWorkflowId(tenant, jobId)).result();
    }, rotated);
    expect([refusals, job.countOf('succeeded')]).toEqual([[], 2]);
  }, 90_000);

  it('that sign no longer are replaced in schedules, which run on without a pause', async () => {
    const [old, fresh] = [someKeys('old'), someKeys('fresh')];
    const id = randomUUID();
    const schedulesOf = (security: ReturnType<typeof securityOf>) => createSourceSchedules(clientsOver(temporal.connection, { namespaces: temporal.clients.namespaces, ...security }));
    const source = { id, schedule: scheduleSchema.parse({ everySeconds: 3_600 }), paused: true };
    const scheduleId = sourceScheduleId(tenant, id);
    // As a version before there were signatures made it.
    await temporal.client.schedule.create({ scheduleId, spec: { intervals: [{ every: '1h' }] }, state: { paused: true }, action: { type: 'startWorkflow', workflowType: 'runSource', workflowId: scheduleId, taskQueue: taskQueues.ingest, args: [{ tenant, sourceId: id }] } });
    expect(await schedulesOf(securityOf(old)).renew(tenant, source)).toBe(true);
    expect(await schedulesOf(securityOf(old)).renew(tenant, source)).toBe(false);
    const rotated = securityOf([...fresh, ...old]);
    expect(await schedulesOf(rotated).renew(tenant, source)).toBe(true);
    expect(await isSignedNow(temporal.client, scheduleId, { kind: 'tenant', tenant, subject: 'schedule', workflowId: scheduleId }, rotated.signatures)).toBe(true);
    const only = securityOf(fresh);
    const fake = new FakeActivities({});
    fake.sourceJobs.set(id, new FakeJob([], [{ units: [unit(0)] }]));
    const refusals = await whileStrict(fake, async () => {
      await temporal.client.schedule.getHandle(scheduleId).trigger();
      await expect.poll(() => fake.finishedJobs.length, patience).toBe(1);
    }, only);
    await schedulesOf(only).remove(tenant, id);
    expect(refusals).toEqual([]);
  }, 90_000);
});

it('work without a principal is done while it is accepted, and what it leads to gets none', async () => {
  const jobId = randomUUID();
  const fake = new FakeActivities({ [jobId]: new FakeJob([], [{ units: [unit(0)] }]) });
  const deletionId = randomUUID();
  fake.missing.push({ deletion: { tenant, deletionId }, documents: 1 });
  const begun = everyWorkflow(jobId)[0] as Begun;
  await temporal.withWorkers(fake.create(), () => intruderWith(temporal.connection, undefined).workflow.execute(begun.type, { workflowId: begun.workflowId, taskQueue: taskQueues.ingest, args: begun.args }), { acceptsUnsigned: true });
  expect([fake.finishedJobs, [...fake.done]]).toEqual([[jobId], [deletionId]]);
  const { events } = await temporal.client.workflow.getHandle(deletionWorkflowId(tenant, deletionId)).fetchHistory();
  expect(events?.[0]?.workflowExecutionStartedEventAttributes?.header?.fields ?? {}).toEqual({});
}, 60_000);

async function startJob(jobId: string): Promise<void> {
  await createWorkflowStarter(temporal.clients, { window: 2 }).start({ kind: 'job', tenant, subject, id: jobId, workflowId: jobWorkflowId(tenant, jobId), revision: 1 });
}

/** What was refused meanwhile. */
async function whileStrict(fake: FakeActivities, work: () => Promise<void>, security = temporal.security): Promise<DomainEvent[]> {
  const refusals: DomainEvent[] = [];
  await temporal.withWorkers(fake.create(), work, { ...strict, security, onEvent: (event) => event.type === 'principal.refused' && refusals.push(event) });
  return refusals;
}
