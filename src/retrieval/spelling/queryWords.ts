import { isIdentifier } from '../analysis/intent.ts';
import { fold } from '../sparse/fold.ts';
import type { QueryLanguages } from '../sparse/queryWeights.ts';
import { queryWeights } from '../sparse/queryWeights.ts';
import { wordRuns } from '../sparse/wordRuns.ts';

/** A word of a query that may be misspelt, with its place in UTF-16 offsets. */
export interface QueryWord {
  readonly written: string;
  readonly folded: string;
  readonly start: number;
  readonly end: number;
  /** What it is looked for by, with weights. */
  readonly terms: ReadonlyMap<string, number>;
}

const shortest = 4;
const longest = 40;
/** Alphabets in which a letter is a small part of a word. */
const alphabetic = /^(?:[\p{Script=Latin}\p{M}]+|[\p{Script=Cyrillic}\p{M}]+|[\p{Script=Greek}\p{M}]+)$/u;

/** Plain words: not codes, numbers, names of several parts, stop words, nor words of scripts without an alphabet. */
export function checkedWords(query: string, languages: QueryLanguages): QueryWord[] {
  return wordRuns(query).flatMap(({ words, start, end }) => {
    const written = query.slice(start, end);
    const folded = fold(written);
    if (words.length > 1 || folded.length < shortest || folded.length > longest || !alphabetic.test(written) || isIdentifier(written)) return [];
    const terms = queryWeights(written, languages);
    return terms.size === 0 ? [] : [{ written, folded, start, end, terms }];
  });
}
