import type { WordCount } from '../../ports/vocabulary.ts';
import { readWordEntry } from '../vocabulary/words.ts';
import { distance } from './distance.ts';

export interface LexiconWord {
  readonly folded: string;
  readonly shown: string;
  readonly count: number;
}

export interface SpellingCandidate extends LexiconWord {
  readonly distance: number;
}

/** Words by length, ready to be compared with misspelt ones. */
export interface Lexicon {
  readonly size: number;
  /** Words within `most` edits of a folded word, the nearest first, of these the most frequent. */
  near(word: string, most: number): SpellingCandidate[];
}

interface Compared extends LexiconWord {
  readonly letters: number;
}

export function createLexicon(counts: readonly WordCount[]): Lexicon {
  const words = new Map<string, { shown: string; count: number; best: number }>();
  for (const { entry, count } of counts) {
    const { folded, shown } = readWordEntry(entry);
    const known = words.get(folded);
    if (known === undefined) words.set(folded, { shown, count, best: count });
    else words.set(folded, { shown: count > known.best ? shown : known.shown, count: known.count + count, best: Math.max(count, known.best) });
  }
  const byLength = new Map<number, Compared[]>();
  for (const [folded, { shown, count }] of words) {
    const same = byLength.get(folded.length) ?? [];
    same.push({ folded, shown, count, letters: letterSet(folded) });
    byLength.set(folded.length, same);
  }
  return { size: words.size, near: (word, most) => nearest(byLength, word, most) };
}

function nearest(byLength: ReadonlyMap<number, readonly Compared[]>, word: string, most: number): SpellingCandidate[] {
  const letters = letterSet(word);
  const found: SpellingCandidate[] = [];
  for (let length = word.length - most; length <= word.length + most; length += 1) {
    for (const candidate of byLength.get(length) ?? []) {
      // An edit changes at most two letters of the set: most words are dismissed without being compared.
      if (bitsOf(candidate.letters ^ letters) > 2 * most) continue;
      const apart = distance(word, candidate.folded, most);
      if (apart > 0 && apart <= most) found.push({ folded: candidate.folded, shown: candidate.shown, count: candidate.count, distance: apart });
    }
  }
  return found.sort((left, right) => left.distance - right.distance || right.count - left.count || (left.folded < right.folded ? -1 : 1));
}

/** Which letters a word has, as bits; letters that share a bit only make more words worth comparing. */
function letterSet(word: string): number {
  let set = 0;
  for (let index = 0; index < word.length; index += 1) set |= 1 << (word.charCodeAt(index) & 31);
  return set;
}

function bitsOf(set: number): number {
  let rest = set;
  let bits = 0;
  while (rest !== 0) {
    rest &= rest - 1;
    bits += 1;
  }
  return bits;
}
