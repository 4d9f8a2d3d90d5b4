import type { Estimate, Prices } from '../../contracts/estimate.ts';
import { bytesOf } from './bytesOf.ts';
import type { CheckedDocument } from './candidate.ts';

/** Tokens that a byte gives, where the tenant has no documents to tell: text in English is near 0.25, a PDF or DOCX far below. */
const defaultTokensPerByte = { low: 0.01, expected: 0.2, high: 0.35 } as const;
/** What a page of unknown size is taken for. */
const bytesOfUnknown = { low: 2_000, expected: 30_000, high: 300_000 } as const;

type Interval = Estimate['tokens'];

/** What the documents are likely to take: their bytes, as far as they are known, times the tokens that a byte gave before. */
export function estimateOf(documents: readonly CheckedDocument[], tokensPerByte: Interval | undefined, prices: Prices): Estimate {
  const sizes = documents.map(bytesOf);
  const known = sizes.reduce<number>((sum, bytes) => sum + (bytes ?? 0), 0);
  const documentsOfUnknownSize = sizes.filter((bytes) => bytes === undefined).length;
  const ratio = tokensPerByte ?? defaultTokensPerByte;
  const tokens = each((bound) => Math.round((known + documentsOfUnknownSize * bytesOfUnknown[bound]) * ratio[bound]));
  const cost = each((bound) => (tokens[bound] / 1_000_000) * prices.perMillionTokens);
  return { documents: documents.length, bytes: { known, documentsOfUnknownSize }, tokens, cost, currency: prices.currency, basis: tokensPerByte === undefined ? 'default' : 'history' };
}

function each(valueOf: (bound: keyof Interval) => number): Interval {
  return { low: valueOf('low'), expected: valueOf('expected'), high: valueOf('high') };
}
