import { ingestRequestSchema, ingestResponseSchema } from '../../contracts/jobs.ts';
import { z } from 'zod';
import type { ApiDependencies } from '../dependencies.ts';
import { identifierFor } from '../idempotency/requestIdentifier.ts';
import { createJsonBody } from '../middleware/jsonBody.ts';
import { principalOfRequest } from '../parseInput.ts';
import { defineRoute } from '../route.ts';
import type { Route, RouteDocumentation } from '../route.ts';
import { acceptJob } from './acceptJob.ts';
import { ingestExamples } from './examples.ts';
import { createEstimateRoute } from './estimateRoute.ts';
import { readIngestRequest } from './readIngestRequest.ts';
import { createIngestSourceRoute } from './sourceRoute.ts';
import { createSyncRoute } from './syncRoute.ts';

export function createIngestRoutes(dependencies: ApiDependencies): Route[] {
  return [
    defineRoute({
      method: 'post',
      path: '/v1/ingest/bulk',
      scope: 'documents:write',
      before: [createJsonBody(dependencies.limits.maximumRequestBytes)],
      documentation,
      async handle(_input, request, response) {
        const principal = principalOfRequest(request);
        const accepted = await acceptJob(dependencies, principal, await readIngestRequest(dependencies, principal, request.body), identifierFor(request));
        response.status(202).location(accepted.links.job).json(accepted);
      },
    }),
    createIngestSourceRoute(dependencies),
    createEstimateRoute(dependencies),
    createSyncRoute(dependencies),
  ];
}

const documentation: RouteDocumentation = {
  operationId: 'ingestDocuments',
  tag: 'Ingestion',
  summary: 'Ingest documents',
  description:
    'Accepts up to 10,000 documents, each by exactly one of `text`, `url`, `uploadId`, `artifactUri`, as one job. ' +
    'All are validated first, and each invalid one is named with its reasons. The answer comes once the job is stored durably; follow it at the `Location`. ' +
    'The same content again is no work.',
  requestBody: { required: true, content: { 'application/json': { schema: ingestRequestSchema, examples: ingestExamples } } },
  answers: {
    202: {
      description: 'The job is accepted; one handle for each document.',
      schema: ingestResponseSchema,
      headers: z.object({ Location: z.string().meta({ description: 'Address of the job.', example: '/v1/jobs/0198c0de-0000-7000-8000-000000000000' }) }),
    },
  },
  failures: ['TENANT_POLICY', 'QUOTA_EXCEEDED', 'TENANT_BUDGET_EXHAUSTED', 'INVALID_DOCUMENTS', 'ARTIFACT_STORE_UNAVAILABLE', 'REGISTRY_UNAVAILABLE'],
};
