import { noSynonyms, synonymsSchema } from '../../contracts/synonyms.ts';
import type { ApiDependencies } from '../dependencies.ts';
import { principalOfRequest } from '../parseInput.ts';
import { defineRoute } from '../route.ts';
import type { Route } from '../route.ts';

type SynonymDependencies = Pick<ApiDependencies, 'synonyms'>;

const path = '/v1/search/synonyms';

export function createSynonymRoutes(dependencies: SynonymDependencies): Route[] {
  return [readRoute(dependencies), writeRoute(dependencies), removeRoute(dependencies)];
}

function readRoute({ synonyms }: SynonymDependencies): Route {
  return defineRoute({
    method: 'get',
    path,
    scope: 'settings:read',
    documentation: {
      operationId: 'getSynonyms',
      tag: 'Search',
      summary: 'The synonyms of the tenant',
      answers: { 200: { description: 'All of them; none where none were set.', schema: synonymsSchema } },
      failures: ['REGISTRY_UNAVAILABLE'],
    },
    async handle(_input, request, response) {
      response.json(await synonyms.read(principalOfRequest(request).tenant));
    },
  });
}

function writeRoute({ synonyms }: SynonymDependencies): Route {
  return defineRoute({
    method: 'put',
    path,
    scope: 'settings:write',
    body: synonymsSchema,
    bodyExamples: { medicine: { summary: 'A group and a rule', value: { groups: [['heart attack', 'myocardial infarction']], rules: [{ from: 'NSAID', to: ['ibuprofen', 'naproxen'] }] } } },
    documentation: {
      operationId: 'setSynonyms',
      tag: 'Search',
      summary: 'Replace the synonyms of the tenant',
      description: 'They act on the words of a search (its sparse leg), with half the weight of what was written, within seconds. Documents stay as they are.',
      answers: { 200: { description: 'The synonyms as they are now.', schema: synonymsSchema } },
      failures: ['REGISTRY_UNAVAILABLE'],
    },
    async handle({ body }, request, response) {
      await synonyms.write(principalOfRequest(request).tenant, body);
      response.json(body);
    },
  });
}

function removeRoute({ synonyms }: SynonymDependencies): Route {
  return defineRoute({
    method: 'delete',
    path,
    scope: 'settings:write',
    documentation: {
      operationId: 'deleteSynonyms',
      tag: 'Search',
      summary: 'Remove all synonyms of the tenant',
      answers: { 200: { description: 'None are left.', schema: synonymsSchema } },
      failures: ['REGISTRY_UNAVAILABLE'],
    },
    async handle(_input, request, response) {
      await synonyms.remove(principalOfRequest(request).tenant);
      response.json(noSynonyms);
    },
  });
}
