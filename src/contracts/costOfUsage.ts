import type { Prices } from './estimate.ts';
import type { UsageAmounts } from './usage.ts';

/** By the prices of now. */
export function costOfUsage({ tokens, credits, reranks, searches }: UsageAmounts, prices: Prices): number {
  return (tokens / 1_000_000) * prices.perMillionTokens + credits * prices.perCredit + (reranks / 1_000) * (prices.perThousandReranks ?? 0) + (searches / 1_000) * (prices.perThousandSearches ?? 0);
}
