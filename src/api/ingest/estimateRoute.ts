import { estimateSchema } from '../../contracts/estimate.ts';
import { ingestRequestSchema } from '../../contracts/jobs.ts';
import type { ApiDependencies } from '../dependencies.ts';
import { createJsonBody } from '../middleware/jsonBody.ts';
import { principalOfRequest } from '../parseInput.ts';
import { defineRoute } from '../route.ts';
import type { Route } from '../route.ts';
import { estimateOf } from './estimate.ts';
import { readIngestRequest } from './readIngestRequest.ts';
import type { SourceDependencies } from './checkSources.ts';

type EstimateDependencies = Pick<ApiDependencies, 'reports' | 'prices'> & SourceDependencies;

export function createEstimateRoute(dependencies: EstimateDependencies): Route {
  return defineRoute({
    method: 'post',
    path: '/v1/ingest/estimate',
    scope: 'documents:write',
    onlyReads: true,
    before: [createJsonBody(dependencies.limits.maximumRequestBytes)],
    documentation: {
      operationId: 'estimateIngestion',
      tag: 'Ingestion',
      summary: 'What an ingestion would take',
      description: 'The same body as `POST /v1/ingest/bulk`; nothing is stored and nothing runs. Tokens and cost come as an interval, by what documents of this tenant needed before. For exact counts let the job run with `dryRun`.',
      requestBody: { required: true, content: { 'application/json': { schema: ingestRequestSchema } } },
      answers: { 200: { description: 'The estimate.', schema: estimateSchema } },
      failures: ['TENANT_POLICY', 'INVALID_DOCUMENTS', 'ARTIFACT_STORE_UNAVAILABLE', 'REGISTRY_UNAVAILABLE'],
    },
    async handle(_input, request, response) {
      const principal = principalOfRequest(request);
      const { documents } = await readIngestRequest(dependencies, principal, request.body);
      response.json(estimateOf(documents, await dependencies.reports.tokensPerByte(principal.tenant), dependencies.prices));
    },
  });
}
