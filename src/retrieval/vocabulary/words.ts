import { fold, small } from '../sparse/fold.ts';
import { wordRuns } from '../sparse/wordRuns.ts';

/** A word or name of a text as a vocabulary lists it. */
export interface VocabularyWord {
  /** By this it is found. */
  readonly folded: string;
  /** As it is shown: in small letters, with its accents. */
  readonly shown: string;
  /** A name of several parts, or with digits in it. */
  readonly isName: boolean;
}

const longestWord = 40;

/** Words of at least two characters, and names whole as well as in parts ("covid-19", "covid"). Numbers alone are none. */
export function vocabularyWords(text: string): VocabularyWord[] {
  const found: VocabularyWord[] = [];
  for (const run of wordRuns(text)) {
    for (const { text: word } of run.words) add(found, word, /\p{N}/u.test(word));
    if (run.words.length > 1) add(found, text.slice(run.start, run.end), true);
  }
  return found;
}

function add(found: VocabularyWord[], written: string, isName: boolean): void {
  const shown = small(written).replace(/'s$/, '');
  if (shown.length < 2 || shown.length > longestWord || !/\p{L}/u.test(shown) || shown.includes(separator)) return;
  found.push({ folded: fold(shown), shown, isName });
}

const separator = '|';

/** How a word is stored: what it is found by comes first, since the index compares beginnings. */
export function wordEntry({ folded, shown }: Pick<VocabularyWord, 'folded' | 'shown'>): string {
  return folded === shown ? folded : `${folded}${separator}${shown}`;
}

export function readWordEntry(entry: string): Pick<VocabularyWord, 'folded' | 'shown'> {
  const [folded = '', shown = folded] = entry.split(separator);
  return { folded, shown };
}
