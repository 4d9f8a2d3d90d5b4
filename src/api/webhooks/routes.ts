import { z } from 'zod';
import { CatalystError } from '../../contracts/errors.ts';
import type { ProviderEvent, WebhookVerifier } from '../../ports/webhookVerifier.ts';
import type { ApiDependencies } from '../dependencies.ts';
import { createRawBody } from '../middleware/rawBody.ts';
import { defineRoute } from '../route.ts';
import type { Route } from '../route.ts';
import { wakeJob } from './wakeJob.ts';

type WebhookDependencies = Pick<ApiDependencies, 'firecrawlWebhooks' | 'workflowStarter' | 'emit'>;

/** A delivery names a job and an event; pages are not asked for. */
const maximumBytes = 1024 ** 2;

/** None where no secret is configured: then nothing could be proven. */
export function createWebhookRoutes(dependencies: WebhookDependencies): Route[] {
  const { firecrawlWebhooks: verifier } = dependencies;
  return verifier === undefined ? [] : [firecrawlRoute(dependencies, verifier)];
}

/**
 * A delivery only wakes the job it names, which then asks Firecrawl itself: a doubled or late one does no harm. The answer is the same
 * whether there is such a job, whose it is, or whether it is finished.
 */
function firecrawlRoute(dependencies: WebhookDependencies, verifier: WebhookVerifier): Route {
  return defineRoute({
    method: 'post',
    path: '/v1/webhooks/firecrawl',
    scope: null,
    before: [createRawBody(maximumBytes)],
    documentation: {
      operationId: 'receiveFirecrawlEvent',
      tag: 'Webhooks',
      summary: 'Firecrawl tells of a crawl',
      description: 'For Firecrawl alone; there only where FIRECRAWL_WEBHOOK_SECRET and CATALYST_WEBHOOK_URL are set. A delivery makes its job look at the crawl at once instead of at its next turn.',
      proof: 'signature',
      requestBody: { required: true, content: { 'application/json': { schema: z.record(z.string(), z.unknown()) } } },
      answers: { 204: { description: 'Taken.' } },
      failures: ['UNAUTHENTICATED'],
    },
    handle(_input, request, response) {
      const event = eventOf(verifier, request.body as Uint8Array, request.headers);
      response.status(204).end();
      if (event !== undefined) void wakeJob(dependencies, event);
    },
  });
}

/** undefined for a proven delivery that is of no use: it would only be sent again. Throws UNAUTHENTICATED. */
function eventOf(verifier: WebhookVerifier, body: Uint8Array, headers: Parameters<WebhookVerifier['verify']>[1]): ProviderEvent | undefined {
  try {
    return verifier.verify(body, headers);
  } catch (error) {
    if (error instanceof CatalystError && error.code === 'INVALID_REQUEST') return undefined;
    throw error;
  }
}
