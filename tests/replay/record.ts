/**
 * Records the histories that `npm test` replays: `node tests/replay/record.ts`, or only those that are named: `… record.ts indexChanges`.
 * Record anew only after a change of the workflows that running ones survive (docs/guides/testing.md); the old histories must replay before.
 */
import { randomUUID } from 'node:crypto';
import { writeFile } from 'node:fs/promises';
import { setTimeout as sleep } from 'node:timers/promises';
import proto from '@temporalio/proto';
import { createWorkflowStarter } from '../../src/adapters/temporal/workflowStarter.ts';
import type { IngestUnit } from '../../src/contracts/ingestion.ts';
import { consistencyWorkflowId, deletionWorkflowId, documentWorkflowId, indexTendingWorkflowId, jobWorkflowId, sliceWorkflowId, sourceScheduleId, sweepWorkflowId, taskQueues } from '../../src/workflows/names.ts';
import { FakeActivities, FakeJob } from '../support/fakeActivities.ts';
import { startTestTemporal } from '../support/temporal.ts';

const temporal = await startTestTemporal();
const tenant = 'replay';
const single = (index: number): IngestUnit => ({ indexes: [index], documentId: randomUUID(), source: 'text' });

const recorders = { ingestion: recordIngestion, steering: recordSteering, cancellation: recordCancellation, discovery: recordDiscovery, erasure: recordErasure, audits: recordAudits, indexChanges: recordIndexChanges, reindex: recordReindex, placements: recordPlacements, recall: recordRecall, backups: recordBackups };
const named = process.argv.slice(2);
for (const [name, record] of Object.entries(recorders)) if (named.length === 0 || named.includes(name)) await record();
await temporal.close();
process.exit(0);

async function recordIngestion(): Promise<void> {
  const jobId = randomUUID();
  const units = [...Array.from({ length: 8 }, (_, index) => single(index)), { indexes: [8, 9, 10], source: 'text' }, { indexes: [11, 12], source: 'text' }];
  const fake = new FakeActivities({ [jobId]: units });
  fake.stepMs = 50;
  fake.poison.add(`${jobId}/1`).add(`${jobId}/12`);
  await temporal.withWorkers(fake.create(), async () => {
    const first = await startBatch(jobId, 3, { documentsPerPage: 4, unitsPerRun: 4 });
    await resultOf(jobWorkflowId(tenant, jobId));
    await save('ingestBatch-continued', jobWorkflowId(tenant, jobId), first);
    await save('ingestBatch-last-run', jobWorkflowId(tenant, jobId));
    await save('ingestDocument-succeeded', documentWorkflowId(tenant, units[0]?.documentId ?? ''));
    await save('ingestDocument-failed', documentWorkflowId(tenant, units[1]?.documentId ?? ''));
    await save('ingestSlice-together', sliceWorkflowId(tenant, jobId, 8));
    await save('ingestSlice-one-by-one', sliceWorkflowId(tenant, jobId, 11));
  });
}

/** Paused between two stages, resumed, with more documents and another concurrency. */
async function recordSteering(): Promise<void> {
  const jobId = randomUUID();
  const job = new FakeJob([single(0), single(1), { indexes: [2, 3], source: 'text' }]);
  const fake = new FakeActivities({ [jobId]: job });
  fake.onStage = (stage) => {
    if (stage === 'chunk') job.pause();
  };
  await temporal.withWorkers(fake.create(), async () => {
    await nudge(jobId);
    await until(() => job.control.paused !== null);
    await sleep(2_000);
    fake.onStage = () => undefined;
    job.units.push(single(4));
    job.control.concurrency = 1;
    job.resume();
    await nudge(jobId);
    await resultOf(jobWorkflowId(tenant, jobId));
    await save('ingestBatch-steered', jobWorkflowId(tenant, jobId));
    await save('ingestDocument-rested', documentWorkflowId(tenant, job.units[0]?.documentId ?? ''));
    await save('ingestSlice-rested', sliceWorkflowId(tenant, jobId, 2));
  });
}

async function recordCancellation(): Promise<void> {
  const jobId = randomUUID();
  const restoring = randomUUID();
  const job = new FakeJob(Array.from({ length: 8 }, (_, index) => single(index)));
  const fake = new FakeActivities({ [jobId]: job, [restoring]: [single(0)] });
  fake.undoPages.push({ deletion: { tenant, deletionId: randomUUID() }, restoring: { tenant, subject: 'recorder', jobId: restoring }, last: 7 });
  fake.stepMs = 300;
  await temporal.withWorkers(fake.create(), async () => {
    await nudge(jobId);
    await until(() => job.countOf('succeeded') > 1);
    job.cancel('undo');
    await nudge(jobId);
    await resultOf(jobWorkflowId(tenant, jobId));
    await save('ingestBatch-undone', jobWorkflowId(tenant, jobId));
    const cut = job.units.find(({ indexes }) => job.results.get(indexes[0] ?? 0)?.failure?.code === 'CANCELLED' && fake.acquired.includes(`${jobId}/${indexes[0]}`));
    if (cut !== undefined) await save('ingestDocument-cancelled', documentWorkflowId(tenant, cut.documentId ?? ''));
  });
}

