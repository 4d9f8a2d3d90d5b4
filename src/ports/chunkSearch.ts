import type { FacetCount, FacetName } from '../contracts/facets.ts';
import type { Principal } from '../contracts/principal.ts';
import type { ReadFilters } from '../contracts/search.ts';
import type { ChunkPayload, SparseVector } from './vectorIndex.ts';

export type LegName = 'dense' | 'sparse';

export interface LegHit {
  readonly id: string;
  readonly score: number;
}

export interface LegQuery {
  readonly dense?: Float32Array;
  readonly sparse?: SparseVector;
  readonly limit: number;
  /** Documents whose passages are not wanted any more. */
  readonly excludedDocuments?: readonly string[];
}

export interface PassageVectors {
  readonly dense: readonly number[];
  readonly sparse: SparseVector;
}

/** The read side of the index. Every call is scoped by the principal; as of a time (milliseconds since 1970), by what was visible then. Throws INDEX_UNAVAILABLE and INDEX_REJECTED. */
export interface ChunkSearch {
  /** Ranked lists (best first) of the legs asked for, in one round trip. */
  queryLegs(principal: Principal, filters: ReadFilters, query: LegQuery): Promise<Partial<Record<LegName, readonly LegHit[]>>>;
  /** Vectors of the first passages of a document that the principal may see; empty where there is no such document. */
  documentVectors(principal: Principal, documentId: string, limit: number, asOf?: number): Promise<readonly PassageVectors[]>;
  /** Payload by point id, with the codes of tokens of that version if one is named; points that are gone or not the principal's are left out. */
  retrieve(principal: Principal, ids: readonly string[], tokenCodesOf?: string, asOf?: number): Promise<ReadonlyMap<string, ChunkPayload>>;
  /** Points by the values of these fields, the most frequent first; of each at most `limit` values, over all points that the filters leave. May count a point twice while the index reorganises itself. */
  facet(principal: Principal, filters: ReadFilters, names: readonly FacetName[], limit: number): Promise<ReadonlyMap<FacetName, readonly FacetCount[]>>;
}
