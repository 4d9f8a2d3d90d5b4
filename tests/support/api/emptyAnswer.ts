import type { SearchRequest, SearchResponse } from '../../../src/contracts/search.ts';

/** What a search answers that finds nothing. */
export function emptyAnswer({ query, mode }: Pick<SearchRequest, 'query' | 'mode'>): SearchResponse {
  return { query, mode, results: [], nextCursor: null, degraded: false, degradations: [], tookMs: 1 };
}
