import type { Readable } from 'node:stream';
import { pipeline } from 'node:stream/promises';
import type { Request, Response } from 'express';
import { z } from 'zod';
import { toCatalystError } from '../../contracts/errors.ts';
import { versionArtifactKindSchema } from '../../contracts/library.ts';
import type { VersionArtifact } from '../../contracts/library.ts';
import type { ApiDependencies } from '../dependencies.ts';
import { principalOfRequest } from '../parseInput.ts';
import { contextOf } from '../requestContext.ts';
import { defineRoute } from '../route.ts';
import type { Route, RouteDocumentation } from '../route.ts';
import { findArtifact, servedTypeOf, stillStored } from './findArtifact.ts';
import { documentParameters } from './parameters.ts';

/** Content is shown as search shows it: to those who hold all labels of the document. */
export function createArtifactRoute({ library, artifacts }: Pick<ApiDependencies, 'library' | 'artifacts'>): Route {
  return defineRoute({
    method: 'get',
    path: '/v1/documents/:documentId/artifacts/:kind',
    scope: 'documents:read',
    isAudited: true,
    parameters: documentParameters.extend({ kind: versionArtifactKindSchema }),
    query: z.strictObject({ version: z.uuid().optional().meta({ description: 'The visible version when absent.' }) }),
    documentation,
    async handle({ parameters: { documentId, kind }, query }, request, response) {
      const principal = principalOfRequest(request);
      const artifact = await findArtifact(library, principal, { documentId, versionId: query.version, kind });
      if (isKnown(request.get('if-none-match'), artifact)) {
        response.setHeader('ETag', etagOf(artifact));
        response.status(304).end();
        return;
      }
      const stream = await stillStored(artifact, () => artifacts.openStream(principal.tenant, artifact));
      response.setHeaders(new Map(Object.entries(headersOf(artifact, `${documentId}.${kind}`))));
      if (request.method === 'HEAD') {
        stream.destroy();
        response.end();
        return;
      }
      await sendStream(stream, request, response);
    },
  });
}

/** What breaks can only end the connection, before the promised length; a caller who leaves early is no failure. */
async function sendStream(stream: Readable, request: Request, response: Response): Promise<void> {
  stream.once('error', (error) => {
    if (!response.destroyed) contextOf(request).failure = toCatalystError(error);
  });
  await pipeline(stream, response).catch(() => undefined);
}

function isKnown(sent: string | undefined, artifact: VersionArtifact): boolean {
  return sent?.split(',').some((tag) => [etagOf(artifact), '*'].includes(tag.trim().replace(/^W\//, ''))) ?? false;
}

const etagOf = ({ digest }: VersionArtifact): string => `"${digest}"`;

function headersOf(artifact: VersionArtifact, fileName: string): Record<string, string> {
  const { mediaType, length, digest } = artifact;
  return {
    ETag: etagOf(artifact),
    'Content-Type': servedTypeOf(artifact),
    'Content-Disposition': `attachment; filename="${fileName}"`,
    'Content-Length': String(length),
    'Content-Digest': `sha-256=:${Buffer.from(digest.slice('sha256:'.length), 'hex').toString('base64')}:`,
    'X-Stored-Media-Type': mediaType.replaceAll(/[^\x20-\x7e]/g, ''),
  };
}

const documentation: RouteDocumentation = {
  operationId: 'getDocumentArtifact',
  tag: 'Documents',
  summary: 'The bytes of a document’s artifact',
  description: 'raw: as acquired; text: as parsed (JSON); chunks (JSON); vectors (float32, little-endian); manifest (JSON). The digest is checked while it streams: content that does not match it ends before its length. Needs all policy labels of the document.',
  headers: z.object({ 'If-None-Match': z.string().optional().meta({ description: 'The `ETag` of an earlier answer.' }) }),
  answers: {
    200: {
      description: 'The bytes, with the media type they are stored with; raw content is always sent as application/octet-stream.',
      mediaType: 'application/octet-stream',
      schema: z.string(),
      headers: z.object({
        'Content-Digest': z.string().meta({ description: 'RFC 9530, sha-256.' }),
        ETag: z.string().meta({ description: 'Of exactly these bytes.' }),
        'X-Stored-Media-Type': z.string().meta({ description: 'What the source said of the content.' }),
      }),
    },
    304: { description: 'The bytes are those of the `ETag` that was sent.' },
  },
  failures: ['NOT_FOUND', 'ARTIFACT_STORE_UNAVAILABLE', 'REGISTRY_UNAVAILABLE'],
};
