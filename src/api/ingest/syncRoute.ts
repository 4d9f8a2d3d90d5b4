import { CatalystError } from '../../contracts/errors.ts';
import { newIdentifier } from '../../contracts/identifiers.ts';
import { ingestRequestSchema, jobDocumentSchema } from '../../contracts/jobs.ts';
import type { ApiDependencies } from '../dependencies.ts';
import { createJsonBody } from '../middleware/jsonBody.ts';
import { principalOfRequest } from '../parseInput.ts';
import { defineRoute } from '../route.ts';
import type { Route } from '../route.ts';
import { readIngestRequest } from './readIngestRequest.ts';
import { storeTexts } from './storeTexts.ts';

/** A request that waits for its document must not wait long. */
const maximumBytes = 1024 ** 2;

export function createSyncRoute(dependencies: ApiDependencies): Route {
  return defineRoute({
    method: 'post',
    path: '/v1/ingest/sync',
    before: [createJsonBody(2 * maximumBytes)],
    documentation: {
      operationId: 'ingestInProcess',
      tag: 'Ingestion',
      summary: 'Ingest one small document and wait for it (development only)',
      description: 'Runs the very steps of ingestion in the API process, without Temporal: for development and tests where no worker runs. Nothing resumes it when the process ends. Refused in production.',
      requestBody: { required: true, content: { 'application/json': { schema: ingestRequestSchema } } },
      answers: { 200: { description: 'The document, as it ended.', schema: jobDocumentSchema } },
      failures: ['NOT_IN_PRODUCTION', 'INVALID_DOCUMENTS', 'DOCUMENT_TOO_LARGE', 'ARTIFACT_STORE_UNAVAILABLE', 'REGISTRY_UNAVAILABLE', 'INDEX_UNAVAILABLE', 'EMBEDDER_UNAVAILABLE'],
    },
    async handle(_input, request, response) {
      if (dependencies.ingestInProcess === undefined) throw new CatalystError('NOT_IN_PRODUCTION', 'Ingestion within a request is refused in production.');
      const principal = principalOfRequest(request);
      const { tenant, subject } = principal;
      const { documents } = await readIngestRequest(dependencies, principal, request.body);
      if (documents.length > 1) throw new CatalystError('INVALID_REQUEST', 'This route takes one document; send more with POST /v1/ingest/bulk.');
      const specifications = await storeTexts(dependencies, tenant, documents);
      if ((specifications[0]?.bytes ?? 0) > maximumBytes) throw new CatalystError('DOCUMENT_TOO_LARGE', `This route takes documents of at most ${maximumBytes} bytes; send larger ones with POST /v1/ingest/bulk.`);
      const jobId = newIdentifier();
      await dependencies.jobs.accept(principal, { jobId, workflowId: `job/${tenant}/${jobId}`, documents: specifications, inProcess: true });
      await dependencies.ingestInProcess({ tenant, subject, jobId });
      const page = await dependencies.jobs.listDocuments(tenant, jobId, {}, undefined, 1);
      response.json(page?.documents[0]);
    },
  });
}
