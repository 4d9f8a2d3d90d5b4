import { z } from 'zod';
import { deletionRequestSchema, deletionSchema, deletionsPageSchema } from '../../contracts/deletions.ts';
import type { Deletion, DeletionRequest } from '../../contracts/deletions.ts';
import { CatalystError } from '../../contracts/errors.ts';
import { newIdentifier } from '../../contracts/identifiers.ts';
import type { Principal } from '../../contracts/principal.ts';
import type { ApiDependencies } from '../dependencies.ts';
import { pageQuery } from '../pages.ts';
import { identifierFor } from '../idempotency/requestIdentifier.ts';
import { principalOfRequest } from '../parseInput.ts';
import { defineRoute } from '../route.ts';
import type { Answer, Route } from '../route.ts';
import { startAcceptedWork } from '../startAcceptedWork.ts';

export type DeletionDependencies = Pick<ApiDependencies, 'deletions' | 'sources' | 'schedules' | 'workflowStarter' | 'outbox' | 'emit'>;

export function createDeletionRoutes(dependencies: DeletionDependencies): Route[] {
  return [deleteRoute(dependencies), listRoute(dependencies), findRoute(dependencies)];
}

export const deletionAnswer: Answer = {
  description: 'The deletion is accepted and goes on durably; its receipt stands at the `Location` when it is done.',
  schema: deletionSchema,
  headers: z.object({ Location: z.string().meta({ description: 'Address of the deletion.' }) }),
};

/** Accepts a deletion and starts its workflow. Throws NOT_FOUND for documents or a source the tenant has not. */
export async function startDeletion(dependencies: DeletionDependencies, principal: Principal, request: DeletionRequest, id: string = newIdentifier()): Promise<Deletion> {
  if ('everything' in request) await endSchedules(dependencies, principal.tenant);
  const deletion = await dependencies.deletions.accept(principal, { id, workflowId: `deletion/${principal.tenant}/${id}`, request: eachOnce(request), reason: 'request' });
  await startAcceptedWork(dependencies, id);
  return deletion;
}

/** The sources themselves go with everything else; nothing is to start a run of them any more. */
async function endSchedules({ sources, schedules }: DeletionDependencies, tenant: string): Promise<void> {
  for (let cursor: string | undefined, last = false; !last; ) {
    const page = await sources.list(tenant, cursor, 100);
    for (const { id } of page.sources) await schedules.remove(tenant, id);
    cursor = page.next ?? undefined;
    last = cursor === undefined;
  }
}

/** Identifiers may be written in capitals, too. */
function eachOnce(request: DeletionRequest): DeletionRequest {
  return 'documents' in request ? { documents: [...new Set(request.documents.map((id) => id.toLowerCase()))] } : request;
}

/** The log is to stay readable: of very many the first ones, all of which the deletion itself names. */
const mostNames = 500;

function namesOf(request: DeletionRequest): string[] {
  if ('documents' in request) return request.documents.slice(0, mostNames);
  return 'sourceId' in request ? [`source ${request.sourceId}`] : ['everything'];
}

export const deletionPath = (deletion: Pick<Deletion, 'id'>): string => `/v1/deletions/${deletion.id}`;

function deleteRoute(dependencies: DeletionDependencies): Route {
  return defineRoute({
    method: 'post',
    path: '/v1/deletions',
    scope: 'documents:delete',
    auditedNames: ({ body }) => namesOf(body),
    body: deletionRequestSchema,
    bodyExamples: {
      documents: { summary: 'Some documents', value: { documents: ['0198c0de-0000-7000-8000-000000000002'] } },
      source: { summary: 'All documents of a source', value: { sourceId: '0198c0de-0000-7000-8000-000000000003' } },
      everything: { summary: 'All the tenant has', value: { everything: true } },
    },
    documentation: {
      operationId: 'deleteDocuments',
      tag: 'Deletion',
      summary: 'Delete documents, a source’s documents, or everything',
      description: 'They vanish from search first, then their vectors, artifacts and records go; a receipt tells what was removed, with counts before and after. What is still being ingested of them does not come back.',
      answers: { 202: deletionAnswer },
      failures: ['NOT_FOUND', 'REGISTRY_UNAVAILABLE', 'WORKFLOWS_UNAVAILABLE'],
    },
    async handle({ body }, request, response) {
      const deletion = await startDeletion(dependencies, principalOfRequest(request), body, identifierFor(request));
      response.status(202).location(deletionPath(deletion)).json(deletion);
    },
  });
}

function listRoute({ deletions }: DeletionDependencies): Route {
  return defineRoute({
    method: 'get',
    path: '/v1/deletions',
    scope: 'documents:read',
    query: pageQuery(),
    documentation: {
      operationId: 'listDeletions',
      tag: 'Deletion',
      summary: 'Deletions, newest first',
      answers: { 200: { description: 'A page of deletions.', schema: deletionsPageSchema } },
      failures: ['REGISTRY_UNAVAILABLE'],
    },
    async handle({ query: { cursor, limit } }, request, response) {
      response.json(await deletions.list(principalOfRequest(request).tenant, cursor, limit));
    },
  });
}

function findRoute({ deletions }: DeletionDependencies): Route {
  return defineRoute({
    method: 'get',
    path: '/v1/deletions/:deletionId',
    scope: 'documents:read',
    parameters: z.strictObject({ deletionId: z.uuid() }),
    documentation: {
      operationId: 'getDeletion',
      tag: 'Deletion',
      summary: 'State and receipt of a deletion',
      answers: { 200: { description: 'The deletion; with its receipt once it is finished.', schema: deletionSchema } },
      failures: ['NOT_FOUND', 'REGISTRY_UNAVAILABLE'],
    },
    async handle({ parameters: { deletionId } }, request, response) {
      const deletion = await deletions.find(principalOfRequest(request).tenant, deletionId);
      if (deletion === undefined) throw new CatalystError('NOT_FOUND', `There is no deletion ${deletionId}.`);
      response.json(deletion);
    },
  });
}
