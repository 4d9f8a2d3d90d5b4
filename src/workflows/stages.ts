import type { ErrorCode } from '../contracts/errors.ts';
import type { FinishedDocument, JobScope, StageResult } from '../contracts/ingestion.ts';
import { acquisition, embedding, indexing, preparation, previewing } from './activityProxies.ts';
import { failureOf } from './failures.ts';
import type { BatchListener } from './listenToBatch.ts';

/**
 * Takes documents through the stages. What a stage found made may be erased, with a deleted document of the same content, before it was
 * kept for this one: then the stages are taken once more, and make it anew.
 */
export async function runStages(scope: JobScope, indexes: readonly number[], batch: BatchListener): Promise<FinishedDocument[]> {
  try {
    return await takeStages(scope, indexes, batch);
  } catch (thrown) {
    if (!lostCodes.has(failureOf(thrown).code)) throw thrown;
  }
  return takeStages(scope, indexes, batch);
}

const lostCodes: ReadonlySet<ErrorCode> = new Set(['ARTIFACT_NOT_FOUND', 'ARTIFACT_CORRUPT']);

/** The story of ingestion for one or several documents; those that end on the way leave it, recorded by their stage. */
async function takeStages(scope: JobScope, indexes: readonly number[], { whenAllowed }: BatchListener): Promise<FinishedDocument[]> {
  const finished: FinishedDocument[] = [];
  const goOn = (result: StageResult): readonly number[] => {
    finished.push(...result.finished);
    return result.ready;
  };

  if (scope.dryRun === true) {
    goOn(await whenAllowed(() => previewing.previewDocuments(scope, indexes)));
    return finished;
  }
  const acquired = goOn(await whenAllowed(() => acquisition.acquireDocuments(scope, indexes)));
  if (acquired.length === 0) return finished;
  const parsed = goOn(await whenAllowed(() => preparation.parseDocuments(scope, acquired)));
  if (parsed.length === 0) return finished;
  const chunked = goOn(await whenAllowed(() => preparation.chunkDocuments(scope, parsed)));
  if (chunked.length === 0) return finished;
  const embedded = goOn(await whenAllowed(() => embedding.embedDocuments(scope, chunked)));
  const written = goOn(await whenAllowed(() => indexing.upsertDocuments(scope, embedded)));
  goOn(await whenAllowed(() => indexing.publishDocuments(scope, written)));
  return finished;
}
