/**
 * Records the histories that `npm test` replays: `node tests/replay/record.ts`.
 * Record anew only after a change of the workflows that running ones survive (docs/guides/testing.md); the old histories must replay before.
 */
import { randomUUID } from 'node:crypto';
import { writeFile } from 'node:fs/promises';
import proto from '@temporalio/proto';
import { documentWorkflowId, sliceWorkflowId, taskQueues } from '../../src/workflows/names.ts';
import { FakeActivities } from '../support/fakeActivities.ts';
import { startTestTemporal } from '../support/temporal.ts';

const temporal = await startTestTemporal();
const tenant = 'replay';
const jobId = randomUUID();
const documentIds = Array.from({ length: 8 }, () => randomUUID());
const units = [...documentIds.map((documentId, index) => ({ indexes: [index], documentId, source: 'text' })), { indexes: [8, 9, 10], source: 'text' }, { indexes: [11, 12], source: 'text' }];
const fake = new FakeActivities({ [jobId]: units });
fake.stepMs = 50;
fake.poison.add(`${jobId}/1`).add(`${jobId}/12`);
const batchId = `job/${tenant}/${jobId}`;

await temporal.withWorkers(fake.create(), async () => {
  const handle = await temporal.client.workflow.start('ingestBatch', {
    workflowId: batchId,
    taskQueue: taskQueues.ingest,
    args: [{ scope: { tenant, subject: 'recorder', jobId }, limits: { window: 3, documentsPerPage: 4, unitsPerRun: 4 }, after: -1, carried: [] }],
  });
  await handle.result();
  await save('ingestBatch-continued', batchId, handle.firstExecutionRunId);
  await save('ingestBatch-last-run', batchId);
  await save('ingestDocument-succeeded', documentWorkflowId(tenant, documentIds[0] ?? ''));
  await save('ingestDocument-failed', documentWorkflowId(tenant, documentIds[1] ?? ''));
  await save('ingestSlice-together', sliceWorkflowId(tenant, jobId, 8));
  await save('ingestSlice-one-by-one', sliceWorkflowId(tenant, jobId, 11));
});
await temporal.close();

async function save(name: string, workflowId: string, runId?: string): Promise<void> {
  const history = await temporal.client.workflow.getHandle(workflowId, runId).fetchHistory();
  await writeFile(new URL(`./histories/${name}.binpb`, import.meta.url), proto.temporal.api.history.v1.History.encode(history).finish());
  console.log(`${name}: ${history.events?.length} events`);
}
process.exit(0);
