import { debugSearchRequestSchema, debugSearchResponseSchema, searchRequestSchema, searchResponseSchema, similarRequestSchema } from '../../contracts/search.ts';
import type { ErrorCode } from '../../contracts/errors.ts';
import type { ApiDependencies } from '../dependencies.ts';
import { createJsonBody } from '../middleware/jsonBody.ts';
import { parseInput, principalOfRequest } from '../parseInput.ts';
import { defineRoute } from '../route.ts';
import type { Route } from '../route.ts';
import { batchRoute } from './batchRoute.ts';
import { searchExamples } from './examples.ts';
import { maximumSearchBytes } from './limits.ts';
import { replayRoute } from './replayRoute.ts';
import { responseText } from './responseText.ts';

export const searchFailures: readonly ErrorCode[] = ['AS_OF_TOO_EARLY', 'TENANT_POLICY', 'OVERLOADED', 'INDEX_UNAVAILABLE', 'EMBEDDER_UNAVAILABLE', 'EMBEDDER_RATE_LIMITED'];

type SearchDependencies = Pick<ApiDependencies, 'search' | 'debugSearch' | 'similarSearch' | 'replaySearch' | 'searchGate'>;

export function createSearchRoutes(dependencies: SearchDependencies): Route[] {
  return [searchRoute(dependencies), batchRoute(dependencies), similarRoute(dependencies), debugRoute(dependencies), replayRoute(dependencies, searchFailures)];
}

function searchRoute({ search, searchGate }: SearchDependencies): Route {
  return defineRoute({
    method: 'post',
    path: '/v1/search',
    scope: 'search:read',
    onlyReads: true,
    gate: searchGate,
    before: [createJsonBody(maximumSearchBytes)],
    documentation: {
      operationId: 'search',
      tag: 'Search',
      summary: 'Find passages',
      description: 'Hybrid search over the passages the caller may see: meaning (dense) and words (sparse), fused. Each result says where it stands in its document. Facets count all passages that the filters leave, whatever the query.',
      requestBody: { required: true, content: { 'application/json': { schema: searchRequestSchema, examples: searchExamples } } },
      answers: { 200: { description: 'The best passages, best first.', schema: searchResponseSchema } },
      failures: searchFailures,
    },
    async handle(_input, request, response) {
      const query = parseInput(searchRequestSchema, request.body);
      response.type('json').send(responseText(await search(principalOfRequest(request), query)));
    },
  });
}

function similarRoute({ similarSearch, searchGate }: SearchDependencies): Route {
  return defineRoute({
    method: 'post',
    path: '/v1/search/similar',
    scope: 'search:read',
    onlyReads: true,
    gate: searchGate,
    before: [createJsonBody(maximumSearchBytes)],
    documentation: {
      operationId: 'searchSimilar',
      tag: 'Search',
      summary: 'Find passages of documents like this one',
      description: 'The first passages of the document stand in for a query. The document itself is not among the results. There are no further pages, highlights or reranking.',
      requestBody: { required: true, content: { 'application/json': { schema: similarRequestSchema } } },
      answers: { 200: { description: 'The most similar passages, best first.', schema: searchResponseSchema } },
      failures: ['NOT_FOUND', ...searchFailures],
    },
    async handle(_input, request, response) {
      const query = parseInput(similarRequestSchema, request.body);
      response.json(await similarSearch(principalOfRequest(request), query));
    },
  });
}

function debugRoute({ debugSearch, searchGate }: SearchDependencies): Route {
  return defineRoute({
    method: 'post',
    path: '/v1/search/debug',
    scope: 'search:debug',
    onlyReads: true,
    isAudited: true,
    gate: searchGate,
    before: [createJsonBody(maximumSearchBytes)],
    documentation: {
      operationId: 'debugSearch',
      tag: 'Search',
      summary: 'Search, and see all that led to the answer',
      description: 'The ranked lists of both legs, every candidate with its scores, and why it did not become a result. `settings` replaces settings of the service for this search alone.',
      requestBody: { required: true, content: { 'application/json': { schema: debugSearchRequestSchema } } },
      answers: { 200: { description: 'The answer, and `debug`.', schema: debugSearchResponseSchema } },
      failures: searchFailures,
    },
    async handle(_input, request, response) {
      const query = parseInput(debugSearchRequestSchema, request.body);
      response.json(await debugSearch(principalOfRequest(request), query));
    },
  });
}
