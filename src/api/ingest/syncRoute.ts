import type { RequestHandler } from 'express';
import { z } from 'zod';
import { documentRequestSchema } from '../../contracts/documents.ts';
import { CatalystError } from '../../contracts/errors.ts';
import { jobDocumentSchema } from '../../contracts/jobs.ts';
import type { ApiDependencies } from '../dependencies.ts';
import { identifierFor } from '../idempotency/requestIdentifier.ts';
import { createJsonBody } from '../middleware/jsonBody.ts';
import { parseShape, principalOfRequest } from '../parseInput.ts';
import { defineRoute } from '../route.ts';
import type { Route } from '../route.ts';
import { bytesOf } from './bytesOf.ts';
import type { CheckedDocument } from './candidate.ts';
import { readAddedDocuments } from './readIngestRequest.ts';
import { storeTexts } from './storeTexts.ts';

/** A request that waits for its document must not wait long. */
const maximumBytes = 1024 ** 2;
const schema = z.strictObject({ documents: z.array(documentRequestSchema).length(1) }).meta({ id: 'IngestInProcessRequest' });
/** The document is read on its own, so that its problems are those of the source it names. */
const envelopeSchema = z.strictObject({ documents: z.array(z.unknown()).length(1, 'one document; more are taken by POST /v1/ingest/bulk') });

export function createSyncRoute(dependencies: ApiDependencies): Route {
  const { ingestInProcess } = dependencies;
  const refuseInProduction: RequestHandler = (_request, _response, next) => {
    if (ingestInProcess === undefined) throw new CatalystError('NOT_IN_PRODUCTION', 'Ingestion within a request is refused in production.');
    next();
  };
  return defineRoute({
    method: 'post',
    path: '/v1/ingest/sync',
    scope: 'documents:write',
    before: [refuseInProduction, createJsonBody(2 * maximumBytes)],
    documentation: {
      operationId: 'ingestInProcess',
      tag: 'Ingestion',
      summary: 'Ingest one small document and wait for it (development only)',
      description: 'Runs the very steps of ingestion in the API process, without Temporal: for development and tests where no worker runs. Nothing resumes it when the process ends. Refused in production.',
      requestBody: { required: true, content: { 'application/json': { schema } } },
      answers: { 200: { description: 'The document, as it ended.', schema: jobDocumentSchema } },
      failures: ['NOT_IN_PRODUCTION', 'TENANT_POLICY', 'INVALID_DOCUMENTS', 'DOCUMENT_TOO_LARGE', 'ARTIFACT_STORE_UNAVAILABLE', 'REGISTRY_UNAVAILABLE', 'INDEX_UNAVAILABLE', 'EMBEDDER_UNAVAILABLE'],
    },
    async handle(_input, request, response) {
      if (ingestInProcess === undefined) return;
      const principal = principalOfRequest(request);
      const { tenant, subject } = principal;
      const { documents } = await readAddedDocuments(dependencies, principal, parseShape(envelopeSchema, request.body));
      documents.forEach(refuseLarge);
      const jobId = identifierFor(request);
      await dependencies.jobs.accept(principal, { jobId, workflowId: `job/${tenant}/${jobId}`, documents: await storeTexts(dependencies, tenant, documents), inProcess: true });
      dependencies.emit({ type: 'job.accepted', tenant, jobId, documents: 1 });
      await ingestInProcess({ tenant, subject, jobId });
      const page = await dependencies.jobs.listDocuments(tenant, jobId, {}, undefined, 1);
      response.json(page?.documents[0]);
    },
  });
}

/** Pages are fetched later, within the limits of fetching. */
function refuseLarge(document: CheckedDocument): void {
  if ((bytesOf(document) ?? 0) > maximumBytes) throw new CatalystError('DOCUMENT_TOO_LARGE', `This route takes documents of at most ${maximumBytes} bytes; send larger ones with POST /v1/ingest/bulk.`);
}
