import { CatalystError } from '../contracts/errors.ts';
import type { Principal } from '../contracts/principal.ts';
import type { SearchResponse, SimilarRequest } from '../contracts/search.ts';
import type { ChunkSearch, PassageVectors } from '../ports/chunkSearch.ts';
import type { SparseVector } from '../ports/vectorIndex.ts';
import type { ReadPath } from './readPath.ts';

export type SimilarSearch = (principal: Principal, request: SimilarRequest) => Promise<SearchResponse>;

/** A document is known by its beginning: title, summary, introduction. */
const passagesLookedAt = 16;
/** The terms that weigh most: all of them would be a query of thousands. */
const termsLookedFor = 40;

/** Documents that say similar things: the mean of a document's passages as a query of both legs. Throws NOT_FOUND where the caller sees no such document. */
export function createSimilarSearch(read: ReadPath, index: Pick<ChunkSearch, 'documentVectors'>): SimilarSearch {
  return async (principal, { documentId, ...request }) => {
    const moment = await read.momentOf(principal, request);
    const passages = await index.documentVectors(principal, documentId, passagesLookedAt, moment);
    if (passages.length === 0) throw new CatalystError('NOT_FOUND', 'There is no such document.');
    const query = {
      ...(request.mode === 'sparse' ? {} : { dense: Promise.resolve(meanDirection(passages)) }),
      ...(request.mode === 'dense' ? {} : { sparse: heaviestTerms(passages) }),
    };
    const { response } = await read.vectors(principal, { query, request: { ...request, joinNeighbours: false }, excludedDocuments: [documentId], moment });
    return response;
  };
}

function meanDirection(passages: readonly PassageVectors[]): Float32Array {
  const mean = new Float32Array(passages[0]?.dense.length ?? 0);
  for (const { dense } of passages) for (const [index, value] of dense.entries()) mean[index] = (mean[index] ?? 0) + value;
  const length = Math.hypot(...mean) || 1;
  return mean.map((value) => value / length);
}

function heaviestTerms(passages: readonly PassageVectors[]): SparseVector {
  const weights = new Map<number, number>();
  for (const { sparse } of passages) for (const [place, term] of sparse.indices.entries()) weights.set(term, (weights.get(term) ?? 0) + (sparse.values[place] ?? 0));
  const heaviest = [...weights].sort((left, right) => right[1] - left[1] || left[0] - right[0]).slice(0, termsLookedFor).sort((left, right) => left[0] - right[0]);
  return { indices: heaviest.map(([term]) => term), values: heaviest.map(([, weight]) => weight / passages.length) };
}
