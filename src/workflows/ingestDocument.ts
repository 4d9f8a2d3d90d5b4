import { CancellationScope, upsertSearchAttributes } from '@temporalio/workflow';
import type { FinishedDocument, JobScope } from '../contracts/ingestion.ts';
import { bookkeeping } from './activityProxies.ts';
import { asApplicationFailure, failureOf } from './failures.ts';
import { listenToBatch } from './listenToBatch.ts';
import { searchAttributes } from './names.ts';
import { runStages } from './stages.ts';

export interface IngestDocumentInput {
  readonly scope: JobScope;
  readonly index: number;
}

/**
 * Ingests one document; it is the only writer of that document while it runs.
 * Fails when the document failed, so that a failure is seen as one in the Temporal Web UI too.
 */
export async function ingestDocument({ scope, index }: IngestDocumentInput): Promise<FinishedDocument | undefined> {
  const result = await ingest(scope, index);
  upsertSearchAttributes([{ key: searchAttributes.state, value: result?.state ?? 'succeeded' }]);
  if (result?.failure != null) throw asApplicationFailure(result.failure);
  return result;
}

async function ingest(scope: JobScope, index: number): Promise<FinishedDocument | undefined> {
  const batch = listenToBatch(scope);
  try {
    const [result] = await batch.untilStopped(() => runStages(scope, [index], batch));
    return result;
  } catch (thrown) {
    const failure = failureOf(thrown);
    await CancellationScope.nonCancellable(() => bookkeeping.recordFailure(scope, [index], failure));
    return { index, state: 'failed', failure };
  }
}
