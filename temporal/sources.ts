import { createBucketDiscovery } from '../src/adapters/discovery/bucket/bucketDiscovery.ts';
import { createFeedDiscovery } from '../src/adapters/discovery/feed/feedDiscovery.ts';
import { createPagesDiscovery } from '../src/adapters/discovery/pagesDiscovery.ts';
import { createSitemapDiscovery } from '../src/adapters/discovery/sitemap/sitemapDiscovery.ts';
import { createSourceDiscovery } from '../src/adapters/discovery/sourceDiscovery.ts';
import { createWebsiteDiscovery } from '../src/adapters/discovery/website/websiteDiscovery.ts';
import { createHttpClient } from '../src/adapters/fetch/httpClient.ts';
import { createWebReader } from '../src/adapters/fetch/httpFetcher.ts';
import { createFirecrawlDiscovery } from '../src/adapters/firecrawl/firecrawlDiscovery.ts';
import { createFirecrawlReader } from '../src/adapters/firecrawl/firecrawlReader.ts';
import { createS3ImportBuckets } from '../src/adapters/s3/s3ImportBuckets.ts';
import type { Config } from '../src/config/config.ts';
import { isOpenTo } from '../src/config/importBuckets.ts';
import type { RateLimiter } from '../src/ports/rateLimiter.ts';
import type { SourceDiscovery } from '../src/ports/sourceDiscovery.ts';
import type { SourceReader } from '../src/ports/sourceReader.ts';

export interface Sources {
  readonly reader: SourceReader;
  readonly discovery: SourceDiscovery;
  close(): Promise<void>;
}

/** Pages, websites, sitemaps and lists of pages by Firecrawl where it is configured, else by the built-in fetcher; feeds and buckets by our own means. */
export function createSources(config: Config, limiter: RateLimiter): Sources {
  const { timeoutMs, userAgent, allowPrivateAddresses, ports } = config.fetching;
  const maximumBytes = config.ingestion.maximumDocumentBytes;
  const web = createHttpClient({ userAgent, timeoutMs, maximumBytes, maximumRedirects: 10, allowPrivateAddresses, ports, limiter });
  const { buckets, ...importing } = config.importing;
  const source = createS3ImportBuckets(importing);
  const own = {
    website: createWebsiteDiscovery({ web }),
    sitemap: createSitemapDiscovery({ web }),
    feed: createFeedDiscovery(web),
    pages: createPagesDiscovery(web),
    bucket: createBucketDiscovery({ buckets: source, isOpen: (tenant, bucket) => isOpenTo(buckets, tenant, bucket), maximumBytes }),
  };
  const firecrawl = createFirecrawl(config, limiter);
  const reader = firecrawl?.reader ?? createWebReader(web);
  const discovery = createSourceDiscovery(firecrawl === undefined ? own : { ...own, website: firecrawl.discovery, sitemap: firecrawl.discovery, pages: firecrawl.discovery });
  return {
    reader,
    discovery,
    async close() {
      await Promise.all([reader.close(), discovery.close(), source.close()]);
      if (firecrawl !== undefined) await web.close();
    },
  };
}

function createFirecrawl({ firecrawl, fetching, ingestion }: Config, limiter: RateLimiter): { readonly reader: SourceReader; readonly discovery: SourceDiscovery } | undefined {
  if (firecrawl === undefined) return undefined;
  const { timeoutMs, allowPrivateAddresses } = fetching;
  const { apiKey, apiUrl, limits, webhook, stalledAfterMs } = firecrawl;
  const options = { apiKey, apiUrl, limits, limiter, timeoutMs, maximumBytes: ingestion.maximumDocumentBytes, allowPrivateAddresses };
  return { reader: createFirecrawlReader(options), discovery: createFirecrawlDiscovery({ ...options, webhook, poll: { stalledAfterMs } }) };
}
