import { z } from 'zod';
import { documentHistorySchema, documentsPageSchema, storedDocumentSchema } from '../../contracts/library.ts';
import type { ApiDependencies } from '../dependencies.ts';
import { deletionAnswer, deletionPath, startDeletion } from '../deletions/routes.ts';
import type { DeletionDependencies } from '../deletions/routes.ts';
import { pageQuery } from '../pages.ts';
import { principalOfRequest } from '../parseInput.ts';
import { defineRoute } from '../route.ts';
import type { Route } from '../route.ts';
import { createArtifactLinkRoute } from './artifactLinkRoute.ts';
import { createArtifactRoute } from './artifactRoute.ts';
import { documentParameters as parameters, noSuchDocument } from './parameters.ts';

type DocumentDependencies = Pick<ApiDependencies, 'limits' | 'library' | 'artifacts'> & DeletionDependencies;

export function createDocumentRoutes(dependencies: DocumentDependencies): Route[] {
  return [listRoute(dependencies), findRoute(dependencies), historyRoute(dependencies), createArtifactRoute(dependencies), createArtifactLinkRoute(dependencies), deleteRoute(dependencies)];
}

function listRoute({ library }: DocumentDependencies): Route {
  return defineRoute({
    method: 'get',
    path: '/v1/documents',
    scope: 'documents:read',
    query: pageQuery().extend({
      sourceId: z.uuid().optional().meta({ description: 'Only documents of this registered source.' }),
      deleted: z.enum(['true', 'false']).default('false').transform((value) => value === 'true').meta({ description: 'Those that were deleted instead.' }),
    }),
    documentation: {
      operationId: 'listDocuments',
      tag: 'Documents',
      summary: 'Documents of the tenant',
      answers: { 200: { description: 'A page of documents, by id.', schema: documentsPageSchema } },
      failures: ['REGISTRY_UNAVAILABLE'],
    },
    async handle({ query: { sourceId, deleted, cursor, limit } }, request, response) {
      response.json(await library.list(principalOfRequest(request), { sourceId, deleted }, cursor, limit));
    },
  });
}

function findRoute({ library }: DocumentDependencies): Route {
  return defineRoute({
    method: 'get',
    path: '/v1/documents/:documentId',
    scope: 'documents:read',
    parameters,
    documentation: {
      operationId: 'getDocument',
      tag: 'Documents',
      summary: 'A document',
      answers: { 200: { description: 'The document; one that was deleted tells when.', schema: storedDocumentSchema } },
      failures: ['NOT_FOUND', 'REGISTRY_UNAVAILABLE'],
    },
    async handle({ parameters: { documentId } }, request, response) {
      const document = await library.find(principalOfRequest(request), documentId);
      if (document === undefined) throw noSuchDocument(documentId);
      response.json(document);
    },
  });
}

function historyRoute({ library }: DocumentDependencies): Route {
  return defineRoute({
    method: 'get',
    path: '/v1/documents/:documentId/history',
    scope: 'documents:read',
    parameters,
    documentation: {
      operationId: 'getDocumentHistory',
      tag: 'Documents',
      summary: 'All that happened to a document',
      description: 'Every version with its artifacts, their digests and its cost; every request with actor, job and workflow run; every deletion.',
      answers: { 200: { description: 'The history, newest first.', schema: documentHistorySchema } },
      failures: ['NOT_FOUND', 'REGISTRY_UNAVAILABLE'],
    },
    async handle({ parameters: { documentId } }, request, response) {
      const history = await library.history(principalOfRequest(request), documentId);
      if (history === undefined) throw noSuchDocument(documentId);
      response.json(history);
    },
  });
}

function deleteRoute(dependencies: DocumentDependencies): Route {
  return defineRoute({
    method: 'delete',
    path: '/v1/documents/:documentId',
    scope: 'documents:delete',
    parameters,
    documentation: {
      operationId: 'deleteDocument',
      tag: 'Documents',
      summary: 'Delete a document',
      description: 'As `POST /v1/deletions` with this one document.',
      answers: { 202: deletionAnswer },
      failures: ['NOT_FOUND', 'REGISTRY_UNAVAILABLE'],
    },
    async handle({ parameters: { documentId } }, request, response) {
      const deletion = await startDeletion(dependencies, principalOfRequest(request), { documents: [documentId] });
      response.status(202).location(deletionPath(deletion)).json(deletion);
    },
  });
}