/** A run of a source, as its schedule starts it; its job reads on and on, and ends with a deletion of what is missing. */
async function recordDiscovery(): Promise<void> {
  const fake = new FakeActivities({});
  const sourceId = randomUUID();
  const steps = [{ units: [single(0), single(1)], waitMs: 500 }, { failure: 'FETCHER_CREDITS_EXHAUSTED' as const }, { units: [single(2)] }, { units: [single(3)] }];
  fake.sourceJobs.set(sourceId, new FakeJob([], steps));
  fake.missing.push({ deletion: { tenant, deletionId: randomUUID() }, documents: 2 });
  await temporal.withWorkers(fake.create(), async () => {
    const workflowId = sourceScheduleId(tenant, sourceId);
    await temporal.client.workflow.start('runSource', { workflowId, taskQueue: taskQueues.ingest, args: [{ tenant, sourceId }] });
    await until(() => Object.values(fake.jobs)[0]?.control.paused != null);
    const [[jobId, job] = ['', undefined]] = Object.entries(fake.jobs);
    await sleep(1_000);
    job?.resume();
    await nudge(jobId);
    await resultOf(workflowId);
    await save('runSource-finished', workflowId);
    await save('ingestBatch-discovering', jobWorkflowId(tenant, jobId));

    const cancelled = `${workflowId}-cancelled`;
    await temporal.client.workflow.start('runSource', { workflowId: cancelled, taskQueue: taskQueues.ingest, args: [{ tenant, sourceId }] });
    await until(() => Object.keys(fake.jobs).length === 2);
    await temporal.client.workflow.getHandle(cancelled).cancel();
    await resultOf(cancelled);
    await save('runSource-cancelled', cancelled);
  });
}

async function recordErasure(): Promise<void> {
  const fake = new FakeActivities({});
  fake.pagesPerStep = 3;
  fake.tenants = ['a', 'b'];
  const [deletionId, sweepId] = [randomUUID(), randomUUID()];
  await temporal.withWorkers(fake.create(), async () => {
    const { workflow } = temporal.client;
    const deletion = await workflow.start('deleteDocuments', { workflowId: deletionWorkflowId(tenant, deletionId), taskQueue: taskQueues.ingest, args: [{ scope: { tenant, deletionId }, pagesPerRun: 7 }] });
    await deletion.result();
    await save('deleteDocuments-continued', deletion.workflowId, deletion.firstExecutionRunId);
    await save('deleteDocuments-last-run', deletion.workflowId);
    const sweep = await workflow.start('sweepArtifacts', { workflowId: sweepWorkflowId(tenant, sweepId), taskQueue: taskQueues.ingest, args: [{ scope: { tenant, sweepId }, pagesPerRun: 2 }] });
    await sweep.result();
    await save('sweepArtifacts-continued', sweep.workflowId, sweep.firstExecutionRunId);
    await save('sweepArtifacts-last-run', sweep.workflowId);
    const all = await workflow.start('sweepTenants', { workflowId: 'sweeps', taskQueue: taskQueues.ingest, args: [{}] });
    await all.result();
    await save('sweepTenants-finished', all.workflowId);
  });
}

/** One that takes over, one that is found wanting, and the way back; retired generations are tended twice. */
async function recordIndexChanges(): Promise<void> {
  const fake = new FakeActivities({});
  const { generations } = fake;
  await temporal.withWorkers(fake.create(), async () => {
    generations.pages = 2;
    await changed('compactIndex', 'compactIndex-switched', { by: 'recorder', force: true });
    generations.wanting.add('green');
    await changed('compactIndex', 'compactIndex-abandoned', { by: 'recorder' });
    generations.left = [1];
    await changed('rollBackIndex', 'rollBackIndex-finished', { by: 'recorder' });
    await save('tendGenerations-finished', indexTendingWorkflowId);
  });
}

/** To another model: one that takes over, and one that may spend no more. */
async function recordReindex(): Promise<void> {
  const fake = new FakeActivities({});
  const input = { by: 'recorder', maximumTokens: 1_000, trial: { gates: { qualityLoss: 0.02, overlap: 0, latencyFactor: 3 }, smoke: [] } };
  await temporal.withWorkers(fake.create(), async () => {
    await changed('reindexIndex', 'reindexIndex-switched', input);
    fake.generations.isTooDear = true;
    await changed('reindexIndex', 'reindexIndex-stopped', input);
  });
}

/** The shared collection and those of two tenants in one look, one of a tenant by itself, a tenant that comes back, and the way back of one. */
async function recordPlacements(): Promise<void> {
  const fake = new FakeActivities({});
  fake.generations.dedicated = ['big', 'vast'];
  await temporal.withWorkers(fake.create(), async () => {
    await changed('compactIndex', 'compactIndex-placements', { by: 'recorder' });
    await changed('compactIndex', 'compactIndex-one-tenant', { by: 'recorder', tenant: 'big', force: true });
    await changed('compactIndex', 'compactIndex-taken-back', { by: 'recorder', takeBack: ['big'] });
    await changed('rollBackIndex', 'rollBackIndex-one-tenant', { by: 'recorder', tenant: 'big' });
  });
}

