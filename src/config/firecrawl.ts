import type { Config } from './config.ts';
import type { Variables } from './variables.ts';

interface PlanLimits {
  readonly browsers: number;
  readonly scrapesPerMinute: number;
  readonly crawlsPerMinute: number;
}

/** What the plans of the cloud allow. */
const plans: Readonly<Record<NonNullable<Variables['FIRECRAWL_PLAN']>, PlanLimits>> = {
  free: { browsers: 2, scrapesPerMinute: 10, crawlsPerMinute: 1 },
  hobby: { browsers: 5, scrapesPerMinute: 100, crawlsPerMinute: 15 },
  standard: { browsers: 50, scrapesPerMinute: 500, crawlsPerMinute: 50 },
  growth: { browsers: 100, scrapesPerMinute: 5_000, crawlsPerMinute: 250 },
};

/** undefined where neither a key nor an address is given. Numbers that are set go before those of the plan. */
export function firecrawlConfig(variables: Variables): Config['firecrawl'] {
  const { FIRECRAWL_API_KEY: apiKey, FIRECRAWL_API_URL: apiUrl, FIRECRAWL_PLAN: plan, FIRECRAWL_WEBHOOK_SECRET: secret, CATALYST_WEBHOOK_URL: url } = variables;
  if (apiKey === undefined && apiUrl === undefined) return undefined;
  const ofPlan: Partial<PlanLimits> = plan === undefined ? {} : plans[plan];
  return {
    apiKey,
    apiUrl,
    limits: {
      browsers: variables.FIRECRAWL_BROWSERS ?? ofPlan.browsers,
      scrapesPerMinute: variables.FIRECRAWL_SCRAPES_PER_MINUTE ?? ofPlan.scrapesPerMinute,
      crawlsPerMinute: variables.FIRECRAWL_CRAWLS_PER_MINUTE ?? ofPlan.crawlsPerMinute,
    },
    webhook: url === undefined || secret === undefined ? undefined : { url, secret },
    stalledAfterMs: variables.FIRECRAWL_STALLED_MINUTES * 60_000,
  };
}
