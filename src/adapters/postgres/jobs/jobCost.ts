import type { Prices } from '../../../contracts/estimate.ts';

export function costOf(spent: { readonly tokens: number; readonly credits: number }, prices: Prices): number {
  return (spent.tokens * prices.perMillionTokens) / 1_000_000 + spent.credits * prices.perCredit;
}
