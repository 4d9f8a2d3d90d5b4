import { createHmac } from 'node:crypto';

export interface WebhookTarget {
  /** Where Firecrawl reaches the product. */
  readonly url: string;
  /** Firecrawl's signing secret of the account; with a self-hosted server any secret. */
  readonly secret: string;
}

export const webhookTokenHeader = 'x-catalyst-webhook-token';

/** Proves that a delivery belongs to a job that was started here: self-hosted servers sign nothing, but send the headers they were given. */
export function webhookToken(secret: string, tenant: string, jobId: string): string {
  return createHmac('sha256', secret).update(`catalyst-firecrawl-webhook\n${tenant}\n${jobId}`).digest('hex');
}

/** The webhook part of a start; pages are left out, since each delivery would carry a whole page that is read by polling anyway. */
export function webhookOf(target: WebhookTarget | undefined, tenant: string, jobId: string): Readonly<Record<string, unknown>> {
  if (target === undefined) return {};
  const { url, secret } = target;
  return { webhook: { url, headers: { [webhookTokenHeader]: webhookToken(secret, tenant, jobId) }, metadata: { tenant, jobId }, events: ['started', 'completed', 'failed'] } };
}
