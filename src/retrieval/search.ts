import type { Principal } from '../contracts/principal.ts';
import type { SearchRequest, SearchResponse } from '../contracts/search.ts';
import type { ReadPath } from './readPath.ts';

export type Search = (principal: Principal, request: SearchRequest) => Promise<SearchResponse>;

/** Answers a query; what it throws stands at `ReadPath`. */
export function createSearch(read: Pick<ReadPath, 'query'>): Search {
  return async (principal, request) => (await read.query(principal, request)).response;
}
