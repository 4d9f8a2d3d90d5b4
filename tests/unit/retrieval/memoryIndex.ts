import type { ChunkSearch, LegHit, LegQuery } from '../../../src/ports/chunkSearch.ts';
import type { ChunkPayload } from '../../../src/ports/vectorIndex.ts';
import { chunkFilter } from '../../../src/tenancy/chunkFilter.ts';
import { matches } from '../tenancy/evaluateFilter.ts';

export interface MemoryPoint {
  readonly id: string;
  readonly dense: number;
  readonly sparse: number;
  readonly payload: ChunkPayload;
}

/** The port over a list, with fixed scores: to show the read path situations that a server cannot be brought into at will. */
export class MemoryIndex implements ChunkSearch {
  points: MemoryPoint[];
  readonly queries: LegQuery[] = [];
  readonly retrieved: (readonly string[])[] = [];
  /** Runs between the legs and the retrieval of payloads. */
  beforeRetrieve: () => void = () => undefined;

  constructor(points: readonly MemoryPoint[]) {
    this.points = [...points];
  }

  queryLegs: ChunkSearch['queryLegs'] = (principal, filters, query) => {
    this.queries.push(query);
    const filter = chunkFilter(principal, filters, query.excludedDocuments);
    const seen = this.points.filter(({ payload }) => matches(filter, payload));
    const ranked = (leg: 'dense' | 'sparse'): LegHit[] =>
      seen.filter((point) => point[leg] > 0).sort((left, right) => right[leg] - left[leg]).slice(0, query.limit).map((point) => ({ id: point.id, score: point[leg] }));
    return Promise.resolve({ ...(query.dense === undefined ? {} : { dense: ranked('dense') }), ...(query.sparse === undefined ? {} : { sparse: ranked('sparse') }) });
  };

  documentVectors: ChunkSearch['documentVectors'] = () => Promise.resolve([]);

  retrieve: ChunkSearch['retrieve'] = (principal, ids) => {
    this.beforeRetrieve();
    this.retrieved.push(ids);
    const filter = chunkFilter(principal, {});
    return Promise.resolve(new Map(this.points.filter(({ id, payload }) => ids.includes(id) && matches(filter, payload)).map(({ id, payload }) => [id, payload])));
  };
}
