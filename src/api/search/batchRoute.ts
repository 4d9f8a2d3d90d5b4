import { z } from 'zod';
import { batchSearchRequestSchema, batchSearchResponseSchema, searchRequestSchema } from '../../contracts/search.ts';
import type { BatchSearchResponse } from '../../contracts/search.ts';
import { toCatalystError } from '../../contracts/errors.ts';
import type { ApiDependencies } from '../dependencies.ts';
import { mapConcurrently } from '../mapConcurrently.ts';
import { createJsonBody } from '../middleware/jsonBody.ts';
import { parseInput, parseShape, principalOfRequest } from '../parseInput.ts';
import { problemOf } from '../problems/problemOf.ts';
import { contextOf } from '../requestContext.ts';
import { defineRoute } from '../route.ts';
import type { Route } from '../route.ts';
import { maximumSearchBytes } from './limits.ts';

/** Searches of one request that are under way at once: more would make others wait. */
const atOnce = 4;

/** Each search is read by itself: a bad one has a problem in its place. */
const unreadBatchSchema = batchSearchRequestSchema.extend({ searches: z.array(z.unknown()).min(1).max(20) });

export function batchRoute({ search, searchGate }: Pick<ApiDependencies, 'search' | 'searchGate'>): Route {
  return defineRoute({
    method: 'post',
    path: '/v1/search/batch',
    scope: 'search:read',
    onlyReads: true,
    gate: searchGate,
    before: [createJsonBody(maximumSearchBytes)],
    documentation: {
      operationId: 'searchBatch',
      tag: 'Search',
      summary: 'Several searches in one request',
      description: 'Up to 20 searches. Each is answered by itself: one that fails has a problem in its place and leaves the others alone.',
      requestBody: { required: true, content: { 'application/json': { schema: batchSearchRequestSchema } } },
      answers: { 200: { description: 'An answer or a problem for each search, in their order.', schema: batchSearchResponseSchema } },
      failures: ['OVERLOADED'],
    },
    async handle(_input, request, response) {
      const { searches } = parseShape(unreadBatchSchema, request.body);
      contextOf(request).searches = searches.length;
      // The request itself was counted as one.
      if (searches.length > 1) await contextOf(request).rules?.limitRate(request, response, 'search', searches.length - 1);
      const principal = principalOfRequest(request);
      const { requestId } = contextOf(request);
      const answers = await mapConcurrently([...searches.entries()], atOnce, async ([position, query]): Promise<BatchSearchResponse['answers'][number]> => {
        try {
          return { answer: await search(principal, parseInput(searchRequestSchema, query, `/searches/${position}`)) };
        } catch (thrown) {
          return { problem: problemOf(toCatalystError(thrown), requestId, request.path) };
        }
      });
      response.json({ answers } satisfies BatchSearchResponse);
    },
  });
}
