import { randomUUID } from 'node:crypto';
import { taskQueues } from '../../src/workflows/names.ts';
import { FakeActivities } from '../support/fakeActivities.ts';
import { startFullStack } from '../support/fullStack.ts';
import { startTestTemporal } from '../support/temporal.ts';
import { makeNotes } from './corpus.ts';
import { measureIngest } from './ingestRun.ts';
import { round } from './statistics.ts';

export interface WorkflowReport {
  readonly documents: number;
  readonly bareDocumentsPerSecond: number;
  readonly ingestedDocumentsPerSecond: number;
  /** Documents with real steps and a stub embedder against the same workflows with steps that do nothing. */
  readonly ratio: number;
  /** For comparison: small documents in slices, as they are by default. */
  readonly slicedDocumentsPerSecond: number;
}

const window = 8;

/** (c) One workflow a document: the product's own workflows once with empty activities and once with the real ones. */
export async function benchWorkflows(documents: number): Promise<WorkflowReport> {
  const before = await measureBare(documents);
  const ingested = await measureProduct(documents, '1');
  const after = await measureBare(documents);
  const sliced = await measureProduct(documents * 10, '128');
  const bare = (before + after) / 2;
  return { documents, bareDocumentsPerSecond: round(bare), ingestedDocumentsPerSecond: round(ingested), ratio: round(ingested / bare, 3), slicedDocumentsPerSecond: round(sliced) };
}

async function measureBare(documents: number): Promise<number> {
  const temporal = await startTestTemporal();
  try {
    const [warmUp, measured] = [randomUUID(), randomUUID()];
    const units = (count: number) => Array.from({ length: count }, (_, index) => ({ indexes: [index], documentId: randomUUID(), source: 'text' }));
    const fake = new FakeActivities({ [warmUp]: units(30), [measured]: units(documents) });
    fake.stepMs = 0;
    return await temporal.withWorkers(fake.create(), async () => {
      const run = (jobId: string) =>
        temporal.client.workflow.execute('ingestBatch', {
          workflowId: `bench/${jobId}`,
          taskQueue: taskQueues.ingest,
          args: [{ scope: { tenant: 'bench', subject: 'bench', jobId }, limits: { window, documentsPerPage: 500, unitsPerRun: 1_000 }, after: -1, carried: [] }],
        });
      await run(warmUp);
      const startedAt = performance.now();
      await run(measured);
      return documents / ((performance.now() - startedAt) / 1000);
    });
  } finally {
    await temporal.close();
  }
}

async function measureProduct(documents: number, sliceDocuments: string): Promise<number> {
  const stack = await startFullStack({ CATALYST_EMBEDDING_PROVIDER: 'stub', CATALYST_SLICE_DOCUMENTS: sliceDocuments, CATALYST_INGEST_WINDOW: String(window) });
  try {
    await measureIngest(await stack.clientFor('warm-up'), makeNotes(30));
    const run = await measureIngest(await stack.clientFor('bench-workflows'), makeNotes(documents));
    return run.documents / run.seconds;
  } finally {
    await stack.stop();
  }
}
