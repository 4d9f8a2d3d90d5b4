import { CancellationScope, isCancellation, upsertSearchAttributes } from '@temporalio/workflow';
import type { FinishedDocument, JobScope } from '../contracts/ingestion.ts';
import { bookkeeping } from './activityProxies.ts';
import { failureOf } from './failures.ts';
import { listenToBatch } from './listenToBatch.ts';
import type { BatchListener } from './listenToBatch.ts';
import { searchAttributes } from './names.ts';
import { runStages } from './stages.ts';

export interface IngestSliceInput {
  readonly scope: JobScope;
  readonly indexes: readonly number[];
}

export interface IngestSliceResult {
  readonly documents: number;
  readonly failed: number;
}

/** Ingests several small documents together; if a stage fails for all of them, each goes alone, so that one cannot harm the others. */
export async function ingestSlice({ scope, indexes }: IngestSliceInput): Promise<IngestSliceResult> {
  const batch = listenToBatch(scope);
  const results = await batch.untilStopped(() => ingestTogether(scope, indexes, batch));
  const failed = results.filter((result) => result.state === 'failed').length;
  upsertSearchAttributes([{ key: searchAttributes.state, value: failed === 0 ? 'succeeded' : failed === indexes.length ? 'failed' : 'partial' }]);
  return { documents: indexes.length, failed };
}

async function ingestTogether(scope: JobScope, indexes: readonly number[], batch: BatchListener): Promise<FinishedDocument[]> {
  try {
    return await runStages(scope, indexes, batch);
  } catch (thrown) {
    if (isCancellation(thrown)) return recordAll(scope, indexes, thrown);
    const results: FinishedDocument[] = [];
    for (const index of indexes) results.push(...(await ingestAlone(scope, index, batch)));
    return results;
  }
}

async function ingestAlone(scope: JobScope, index: number, batch: BatchListener): Promise<FinishedDocument[]> {
  try {
    return await runStages(scope, [index], batch);
  } catch (thrown) {
    return recordAll(scope, [index], thrown);
  }
}

async function recordAll(scope: JobScope, indexes: readonly number[], thrown: unknown): Promise<FinishedDocument[]> {
  const failure = failureOf(thrown);
  await CancellationScope.nonCancellable(() => bookkeeping.recordFailure(scope, indexes, failure));
  return indexes.map((index) => ({ index, state: 'failed', failure }));
}
