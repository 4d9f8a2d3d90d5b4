import type { SearchResult } from '../../../src/contracts/search.ts';
import type { CatalystClient } from '../../../src/sdk/client.ts';
import { isPlain } from './configuration.ts';
import type { SearchConfiguration } from './configuration.ts';

/** Runs one query as a configuration says: one passage a document, 100 deep. */
export type SearchWith = (query: string, configuration: SearchConfiguration) => Promise<readonly SearchResult[]>;

const longestQuery = 4000;

/** Plain modes by the route that users call, others by the one that takes settings. Throws a CatalystApiError. */
export function createSearchWith(client: CatalystClient): SearchWith {
  return async (query, configuration) => {
    const { mode, settings } = configuration;
    const input = { query: query.slice(0, longestQuery), mode, limit: 100, passagesPerDocument: 1 };
    const { results } = isPlain(configuration) ? await client.search(input) : await client.debugSearch({ ...input, ...(settings === undefined ? {} : { settings }) });
    return results;
  };
}
