import { fold } from './fold.ts';
import { stemOf } from './stem.ts';
import { stopWords } from './stopWords.ts';
import { wordRuns } from './wordRuns.ts';
import type { Word, WordRun } from './wordRuns.ts';

/** A term of a text and the place of the word or name it stands for, in UTF-16 offsets. */
export interface Term {
  readonly term: string;
  readonly start: number;
  readonly end: number;
}

/** Longer names (paths, sequences) are found by their parts alone. */
const maximumWholeLength = 64;

/**
 * The terms of a text, in order: the same for documents, queries and highlights. Words are folded, stemmed, and dropped
 * where they are stop words. Names of several parts (COVID-19, E11.9, bge-small) give their parts and the whole.
 */
export function analyse(text: string): Term[] {
  const terms: Term[] = [];
  for (const run of wordRuns(text)) addRun(terms, run, text);
  return terms;
}

function addRun(terms: Term[], run: WordRun, text: string): void {
  for (const word of run.words) addWord(terms, word);
  const first = run.words[0];
  if (first === undefined || (run.words.length === 1 && first.start + first.text.length === run.end)) return;
  const whole = fold(text.slice(run.start, run.end)).replace(/[-‐‑–]/g, '');
  if (whole.length <= maximumWholeLength) terms.push({ term: stemOf(whole), start: run.start, end: run.end });
}

function addWord(terms: Term[], word: Word): void {
  const end = word.start + word.text.length;
  const folded = fold(word.text);
  const add = (term: string): void => void terms.push({ term, start: word.start, end });
  if (!/[.,;:·_]/.test(folded)) {
    if (!stopWords.has(folded) || isCapitalName(word.text)) add(stemOf(folded));
    return;
  }
  if (/^[\d.,]+$/.test(folded)) return add(folded.replaceAll(',', ''));
  if (/^\p{L}(?:\.\p{L})+$/u.test(folded)) return add(folded.replaceAll('.', ''));
  for (const part of folded.split(/[.,;:·_]+/)) if (part !== '' && !stopWords.has(part)) add(stemOf(part));
  if (folded.length <= maximumWholeLength) add(folded);
}

/** WHO, IT and US are names where they are written so, not stop words. */
function isCapitalName(word: string): boolean {
  return word.length > 1 && /^\p{Lu}+$/u.test(word);
}
