import type { FinishedDocument, JobScope, StageResult } from '../contracts/ingestion.ts';
import { acquisition, embedding, indexing, preparation } from './activityProxies.ts';

/** The story of ingestion for one or several documents; those that end on the way leave it, recorded by their stage. */
export async function runStages(scope: JobScope, indexes: readonly number[]): Promise<FinishedDocument[]> {
  const finished: FinishedDocument[] = [];
  const goOn = (result: StageResult): readonly number[] => {
    finished.push(...result.finished);
    return result.ready;
  };

  const acquired = goOn(await acquisition.acquireDocuments(scope, indexes));
  if (acquired.length === 0) return finished;
  const parsed = goOn(await preparation.parseDocuments(scope, acquired));
  if (parsed.length === 0) return finished;
  const chunked = goOn(await preparation.chunkDocuments(scope, parsed));
  if (chunked.length === 0) return finished;
  const embedded = goOn(await embedding.embedDocuments(scope, chunked));
  const written = goOn(await indexing.upsertDocuments(scope, embedded));
  goOn(await indexing.publishDocuments(scope, written));
  return finished;
}
