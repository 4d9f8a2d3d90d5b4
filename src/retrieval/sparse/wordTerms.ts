import { fold } from './fold.ts';
import { stemOf } from './stem.ts';
import { stopWords } from './stopWords.ts';

/** Longer names (paths, sequences) are found by their parts alone. */
export const maximumNameLength = 64;

const known = new Map<string, readonly string[]>();
/** Text repeats its words: remembered, a word costs a look-up instead of 10 to 20 µs. Bounded to a few megabytes. */
const maximumKnown = 50_000;

/** The terms of one word as it is written: none for a stop word, parts and whole for a name with signs inside (E11.9). */
export function wordTerms(word: string): readonly string[] {
  const remembered = known.get(word);
  if (remembered !== undefined) return remembered;
  const terms = termsOf(word);
  if (known.size >= maximumKnown) known.clear();
  if (word.length <= maximumNameLength) known.set(word, terms);
  return terms;
}

function termsOf(word: string): string[] {
  const folded = fold(word);
  if (!/[.,;:·_]/.test(folded)) return stopWords.has(folded) && !isCapitalName(word) ? [] : [stemOf(folded)];
  if (/^[\d.,]+$/.test(folded)) return [folded.replaceAll(',', '')];
  if (/^\p{L}(?:\.\p{L})+$/u.test(folded)) return [folded.replaceAll('.', '')];
  const parts = folded.split(/[.,;:·_]+/).filter((part) => part !== '' && !stopWords.has(part));
  return [...parts.map(stemOf), ...(folded.length <= maximumNameLength ? [folded] : [])];
}

/** WHO, IT and US are names where they are written so, not stop words. */
function isCapitalName(word: string): boolean {
  return word.length > 1 && /^\p{Lu}+$/u.test(word);
}
