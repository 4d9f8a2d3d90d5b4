import { replayRequestSchema, replayResponseSchema } from '../../contracts/receipts.ts';
import type { ErrorCode } from '../../contracts/errors.ts';
import type { ApiDependencies } from '../dependencies.ts';
import { createJsonBody } from '../middleware/jsonBody.ts';
import { parseInput, principalOfRequest } from '../parseInput.ts';
import { defineRoute } from '../route.ts';
import type { Route } from '../route.ts';
import { maximumSearchBytes } from './limits.ts';

export function replayRoute({ replaySearch, searchGate }: Pick<ApiDependencies, 'replaySearch' | 'searchGate'>, failures: readonly ErrorCode[]): Route {
  return defineRoute({
    method: 'post',
    path: '/v1/search/replay',
    scope: 'search:read',
    onlyReads: true,
    gate: searchGate,
    before: [createJsonBody(maximumSearchBytes)],
    documentation: {
      operationId: 'replaySearch',
      tag: 'Search',
      summary: 'Run the search of a receipt again, and compare bit by bit',
      description: 'As of the time of the receipt and by its settings, over what the caller may see now. Where something differs, the answer says what, and what may be why.',
      requestBody: { required: true, content: { 'application/json': { schema: replayRequestSchema } } },
      answers: { 200: { description: 'Whether all is the same, and what differs.', schema: replayResponseSchema } },
      failures: ['RECEIPT_REFUSED', 'REGISTRY_UNAVAILABLE', ...failures],
    },
    async handle(_input, request, response) {
      const { receipt } = parseInput(replayRequestSchema, request.body);
      response.json(await replaySearch(principalOfRequest(request), receipt));
    },
  });
}
