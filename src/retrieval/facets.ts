import { defaultFacetLimit } from '../contracts/facets.ts';
import { toCatalystError } from '../contracts/errors.ts';
import type { Principal } from '../contracts/principal.ts';
import type { ReadFilters, SearchRequest, SearchResponse } from '../contracts/search.ts';
import type { ChunkSearch } from '../ports/chunkSearch.ts';
import { degradationOf } from './legs/askLegs.ts';
import type { Degradation } from './legs/askLegs.ts';

export interface CountedFacets {
  readonly facets?: SearchResponse['facets'];
  readonly degradations: readonly Degradation[];
}

/**
 * The facets that a request asks for, over all passages that its filters leave; none where it asks for none. It needs nothing of the
 * query, so that it runs beside the legs. Where the index cannot count them, the results stand without, and the answer says so. Throws
 * INVALID_REQUEST.
 */
export async function countFacets(
  index: Pick<ChunkSearch, 'facet'>,
  principal: Principal,
  { filters, facets = [], facetLimit = defaultFacetLimit }: Pick<SearchRequest, 'facets' | 'facetLimit'> & { readonly filters: ReadFilters },
): Promise<CountedFacets> {
  const names = [...new Set(facets)];
  if (names.length === 0) return { degradations: [] };
  try {
    const counts = await index.facet(principal, filters, names, facetLimit);
    return { facets: Object.fromEntries(names.map((name) => [name, [...(counts.get(name) ?? [])]])), degradations: [] };
  } catch (thrown) {
    const { code } = toCatalystError(thrown);
    if (code !== 'INDEX_UNAVAILABLE' && code !== 'INDEX_REJECTED') throw thrown;
    return { degradations: [degradationOf('facets', thrown)] };
  }
}
