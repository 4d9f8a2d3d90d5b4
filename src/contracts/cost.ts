import type { Prices } from './estimate.ts';
import type { UsageAmounts } from './usage.ts';

/** Of what ingestion spends, by the prices of now. */
export function costOf({ tokens, credits }: Pick<UsageAmounts, 'tokens' | 'credits'>, prices: Prices): number {
  return (tokens * prices.perMillionTokens) / 1_000_000 + credits * prices.perCredit;
}

/** The same, what searching uses, and time of processors. */
export function costOfUsage({ reranks, searches, queryTokens, processorSeconds, ...spent }: UsageAmounts, prices: Prices): number {
  const searching = (reranks * (prices.perThousandReranks ?? 0) + searches * (prices.perThousandSearches ?? 0)) / 1_000;
  const queries = (queryTokens * (prices.perMillionQueryTokens ?? prices.perMillionTokens)) / 1_000_000;
  return costOf(spent, prices) + searching + queries + (processorSeconds * (prices.perProcessorHour ?? 0)) / 3_600;
}
