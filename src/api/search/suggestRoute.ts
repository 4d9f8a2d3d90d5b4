import { suggestQuerySchema, suggestResponseSchema } from '../../contracts/suggest.ts';
import type { ApiDependencies } from '../dependencies.ts';
import { principalOfRequest } from '../parseInput.ts';
import { defineRoute } from '../route.ts';
import type { Route } from '../route.ts';

export function createSuggestRoute({ suggest, searchGate }: Pick<ApiDependencies, 'suggest' | 'searchGate'>): Route {
  return defineRoute({
    method: 'get',
    path: '/v1/suggest',
    gate: searchGate,
    scope: 'search:read',
    query: suggestQuerySchema,
    documentation: {
      operationId: 'suggest',
      tag: 'Search',
      summary: 'Complete what is being typed',
      description: 'Titles, headings and frequent words of what the caller may see, from two characters on. Case and accents do not matter; the last word is taken for the beginning of one.',
      answers: { 200: { description: 'Suggestions of each kind, best first.', schema: suggestResponseSchema } },
      failures: ['OVERLOADED', 'INDEX_UNAVAILABLE'],
    },
    async handle({ query }, request, response) {
      response.json(await suggest(principalOfRequest(request), query));
    },
  });
}
