import type { SearchResult } from '../../../src/contracts/search.ts';
import type { CatalystClient } from '../../../src/sdk/client.ts';
import { isPlain } from './configuration.ts';
import type { SearchConfiguration } from './configuration.ts';

/** Runs one query as a configuration says: one passage a document, 100 deep. */
export type SearchWith = (query: string, configuration: SearchConfiguration) => Promise<readonly SearchResult[]>;

const longestQuery = 4000;

/**
 * Whether the API can be asked for a configuration. `POST /v1/search` takes a mode and no settings; once a route takes
 * settings with a request, it is opened here and called in `createSearchWith`, and nowhere else.
 */
export function canRun(configuration: SearchConfiguration): boolean {
  return isPlain(configuration);
}

/** Throws a CatalystApiError, and an Error for a configuration that `canRun` refuses. */
export function createSearchWith(client: CatalystClient): SearchWith {
  return async (query, configuration) => {
    if (!canRun(configuration)) throw new Error(`The API takes no settings with a search, which "${configuration.name}" needs.`);
    const { results } = await client.search({ query: query.slice(0, longestQuery), mode: configuration.mode, limit: 100, passagesPerDocument: 1 });
    return results;
  };
}