async function recordRecall(): Promise<void> {
  await temporal.withWorkers(new FakeActivities({}).create(), async () => {
    const recall = await temporal.client.workflow.start('measureRecall', { workflowId: 'recall', taskQueue: taskQueues.ingest, args: [] });
    await recall.result();
    await save('measureRecall-finished', recall.workflowId);
  });
}

async function changed(workflowType: 'compactIndex' | 'reindexIndex' | 'rollBackIndex', name: string, input: object): Promise<void> {
  await temporal.client.workflow.start(workflowType, { workflowId: name, taskQueue: taskQueues.ingest, args: [input] });
  await resultOf(name);
  await resultOf(indexTendingWorkflowId);
  await save(name, name);
}

/** Of several calls each, and one that is refused. */
async function recordBackups(): Promise<void> {
  const fake = new FakeActivities({});
  const { backups } = fake;
  const record = async (workflowType: 'createBackup' | 'verifyBackup' | 'restoreBackup', name: string, input: object): Promise<void> => {
    await temporal.client.workflow.start(workflowType, { workflowId: name, taskQueue: taskQueues.ingest, args: [input] });
    await resultOf(name);
    await save(name, name);
  };
  const scope = { restoreId: randomUUID(), backupId: '20260101T000000Z-00000000', parts: ['registry', 'objects', 'index'], by: 'recorder' };
  await temporal.withWorkers(fake.create(), async () => {
    backups.pages = 2;
    await record('createBackup', 'createBackup-finished', { by: 'recorder' });
    await record('verifyBackup', 'verifyBackup-finished', { id: scope.backupId, deep: true });
    backups.due = scope.backupId;
    await record('verifyBackup', 'verifyBackup-scheduled', { id: null, deep: true });
    backups.failing = 'verify';
    await record('verifyBackup', 'verifyBackup-failed', { id: scope.backupId, deep: false });
    backups.failing = undefined;
    backups.configured = false;
    await record('createBackup', 'createBackup-unconfigured', { by: 'recorder', isAwaited: true });
    backups.configured = true;
    backups.pages = 2;
    await record('restoreBackup', 'restoreBackup-finished', { scope });
    backups.failing = 'begin restore';
    await record('restoreBackup', 'restoreBackup-refused', { scope });
    backups.failing = 'dump';
    await record('createBackup', 'createBackup-failed', { by: 'recorder' });
  });
}

async function recordAudits(): Promise<void> {
  const fake = new FakeActivities({});
  fake.pagesPerStep = 3;
  fake.tenants = ['a', 'b'];
  const auditId = randomUUID();
  await temporal.withWorkers(fake.create(), async () => {
    const { workflow } = temporal.client;
    const audit = await workflow.start('auditIndex', { workflowId: consistencyWorkflowId(tenant, auditId), taskQueue: taskQueues.ingest, args: [{ scope: { tenant, auditId }, pagesPerRun: 5 }] });
    await audit.result();
    await save('auditIndex-continued', audit.workflowId, audit.firstExecutionRunId);
    await save('auditIndex-last-run', audit.workflowId);
    const all = await workflow.start('auditTenants', { workflowId: 'audits', taskQueue: taskQueues.ingest, args: [{ deep: false }] });
    await all.result();
    await save('auditTenants-finished', all.workflowId);
  });
}

async function startBatch(jobId: string, window: number, limits: { readonly documentsPerPage: number; readonly unitsPerRun: number }): Promise<string> {
  const handle = await temporal.client.workflow.start('ingestBatch', {
    workflowId: jobWorkflowId(tenant, jobId),
    taskQueue: taskQueues.ingest,
    args: [{ scope: { tenant, subject: 'recorder', jobId }, limits: { ...limits, window }, after: -1, carried: [] }],
  });
  return handle.firstExecutionRunId;
}

async function nudge(jobId: string): Promise<void> {
  await createWorkflowStarter(temporal.clients, { window: 3 }).start({ kind: 'job', tenant, subject: 'recorder', id: jobId, workflowId: jobWorkflowId(tenant, jobId), revision: 1 });
}

/** Of failed and cancelled ones too. */
async function resultOf(workflowId: string): Promise<void> {
  await temporal.client.workflow.getHandle(workflowId).result().catch(() => undefined);
}

async function until(condition: () => boolean): Promise<void> {
  while (!condition()) await sleep(20);
}

async function save(name: string, workflowId: string, runId?: string): Promise<void> {
  const history = await temporal.client.workflow.getHandle(workflowId, runId).fetchHistory();
  await writeFile(new URL(`./histories/${name}.binpb`, import.meta.url), proto.temporal.api.history.v1.History.encode(history).finish());
  console.log(`${name}: ${history.events?.length} events`);
}
