import { CatalystError } from '../../contracts/errors.ts';
import { compactionRequestSchema, indexChangeSchema, indexOverviewSchema, reindexRequestSchema } from '../../contracts/generations.ts';
import type { ApiDependencies } from '../dependencies.ts';
import { principalOfRequest } from '../parseInput.ts';
import { defineRoute } from '../route.ts';
import type { Route } from '../route.ts';

type IndexDependencies = Pick<ApiDependencies, 'readIndex' | 'indexChanges'>;

/** The index as a whole, of all tenants: for those who run the platform. */
export function createIndexRoutes(dependencies: IndexDependencies): Route[] {
  return [overviewRoute(dependencies), compactRoute(dependencies), reindexRoute(dependencies), rollBackRoute(dependencies)];
}

function overviewRoute({ readIndex }: IndexDependencies): Route {
  return defineRoute({
    method: 'get',
    path: '/v1/index',
    scope: 'index:read',
    documentation: {
      operationId: 'getIndex',
      tag: 'Index',
      summary: 'Generations of the index and what was decided about them',
      answers: { 200: { description: 'As it is at this moment.', schema: indexOverviewSchema } },
      failures: ['REGISTRY_UNAVAILABLE', 'INDEX_UNAVAILABLE'],
    },
    async handle(_input, _request, response) {
      response.json(await readIndex());
    },
  });
}

function compactRoute({ indexChanges }: IndexDependencies): Route {
  return defineRoute({
    method: 'post',
    path: '/v1/index/compactions',
    scope: 'index:write',
    body: compactionRequestSchema,
    documentation: {
      operationId: 'compactIndex',
      tag: 'Index',
      summary: 'Look whether the index is to be made anew, and do so',
      description: 'A second generation is made of stored artifacts beside the one that serves, follows every write, is compared, and takes over at once. Searches and writes go on. Runs nightly by itself; what was decided stands in the overview.',
      answers: { 202: { description: 'It goes on durably.', schema: indexChangeSchema } },
      failures: ['CONFLICT', 'WORKFLOWS_UNAVAILABLE'],
    },
    async handle({ body: { force } }, request, response) {
      response.status(202).json(await indexChanges.compact(principalOfRequest(request).subject, force));
    },
  });
}

function reindexRoute({ indexChanges }: IndexDependencies): Route {
  return defineRoute({
    method: 'post',
    path: '/v1/index/reindexes',
    scope: 'index:write',
    body: reindexRequestSchema,
    documentation: {
      operationId: 'reindexIndex',
      tag: 'Index',
      summary: 'Change the index to the other embedding model',
      description: 'To the model that every process has beside the one that serves (`CATALYST_NEXT_EMBEDDING_*`). A second generation is filled by it, follows every write, and is judged by searches in both; it serves only if it passes. Searches and writes go on. Without `maximumTokens` nothing is begun, and what it would take stands in the decisions of the overview. What was stopped goes on when it is asked for again.',
      answers: { 202: { description: 'It goes on durably.', schema: indexChangeSchema } },
      failures: ['CONFLICT', 'WORKFLOWS_UNAVAILABLE'],
    },
    async handle({ body }, request, response) {
      response.status(202).json(await indexChanges.reindex(principalOfRequest(request).subject, body));
    },
  });
}

function rollBackRoute({ indexChanges, readIndex }: IndexDependencies): Route {
  return defineRoute({
    method: 'post',
    path: '/v1/index/rollbacks',
    scope: 'index:write',
    documentation: {
      operationId: 'rollBackIndex',
      tag: 'Index',
      summary: 'Have the generation that served before serve again',
      description: 'It has followed every write since, so that nothing is lost. Possible until it is dropped.',
      answers: { 202: { description: 'It goes on durably.', schema: indexChangeSchema } },
      failures: ['CONFLICT', 'REGISTRY_UNAVAILABLE', 'INDEX_UNAVAILABLE', 'WORKFLOWS_UNAVAILABLE'],
    },
    async handle(_input, request, response) {
      const { generations } = await readIndex();
      if (!generations.some(({ state }) => state === 'retired')) throw new CatalystError('CONFLICT', 'No generation is kept that served before: there is no way back.');
      response.status(202).json(await indexChanges.rollBack(principalOfRequest(request).subject));
    },
  });
}
