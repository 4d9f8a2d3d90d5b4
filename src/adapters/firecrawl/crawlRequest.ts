import type { SourceDefinition } from '../../contracts/sources.ts';
import type { DiscoveryRequest } from '../../ports/sourceDiscovery.ts';
import type { DiscoveryContext } from './discoveryContext.ts';
import { scrapeOptions } from './firecrawlPage.ts';
import { pathExpression } from './pathExpressions.ts';
import { webhookOf } from './webhookTarget.ts';

export type WebsiteDefinition = Extract<SourceDefinition, { type: 'website' }>;

/**
 * Among the patterns that exclude pages stands one that no address fits: Firecrawl shows the patterns of running crawls, and nothing
 * else by which a crawl could be told from another of the same site.
 */
export function crawlMarker(key: string): string {
  return `^catalyst-crawl-${key}$`;
}

/** The body of a start. No key may stand in it that Firecrawl does not know. */
export function crawlRequest(context: DiscoveryContext, definition: WebsiteDefinition, key: string, { tenant, jobId }: DiscoveryRequest): Readonly<Record<string, unknown>> {
  const { url, maximumDepth, maximumDocuments, include, exclude, sitemap, subdomains, ignoreQuery } = definition;
  return {
    url,
    limit: maximumDocuments,
    maxDiscoveryDepth: maximumDepth,
    // Pages of a sitemap count as found at once, whatever the depth.
    sitemap: maximumDepth === 0 ? 'skip' : sitemap,
    crawlEntireDomain: true,
    allowExternalLinks: false,
    allowSubdomains: subdomains,
    ignoreQueryParameters: ignoreQuery,
    regexOnFullURL: true,
    includePaths: include.map(pathExpression),
    excludePaths: [...exclude.map(pathExpression), crawlMarker(key)],
    scrapeOptions: scrapeOptions(context.scrapeTimeoutMs),
    ...webhookOf(context.webhook, tenant, jobId),
  };
}
