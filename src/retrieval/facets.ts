import { defaultFacetLimit } from '../contracts/facets.ts';
import type { Principal } from '../contracts/principal.ts';
import type { ReadFilters, SearchRequest, SearchResponse } from '../contracts/search.ts';
import type { ChunkSearch } from '../ports/chunkSearch.ts';

/**
 * The facets that a request asks for, over all passages that its filters leave; undefined where it asks for none. It needs nothing
 * of the query, so that it runs beside the legs. Throws INDEX_UNAVAILABLE, INDEX_REJECTED and INVALID_REQUEST.
 */
export async function countFacets(
  index: Pick<ChunkSearch, 'facet'>,
  principal: Principal,
  { filters, facets = [], facetLimit = defaultFacetLimit }: Pick<SearchRequest, 'facets' | 'facetLimit'> & { readonly filters: ReadFilters },
): Promise<SearchResponse['facets']> {
  const names = [...new Set(facets)];
  if (names.length === 0) return undefined;
  const counts = await index.facet(principal, filters, names, facetLimit);
  return Object.fromEntries(names.map((name) => [name, [...(counts.get(name) ?? [])]]));
}
