import { pipeline } from 'node:stream/promises';
import { z } from 'zod';
import { CatalystError } from '../../contracts/errors.ts';
import { documentHistorySchema, documentsPageSchema, storedDocumentSchema, versionArtifactKindSchema } from '../../contracts/library.ts';
import type { ApiDependencies } from '../dependencies.ts';
import { deletionAnswer, deletionPath, startDeletion } from '../deletions/routes.ts';
import type { DeletionDependencies } from '../deletions/routes.ts';
import { pageQuery } from '../pages.ts';
import { principalOfRequest } from '../parseInput.ts';
import { defineRoute } from '../route.ts';
import type { Route } from '../route.ts';

type DocumentDependencies = Pick<ApiDependencies, 'library' | 'artifacts'> & DeletionDependencies;

export function createDocumentRoutes(dependencies: DocumentDependencies): Route[] {
  return [listRoute(dependencies), findRoute(dependencies), historyRoute(dependencies), artifactRoute(dependencies), deleteRoute(dependencies)];
}

const parameters = z.strictObject({ documentId: z.uuid() });

/** The same answer for another tenant's document as for one that never was. */
const noSuchDocument = (documentId: string) => new CatalystError('NOT_FOUND', `There is no document ${documentId}.`);

function listRoute({ library }: DocumentDependencies): Route {
  return defineRoute({
    method: 'get',
    path: '/v1/documents',
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
      response.json(await library.list(principalOfRequest(request).tenant, { sourceId, deleted }, cursor, limit));
    },
  });
}

function findRoute({ library }: DocumentDependencies): Route {
  return defineRoute({
    method: 'get',
    path: '/v1/documents/:documentId',
    parameters,
    documentation: {
      operationId: 'getDocument',
      tag: 'Documents',
      summary: 'A document',
      answers: { 200: { description: 'The document; one that was deleted tells when.', schema: storedDocumentSchema } },
      failures: ['NOT_FOUND', 'REGISTRY_UNAVAILABLE'],
    },
    async handle({ parameters: { documentId } }, request, response) {
      const document = await library.find(principalOfRequest(request).tenant, documentId);
      if (document === undefined) throw noSuchDocument(documentId);
      response.json(document);
    },
  });
}

function historyRoute({ library }: DocumentDependencies): Route {
  return defineRoute({
    method: 'get',
    path: '/v1/documents/:documentId/history',
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
      const history = await library.history(principalOfRequest(request).tenant, documentId);
      if (history === undefined) throw noSuchDocument(documentId);
      response.json(history);
    },
  });
}

function artifactRoute({ library, artifacts }: DocumentDependencies): Route {
  return defineRoute({
    method: 'get',
    path: '/v1/documents/:documentId/artifacts/:kind',
    parameters: parameters.extend({ kind: versionArtifactKindSchema }),
    query: z.strictObject({ version: z.uuid().optional().meta({ description: 'The visible version when absent.' }) }),
    documentation: {
      operationId: 'getDocumentArtifact',
      tag: 'Documents',
      summary: 'The bytes of a document’s artifact',
      description: 'raw: as acquired; text: as parsed (JSON); chunks (JSON); vectors (float32, little-endian); manifest (JSON). The digest is checked while it streams.',
      answers: {
        200: {
          description: 'The bytes, with the media type they are stored with.',
          mediaType: 'application/octet-stream',
          schema: z.string(),
          headers: z.object({ 'Content-Digest': z.string().meta({ description: 'RFC 9530, sha-256.' }) }),
        },
      },
      failures: ['NOT_FOUND', 'ARTIFACT_STORE_UNAVAILABLE', 'REGISTRY_UNAVAILABLE'],
    },
    async handle({ parameters: { documentId, kind }, query: { version } }, request, response) {
      const { tenant } = principalOfRequest(request);
      const found = await library.findVersion(tenant, documentId, version);
      const artifact = found?.artifacts.find((candidate) => candidate.kind === kind);
      if (artifact === undefined) throw new CatalystError('NOT_FOUND', `There is no artifact "${kind}" of document ${documentId}.`);
      const stream = await artifacts.openStream(tenant, artifact);
      response.set({
        // What a web page brought is never run in the name of this service.
        'Content-Type': kind === 'raw' ? 'application/octet-stream' : artifact.mediaType,
        'Content-Disposition': `attachment; filename="${documentId}.${kind}"`,
        'Content-Length': String(artifact.length),
        'Content-Digest': `sha-256=:${Buffer.from(artifact.digest.slice('sha256:'.length), 'hex').toString('base64')}:`,
        'X-Stored-Media-Type': artifact.mediaType.replaceAll(/[^\x20-\x7e]/g, ''),
      });
      if (request.method === 'HEAD') {
        stream.destroy();
        response.end();
        return;
      }
      await pipeline(stream, response);
    },
  });
}

function deleteRoute(dependencies: DocumentDependencies): Route {
  return defineRoute({
    method: 'delete',
    path: '/v1/documents/:documentId',
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
