import { createHmac, timingSafeEqual } from 'node:crypto';
import { z } from 'zod';
import { CatalystError } from '../../contracts/errors.ts';
import { tenantSchema, uuidSchema } from '../../contracts/identifiers.ts';
import { parsedJson } from '../../contracts/parsedJson.ts';
import type { ProviderEvent, WebhookVerifier } from '../../ports/webhookVerifier.ts';
import { webhookToken, webhookTokenHeader } from './webhookTarget.ts';

const deliverySchema = z.object({
  type: z.string().regex(/^(?:crawl|batch_scrape)\.(?:started|page|completed|failed)$/),
  id: z.string().min(1).max(100),
  webhookId: z.string().max(100).nullish(),
  /** What the start has sent along. */
  metadata: z.object({ tenant: tenantSchema, jobId: uuidSchema }),
});
type Headers = Parameters<WebhookVerifier['verify']>[1];

/**
 * Checks deliveries of Firecrawl: by its signature of the raw body, or, where a self-hosted server does not sign, by the token that the
 * start has given it for this very job. A signature that is there must be right.
 */
export function createFirecrawlWebhookVerifier(secret: string): WebhookVerifier {
  return {
    verify(rawBody, headers) {
      const signature = header(headers, 'x-firecrawl-signature');
      if (signature !== undefined && !isEqual(signature, `sha256=${createHmac('sha256', secret).update(rawBody).digest('hex')}`)) throw unproven();
      const delivery = deliverySchema.safeParse(parsedJson(Buffer.from(rawBody).toString('utf8')));
      if (signature === undefined) requireToken(secret, delivery.data, header(headers, webhookTokenHeader));
      if (!delivery.success) throw new CatalystError('INVALID_REQUEST', `The delivery is no event of a job: ${z.prettifyError(delivery.error)}`);
      const { type, id, webhookId, metadata } = delivery.data;
      return { ...metadata, providerJobId: id, event: type.slice(type.indexOf('.') + 1) as ProviderEvent['event'], deliveryId: webhookId ?? undefined };
    },
  };
}

function requireToken(secret: string, delivery: z.infer<typeof deliverySchema> | undefined, token: string | undefined): void {
  if (delivery === undefined || token === undefined) throw unproven();
  if (!isEqual(token, webhookToken(secret, delivery.metadata.tenant, delivery.metadata.jobId))) throw unproven();
}

/** In constant time for texts of the expected length. */
function isEqual(given: string, expected: string): boolean {
  const [left, right] = [Buffer.from(given), Buffer.from(expected)];
  return left.length === right.length && timingSafeEqual(left, right);
}

function header(headers: Headers, name: string): string | undefined {
  const value = headers[name];
  return typeof value === 'string' ? value : value?.[0];
}

function unproven(): CatalystError {
  return new CatalystError('UNAUTHENTICATED', 'Nothing proves that the delivery comes from Firecrawl.');
}
