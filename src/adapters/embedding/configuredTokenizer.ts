import type { EmbeddingConfig } from '../../config/config.ts';
import type { Tokenizer } from '../../ports/tokenizer.ts';
import { createTokenizer } from './tokenizer.ts';

/** Few models write more than a token for every two characters of prose; an estimate must not fall short. */
const charactersPerToken = 2;

/** The tokenizer of the configured model; for an endpoint without a tokenizer file, an estimate on the safe side. */
export function createConfiguredTokenizer(config: EmbeddingConfig): Tokenizer {
  if (config.modelDirectory !== undefined) return createTokenizer(config.modelDirectory);
  return { count: (text) => Math.ceil(text.length / charactersPerToken) };
}
