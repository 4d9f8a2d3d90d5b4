import type { Principal } from '../contracts/principal.ts';
import type { SearchRequest, SearchResponse } from '../contracts/search.ts';
import { createReadPath } from './readPath.ts';
import type { ReadPathDependencies } from './readPath.ts';

export type Search = (principal: Principal, request: SearchRequest) => Promise<SearchResponse>;

/** Answers a query; see `ReadPath`. */
export function createSearch(dependencies: ReadPathDependencies): Search {
  const read = createReadPath(dependencies);
  return async (principal, request) => (await read.query(principal, request)).response;
}
