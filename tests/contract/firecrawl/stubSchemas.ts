import { z } from 'zod';

/** As the real server: every key it does not know is 400. */
const page = { formats: z.array(z.literal('markdown')), maxAge: z.int().min(0), skipTlsVerification: z.boolean(), timeout: z.int().positive() };
const webhook = z.strictObject({
  url: z.url(),
  headers: z.record(z.string(), z.string()).default({}),
  metadata: z.record(z.string(), z.string()).default({}),
  events: z.array(z.enum(['completed', 'failed', 'page', 'started'])),
});
const expression = z.string().refine((text) => {
  try {
    return new RegExp(text) instanceof RegExp;
  } catch {
    return false;
  }
}, 'is no regular expression');

export const crawlBodySchema = z.strictObject({
  url: z.url({ protocol: /^https?$/ }),
  limit: z.int().positive(),
  maxDiscoveryDepth: z.int().min(0),
  sitemap: z.enum(['skip', 'include']),
  crawlEntireDomain: z.boolean(),
  allowExternalLinks: z.literal(false),
  allowSubdomains: z.boolean(),
  ignoreQueryParameters: z.boolean(),
  regexOnFullURL: z.boolean(),
  includePaths: z.array(expression),
  excludePaths: z.array(expression),
  scrapeOptions: z.strictObject(page),
  webhook: webhook.optional(),
});
export const batchBodySchema = z.strictObject({ urls: z.array(z.string()), ignoreInvalidURLs: z.boolean(), ...page, webhook: webhook.optional() });
export const mapBodySchema = z.strictObject({ url: z.url(), sitemap: z.literal('only'), limit: z.int().min(1).max(100_000), includeSubdomains: z.boolean(), ignoreQueryParameters: z.boolean(), timeout: z.int().positive() });

export type CrawlBody = z.infer<typeof crawlBodySchema>;
export type BatchBody = z.infer<typeof batchBodySchema>;
export type StubWebhook = z.infer<typeof webhook>;
