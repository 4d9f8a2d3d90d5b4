import { toStored } from '../../../src/adapters/qdrant/payload.ts';
import type { FacetCount, FacetName } from '../../../src/contracts/facets.ts';
import type { ChunkSearch, LegHit, LegQuery } from '../../../src/ports/chunkSearch.ts';
import type { ChunkPayload } from '../../../src/ports/vectorIndex.ts';
import { chunkFilter } from '../../../src/tenancy/chunkFilter.ts';
import { facetField } from '../../../src/tenancy/facetFields.ts';
import { matches, valuesAt } from '../tenancy/evaluateFilter.ts';

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
  readonly facetted: (readonly FacetName[])[] = [];
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

  retrieve: ChunkSearch['retrieve'] = (principal, ids, _tokenCodesOf, asOf) => {
    this.beforeRetrieve();
    this.retrieved.push(ids);
    const filter = chunkFilter(principal, { asOf });
    return Promise.resolve(new Map(this.points.filter(({ id, payload }) => ids.includes(id) && matches(filter, payload)).map(({ id, payload }) => [id, payload])));
  };

  facet: ChunkSearch['facet'] = (principal, filters, names, limit) => {
    this.facetted.push(names);
    const filter = chunkFilter(principal, filters);
    const seen = this.points.map(({ payload }) => toStored(payload)).filter((stored) => matches(filter, stored));
    return Promise.resolve(new Map(names.map((name) => [name, counted(seen, name).slice(0, limit)])));
  };
}

function counted(payloads: readonly object[], name: FacetName): FacetCount[] {
  const field = facetField(name, 100);
  const counts = new Map<FacetCount['value'], number>();
  for (const payload of payloads) {
    for (const stored of valuesAt(payload, field.key)) {
      const value = field.valueOf(stored as string);
      if (value !== undefined) counts.set(value, (counts.get(value) ?? 0) + 1);
    }
  }
  return [...counts].map(([value, count]) => ({ value, count })).sort((left, right) => right.count - left.count);
}
