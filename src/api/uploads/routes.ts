import { uploadsResponseSchema } from '../../contracts/uploads.ts';
import type { ApiDependencies } from '../dependencies.ts';
import { principalOfRequest } from '../parseInput.ts';
import { defineRoute } from '../route.ts';
import type { Route } from '../route.ts';
import { bringsTheSameFiles } from './sameFiles.ts';
import { maximumFilesPerRequest } from './multipart.ts';
import { storeUploads } from './storeUploads.ts';

export function createUploadRoutes(dependencies: ApiDependencies): Route[] {
  return [
    defineRoute({
      method: 'post',
      path: '/v1/uploads',
      scope: 'documents:write',
      once: { isSame: bringsTheSameFiles },
      documentation: {
        operationId: 'uploadFiles',
        tag: 'Ingestion',
        summary: 'Upload files to ingest them later',
        description:
          `Streams up to ${maximumFilesPerRequest} files of any size to the artifact store. Name the ids it answers as \`uploadId\` in an ingestion request. ` +
          'Empty files are refused one by one; a request that breaks off leaves nothing.',
        requestBody: {
          required: true,
          content: {
            'multipart/form-data': {
              schema: { type: 'object', required: ['file'], properties: { file: { type: 'array', minItems: 1, maxItems: maximumFilesPerRequest, items: { type: 'string', contentMediaType: 'application/octet-stream' } } } },
            },
          },
        },
        answers: { 201: { description: 'The files are stored.', schema: uploadsResponseSchema } },
        failures: ['INVALID_REQUEST', 'EMPTY_DOCUMENT', 'DOCUMENT_TOO_LARGE', 'PAYLOAD_TOO_LARGE', 'UNSUPPORTED_MEDIA_TYPE', 'ARTIFACT_STORE_UNAVAILABLE', 'REGISTRY_UNAVAILABLE'],
      },
      async handle(_input, request, response) {
        response.status(201).json(await storeUploads(dependencies, principalOfRequest(request), request));
      },
    }),
  ];
}
