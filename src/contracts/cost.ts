import type { Prices } from './estimate.ts';
import type { UsageAmounts } from './usage.ts';

/** Of what ingestion spends, by the prices of now. */
export function costOf({ tokens, credits }: Pick<UsageAmounts, 'tokens' | 'credits'>, prices: Prices): number {
  return (tokens * prices.perMillionTokens) / 1_000_000 + credits * prices.perCredit;
}

/** The same, and what searching uses. */
export function costOfUsage({ reranks, searches, ...spent }: UsageAmounts, prices: Prices): number {
  return costOf(spent, prices) + (reranks * (prices.perThousandReranks ?? 0) + searches * (prices.perThousandSearches ?? 0)) / 1_000;
}
