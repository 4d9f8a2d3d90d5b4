import { searchRequestSchema, searchResponseSchema } from '../../contracts/search.ts';
import type { ApiDependencies } from '../dependencies.ts';
import { createJsonBody } from '../middleware/jsonBody.ts';
import { parseInput, principalOfRequest } from '../parseInput.ts';
import { defineRoute } from '../route.ts';
import type { Route } from '../route.ts';

/** A query with filters is small; ingestion alone needs the large limit. */
const maximumSearchBytes = 1024 ** 2;

export function createSearchRoutes({ search }: Pick<ApiDependencies, 'search'>): Route[] {
  return [
    defineRoute({
      method: 'post',
      path: '/v1/search',
      before: [createJsonBody(maximumSearchBytes)],
      documentation: {
        operationId: 'search',
        tag: 'Search',
        summary: 'Find passages',
        description: 'Hybrid search over the passages the caller may see: meaning (dense) and words (sparse), fused. Each result says where it stands in its document.',
        requestBody: { required: true, content: { 'application/json': { schema: searchRequestSchema, examples: searchExamples } } },
        answers: { 200: { description: 'The best passages, best first.', schema: searchResponseSchema } },
        failures: ['INDEX_UNAVAILABLE', 'EMBEDDER_UNAVAILABLE', 'EMBEDDER_RATE_LIMITED'],
      },
      async handle(_input, request, response) {
        const query = parseInput(searchRequestSchema, request.body);
        response.json(await search(principalOfRequest(request), query));
      },
    }),
  ];
}

const searchExamples = {
  simple: { summary: 'A question', value: { query: 'How are refunds handled?' } },
  filtered: {
    summary: 'With filters and explanation',
    value: { query: 'refund deadline', mode: 'hybrid', limit: 5, filters: { tags: ['policies'], metadata: { year: { gte: 2024 } } }, explain: true },
  },
};
