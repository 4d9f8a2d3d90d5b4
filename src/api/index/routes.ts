import { CatalystError } from '../../contracts/errors.ts';
import { compactionRequestSchema, indexChangeSchema, indexOverviewSchema, reindexRequestSchema, rollbackRequestSchema } from '../../contracts/generations.ts';
import type { CompactionRequest, IndexOverview } from '../../contracts/generations.ts';
import { wayBack } from '../../generations/wayBack.ts';
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

function compactRoute({ indexChanges, readIndex }: IndexDependencies): Route {
  return defineRoute({
    method: 'post',
    path: '/v1/index/compactions',
    scope: 'index:write',
    body: compactionRequestSchema,
    documentation: {
      operationId: 'compactIndex',
      tag: 'Index',
      summary: 'Look whether the index is to be made anew, and do so',
      description: 'A second generation is made of stored artifacts beside the one that serves, follows every write, is compared, and takes over at once. Searches and writes go on. A tenant that the configuration gives a collection of its own moves there in the same way, and back by `takeBack`. Runs nightly by itself; what was decided stands in the overview.',
      answers: { 202: { description: 'It goes on durably.', schema: indexChangeSchema } },
      failures: ['CONFLICT', 'REGISTRY_UNAVAILABLE', 'INDEX_UNAVAILABLE', 'WORKFLOWS_UNAVAILABLE'],
    },
    async handle({ body }, request, response) {
      if (body.tenant !== undefined || body.takeBack !== undefined) requirePlacements(await readIndex(), body);
      response.status(202).json(await indexChanges.compact(principalOfRequest(request).subject, body));
    },
  });
}

function reindexRoute({ indexChanges, readIndex }: IndexDependencies): Route {
  return defineRoute({
    method: 'post',
    path: '/v1/index/reindexes',
    scope: 'index:write',
    body: reindexRequestSchema,
    documentation: {
      operationId: 'reindexIndex',
      tag: 'Index',
      summary: 'Change the index to the other embedding model or chunker',
      description: 'To the model that every process has beside the one that serves (`CATALYST_NEXT_EMBEDDING_*`), or, with `recut`, to the other way of cutting documents (`CATALYST_NEXT_CHUNK_*`). A second generation is filled by it, follows every write, and is judged by searches in both; it serves only if it passes. Searches and writes go on. Without `maximumTokens` nothing is begun, and what it would take stands in the decisions of the overview. What was stopped goes on when it is asked for again.',
      answers: { 202: { description: 'It goes on durably.', schema: indexChangeSchema } },
      failures: ['CONFLICT', 'WORKFLOWS_UNAVAILABLE'],
    },
    async handle({ body }, request, response) {
      if (body.tenant !== undefined) requirePlacements(await readIndex(), body);
      response.status(202).json(await indexChanges.reindex(principalOfRequest(request).subject, body));
    },
  });
}

function rollBackRoute({ indexChanges, readIndex }: IndexDependencies): Route {
  return defineRoute({
    method: 'post',
    path: '/v1/index/rollbacks',
    scope: 'index:write',
    body: rollbackRequestSchema.optional(),
    documentation: {
      operationId: 'rollBackIndex',
      tag: 'Index',
      summary: 'Have the generation that served before serve again',
      description: 'It has followed every write since, so that nothing is lost. Possible until it is dropped.',
      answers: { 202: { description: 'It goes on durably.', schema: indexChangeSchema } },
      failures: ['CONFLICT', 'REGISTRY_UNAVAILABLE', 'INDEX_UNAVAILABLE', 'WORKFLOWS_UNAVAILABLE'],
    },
    async handle({ body }, request, response) {
      const tenant = body?.tenant ?? null;
      if (wayBack((await readIndex()).generations, tenant) === undefined) throw new CatalystError('CONFLICT', 'No generation is kept that served before: there is no way back.');
      response.status(202).json(await indexChanges.rollBack(principalOfRequest(request).subject, tenant));
    },
  });
}

/** Throws CONFLICT here what the workflow would find too late for the caller to hear of it. */
function requirePlacements({ placements }: IndexOverview, { tenant, takeBack = [] }: Pick<CompactionRequest, 'tenant' | 'takeBack'>): void {
  if (tenant !== undefined && !placements.some((placement) => placement.tenant === tenant)) throw new CatalystError('CONFLICT', `The tenant "${tenant}" is to have no collection of its own: CATALYST_DEDICATED_TENANTS does not name it. Name it there, and restart every process.`);
  const strangers = takeBack.filter((name) => !placements.some((placement) => placement.tenant === name && placement.own));
  if (strangers.length > 0) throw new CatalystError('CONFLICT', `${strangers.join(', ')}: not served by a collection of its own, so that there is nothing to take back.`);
}
