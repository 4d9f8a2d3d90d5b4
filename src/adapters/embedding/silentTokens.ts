import type { WordPieceEncoder } from '../shared/wordPieceEncoder.ts';

/** Words and marks that nearly every text has: comparing their vectors only makes texts alike. */
const silentWords = `the of in and a to is for with that by on as are was were be this an or from at it . , ( ) - : ; / % ' " [ ]`.split(' ');

/** The ids of these words by a model's own vocabulary. */
export function silentTokens(encoder: Pick<WordPieceEncoder, 'encode'>): ReadonlySet<number> {
  return new Set(silentWords.map((word) => encoder.encode(word)).filter((ids) => ids.length === 1).flat());
}
