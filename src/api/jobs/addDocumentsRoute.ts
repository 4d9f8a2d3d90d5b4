import { addDocumentsRequestSchema, addedDocumentsSchema } from '../../contracts/jobs.ts';
import type { AddedDocuments } from '../../contracts/jobs.ts';
import type { ApiDependencies } from '../dependencies.ts';
import { readAddedDocuments } from '../ingest/readIngestRequest.ts';
import { storeTexts } from '../ingest/storeTexts.ts';
import { createJsonBody } from '../middleware/jsonBody.ts';
import { principalOfRequest } from '../parseInput.ts';
import { defineRoute } from '../route.ts';
import type { Route } from '../route.ts';
import { startAcceptedWork } from '../startAcceptedWork.ts';
import { jobParameters as parameters } from './parameters.ts';

export function createAddDocumentsRoute(dependencies: ApiDependencies): Route {
  return defineRoute({
    method: 'post',
    path: '/v1/jobs/:jobId/documents',
    parameters,
    before: [createJsonBody(dependencies.limits.maximumRequestBytes)],
    documentation: {
      operationId: 'addJobDocuments',
      tag: 'Jobs',
      summary: 'Add documents to a job in work',
      description: 'A document that the job has already keeps its place. A finished job takes no more: start a new one.',
      requestBody: { required: true, content: { 'application/json': { schema: addDocumentsRequestSchema } } },
      answers: { 202: { description: 'The documents with their indexes in the job.', schema: addedDocumentsSchema } },
      failures: ['NOT_FOUND', 'JOB_NOT_RUNNING', 'INVALID_DOCUMENTS', 'ARTIFACT_STORE_UNAVAILABLE', 'REGISTRY_UNAVAILABLE'],
    },
    async handle({ parameters: { jobId } }, request, response) {
      const principal = principalOfRequest(request);
      const { documents, invalid } = await readAddedDocuments(dependencies, principal, request.body);
      const specifications = await storeTexts(dependencies, principal.tenant, documents);
      const added = await dependencies.steering.add(principal.tenant, jobId, specifications.map(({ index: _place, ...specification }) => specification));
      await startAcceptedWork(dependencies, jobId);
      response.status(202).json({ documents: added.map(({ index, documentId }) => ({ index, documentId })), invalid: invalid.map(({ index, problems }) => ({ index, problems: [...problems] })) } satisfies AddedDocuments);
    },
  });
}
