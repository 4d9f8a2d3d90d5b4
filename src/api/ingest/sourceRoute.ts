import { z } from 'zod';
import { ingestSourceRequestSchema } from '../../contracts/ingestSource.ts';
import { ingestResponseSchema } from '../../contracts/jobs.ts';
import type { ApiDependencies } from '../dependencies.ts';
import { identifierFor } from '../idempotency/requestIdentifier.ts';
import { principalOfRequest } from '../parseInput.ts';
import { defineRoute } from '../route.ts';
import type { Route } from '../route.ts';
import { checkSourceRequest } from '../sources/checkSourceRequest.ts';
import { acceptSourceJob } from './acceptSourceJob.ts';

type SourceJobDependencies = Pick<ApiDependencies, 'admitWork' | 'jobs' | 'workflowStarter' | 'outbox' | 'emit' | 'allowPrivateAddresses' | 'isBucketOpen' | 'tenantStandings'>;

export function createIngestSourceRoute(dependencies: SourceJobDependencies): Route {
  return defineRoute({
    method: 'post',
    path: '/v1/ingest/source',
    scope: 'documents:write',
    body: ingestSourceRequestSchema,
    bodyExamples: {
      website: { summary: 'Crawl a website', value: { definition: { type: 'website', url: 'https://example.com/docs/', include: ['/docs/**'], maximumDepth: 3 }, attributes: { tags: ['docs'] } } },
      dryRun: { summary: 'See what a crawl would bring, and what it would cost', value: { definition: { type: 'sitemap', url: 'https://example.com/sitemap.xml' }, dryRun: true } },
    },
    documentation: {
      operationId: 'ingestSource',
      tag: 'Ingestion',
      summary: 'Ingest a website, sitemap, feed, list of pages, or bucket',
      description: 'As one job, which finds its documents itself and ingests them while it looks for more. To read a source again and again, register it with `POST /v1/sources`.',
      answers: { 202: { description: 'The job is accepted; its documents appear as they are found.', schema: ingestResponseSchema, headers: z.object({ Location: z.string() }) } },
      failures: ['TENANT_POLICY', 'REGISTRY_UNAVAILABLE', 'QUOTA_EXCEEDED', 'TENANT_BUDGET_EXHAUSTED'],
    },
    async handle({ body: { definition, attributes, ...options } }, request, response) {
      const principal = principalOfRequest(request);
      checkSourceRequest(dependencies, principal.tenant, { definition, attributes });
      const accepted = await acceptSourceJob(dependencies, principal, { sourceId: null, definition, attributes, onMissing: 'keep' }, options, identifierFor(request));
      response.status(202).location(accepted.links.job).json(accepted);
    },
  });
}
