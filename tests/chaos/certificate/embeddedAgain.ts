import type { Snapshot } from '../snapshot/snapshot.ts';

export interface EmbeddedAgain {
  /** Tokens that the undisturbed run had embedded. */
  readonly tokens: number;
  /** Tokens that the disturbed run had embedded beyond that. */
  readonly tokensAgain: number;
  readonly textsAgain: number;
  /** `tokensAgain` of `tokens`. */
  readonly share: number;
}

type Counts = ReadonlyMap<string, number>;

/** What was asked of the model more often than without faults, of the texts that are chunks: search and health checks ask too. */
export function embeddedAgain(texts: Snapshot['texts'], undisturbed: Counts, disturbed: Counts): EmbeddedAgain {
  let [tokens, tokensAgain, textsAgain] = [0, 0, 0];
  for (const [key, text] of texts) {
    const usual = undisturbed.get(key) ?? 0;
    const again = Math.max(0, (disturbed.get(key) ?? 0) - usual);
    tokens += text.tokens * usual;
    tokensAgain += text.tokens * again;
    textsAgain += again;
  }
  return { tokens, tokensAgain, textsAgain, share: tokens === 0 ? 0 : tokensAgain / tokens };
}
