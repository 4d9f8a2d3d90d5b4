import { fold, small } from './fold.ts';
import { createLanguageMemory } from './languageMemory.ts';
import type { AnalysisLanguage } from './languages.ts';
import { stemOf } from './stem.ts';
import { stopWordsOf } from './stopWords.ts';

/** Longer names (paths, sequences) are found by their parts alone. */
export const maximumNameLength = 64;

/** Text repeats its words: remembered, a word costs a look-up instead of 10 to 20 µs. Bounded to a few megabytes a language. */
const remembered = createLanguageMemory<readonly string[]>({ most: 50_000, longest: maximumNameLength });

/** The terms of one word as it is written: none for a stop word, parts and whole for a name with signs inside (E11.9). */
export function wordTerms(word: string, language: AnalysisLanguage): readonly string[] {
  const known = remembered.get(word, language);
  if (known !== undefined) return known;
  const terms = termsOf(word, language);
  remembered.set(word, language, terms);
  return terms;
}

function termsOf(word: string, language: AnalysisLanguage): string[] {
  const written = withoutElision(small(word), language);
  const folded = fold(written);
  const stopWords = stopWordsOf(language);
  if (!/[.,;:·_]/.test(folded)) return stopWords.has(folded) && !isCapitalName(word) ? [] : [stemOf(written, language)];
  if (/^[\d.,]+$/.test(folded)) return [folded.replaceAll(',', '')];
  if (/^\p{L}(?:\.\p{L})+$/u.test(folded)) return [folded.replaceAll('.', '')];
  const parts = written.split(/[.,;:·_]+/).filter((part) => part !== '' && !stopWords.has(fold(part)));
  return [...parts.map((part) => stemOf(part, language)), ...(folded.length <= maximumNameLength ? [folded] : [])];
}

const elision = /^(?:[cdjlmnst]|qu|jusqu|lorsqu|puisqu|quoiqu|un|dell|all|nell|sull|dall|coll|quell)'(?=\p{L}{2})/u;
const eliding: ReadonlySet<AnalysisLanguage> = new Set(['fr', 'it', 'ca']);

/** "l'état" is the word "état": articles and pronouns that lost their vowel are written on to it. */
function withoutElision(word: string, language: AnalysisLanguage): string {
  return eliding.has(language) ? word.replace(elision, '') : word;
}

/** WHO, IT and US are names where they are written so, not stop words. */
function isCapitalName(word: string): boolean {
  return word.length > 1 && /^\p{Lu}+$/u.test(word);
}
