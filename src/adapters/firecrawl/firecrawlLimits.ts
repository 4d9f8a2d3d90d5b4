import type { RateLimit, RateLimiter } from '../../ports/rateLimiter.ts';
import type { FirecrawlAnswer } from './firecrawlClient.ts';

/** What an account may do; what is not given is not limited here, and 429 answers alone slow down. */
export interface FirecrawlLimits {
  readonly browsers?: number | undefined;
  readonly scrapesPerMinute?: number | undefined;
  readonly crawlsPerMinute?: number | undefined;
}

export type FirecrawlCall = 'scrape' | 'start' | 'crawl' | 'status';

/** Calls to Firecrawl within the limits of the account, across all processes. */
export interface FirecrawlGate {
  /** Runs the call; where Firecrawl answers 429, nobody begins another of its kind before the time it names. Throws THROTTLED. */
  run(call: FirecrawlCall, signal: AbortSignal, work: () => Promise<FirecrawlAnswer>): Promise<FirecrawlAnswer>;
}

/** The same for every plan. */
const statusPerMinute = 1_500;
/** For a 429 that names no time. */
const unnamedPauseMs = 5_000;

/** The limits of a call; the first key is the one that is paused. A batch or a map counts as a scrape, but keeps no browser of ours. */
function limitsOf(call: FirecrawlCall, { browsers, scrapesPerMinute, crawlsPerMinute }: FirecrawlLimits): readonly [RateLimit, ...RateLimit[]] {
  const scrape = limit('scrape', scrapesPerMinute);
  switch (call) {
    case 'scrape':
      return browsers === undefined ? [scrape] : [scrape, { key: 'provider:firecrawl:browsers', concurrency: browsers }];
    case 'start':
      return [scrape];
    case 'crawl':
      return [limit('crawl', crawlsPerMinute)];
    case 'status':
      return [limit('status', statusPerMinute)];
  }
}

const limit = (name: string, perMinute: number | undefined): RateLimit => ({ key: `provider:firecrawl:${name}`, ...(perMinute === undefined ? {} : { perMinute }) });

export function createFirecrawlGate(limiter: RateLimiter | undefined, limits: FirecrawlLimits): FirecrawlGate {
  if (limiter === undefined) return { run: (_call, _signal, work) => work() };
  return {
    async run(call, signal, work) {
      const applied = limitsOf(call, limits);
      const answer = await limiter.run(applied, signal, work);
      if (answer.status === 429) await limiter.pause(applied[0].key, answer.retryAfterMs ?? unnamedPauseMs);
      return answer;
    },
  };
}
