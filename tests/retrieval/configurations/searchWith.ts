import type { SearchResult } from '../../../src/contracts/search.ts';
import type { CatalystClient } from '../../../src/sdk/client.ts';
import type { SearchConfiguration } from './configuration.ts';

/** Runs one query as a configuration says: one passage a document, 100 deep. */
export type SearchWith = (query: string, configuration: SearchConfiguration) => Promise<readonly SearchResult[]>;

const longestQuery = 4000;

/** By the route that users call, or by the one that takes settings where there are some. Throws a CatalystApiError. */
export function createSearchWith(client: CatalystClient): SearchWith {
  return async (query, configuration) => {
    const { mode, rerank, settings } = configuration;
    const input = { query: query.slice(0, longestQuery), mode, limit: 100, passagesPerDocument: 1, ...(rerank === undefined ? {} : { rerank }) };
    const { results } = settings === undefined ? await client.search(input) : await client.debugSearch({ ...input, settings });
    return results;
  };
}
