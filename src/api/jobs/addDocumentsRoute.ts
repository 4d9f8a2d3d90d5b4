import { CatalystError } from '../../contracts/errors.ts';
import { addDocumentsRequestSchema, addedDocumentsSchema, isFinal } from '../../contracts/jobs.ts';
import type { AddedDocuments } from '../../contracts/jobs.ts';
import type { ApiDependencies } from '../dependencies.ts';
import { knownBytes } from '../ingest/bytesOf.ts';
import { readAddedDocuments } from '../ingest/readIngestRequest.ts';
import { storeTexts } from '../ingest/storeTexts.ts';
import { createJsonBody } from '../middleware/jsonBody.ts';
import { principalOfRequest } from '../parseInput.ts';
import { defineRoute } from '../route.ts';
import type { Route } from '../route.ts';
import { startAcceptedWork } from '../startAcceptedWork.ts';
import { noSuchJob } from './noSuchJob.ts';
import { jobParameters as parameters } from './parameters.ts';

export function createAddDocumentsRoute(dependencies: ApiDependencies): Route {
  return defineRoute({
    method: 'post',
    path: '/v1/jobs/:jobId/documents',
    scope: 'documents:write',
    parameters,
    before: [createJsonBody(dependencies.limits.maximumRequestBytes)],
    documentation: {
      operationId: 'addJobDocuments',
      tag: 'Jobs',
      summary: 'Add documents to a job in work',
      description: 'Answers the valid ones in the order they were sent. A document that the job has already keeps its place. A finished job takes no more: start a new one.',
      requestBody: { required: true, content: { 'application/json': { schema: addDocumentsRequestSchema } } },
      answers: { 202: { description: 'The documents with their indexes in the job.', schema: addedDocumentsSchema } },
      failures: ['TENANT_POLICY', 'QUOTA_EXCEEDED', 'TENANT_BUDGET_EXHAUSTED', 'NOT_FOUND', 'JOB_NOT_RUNNING', 'INVALID_DOCUMENTS', 'ARTIFACT_STORE_UNAVAILABLE', 'REGISTRY_UNAVAILABLE'],
    },
    async handle({ parameters: { jobId } }, request, response) {
      const principal = principalOfRequest(request);
      await requireInWork(dependencies, principal.tenant, jobId);
      const { documents, invalid } = await readAddedDocuments(dependencies, principal, request.body);
      await dependencies.admitWork(principal.tenant, { documents: documents.length, bytes: knownBytes(documents), jobs: 0 });
      const specifications = await storeTexts(dependencies, principal.tenant, documents);
      const added = await dependencies.steering.add(principal.tenant, jobId, specifications.map(({ index: _place, ...specification }) => specification));
      await startAcceptedWork(dependencies, jobId);
      response.status(202).json({ documents: added.map(({ index, documentId }) => ({ index, documentId })), invalid: invalid.map(({ index, problems }) => ({ index, problems: [...problems] })) } satisfies AddedDocuments);
    },
  });
}

/** Before texts are stored for nothing; what happens to the job meanwhile is found out when the documents join. */
async function requireInWork({ jobs }: Pick<ApiDependencies, 'jobs'>, tenant: string, jobId: string): Promise<void> {
  const job = await jobs.find(tenant, jobId);
  if (job === undefined) throw noSuchJob(jobId);
  if (isFinal(job.state)) throw new CatalystError('JOB_NOT_RUNNING', `Job ${jobId} is finished.`);
}
