import type { Tokenizer } from '../../ports/tokenizer.ts';
import { createWordPieceEncoder } from '../shared/wordPieceEncoder.ts';

/** Counts tokens as the model in `modelDirectory` (its `tokenizer.json`) does. Throws EMBEDDER_UNAVAILABLE where it cannot be read. */
export function createTokenizer(modelDirectory: string): Tokenizer {
  const encoder = createWordPieceEncoder(modelDirectory);
  return { count: (text) => encoder.count(text) };
}
