import { z } from 'zod';
import type { FetchRecord } from '../../contracts/fetched.ts';

const firstOf = z.union([z.string(), z.array(z.string()).transform((values) => values[0])]).nullish();

/** What is used of a page; the service sends more, and promises less than its SDK declares. */
export const firecrawlPageSchema = z.object({
  markdown: z.string().nullish(),
  metadata: z
    .object({
      title: firstOf,
      /** After redirects. */
      url: z.string().nullish(),
      /** As asked. */
      sourceURL: z.string().nullish(),
      /** Of the site: pages that it refused come back as success. */
      statusCode: z.number().nullish(),
      contentType: firstOf,
      error: z.string().nullish(),
      scrapeId: z.string().nullish(),
      creditsUsed: z.number().nullish(),
      cachedAt: z.string().nullish(),
    })
    .nullish(),
});
export type FirecrawlPage = z.infer<typeof firecrawlPageSchema>;

export const markdownMediaType = 'text/markdown; charset=utf-8';

/** What Firecrawl is asked of every page: fresh, and with certificates checked; its defaults are two days, and not. */
export function scrapeOptions(timeoutMs: number): Readonly<Record<string, unknown>> {
  return { formats: ['markdown'], maxAge: 0, skipTlsVerification: false, timeout: timeoutMs };
}

/** What is known of the fetch: Firecrawl tells no header but the type. */
export function recordOf({ metadata }: FirecrawlPage, finalUrl: string): FetchRecord {
  const cached = metadata?.cachedAt === null || metadata?.cachedAt === undefined ? Number.NaN : Date.parse(metadata.cachedAt);
  return {
    finalUrl,
    fetchedAt: new Date(Number.isNaN(cached) ? Date.now() : cached).toISOString(),
    ...(Number.isInteger(metadata?.statusCode) ? { status: metadata?.statusCode as number } : {}),
    headers: typeof metadata?.contentType === 'string' ? { 'content-type': metadata.contentType } : {},
    ...(typeof metadata?.creditsUsed === 'number' ? { credits: metadata.creditsUsed } : {}),
  };
}

export function titleOf({ metadata }: FirecrawlPage): string | undefined {
  const title = metadata?.title?.trim();
  return title === '' ? undefined : title;
}
