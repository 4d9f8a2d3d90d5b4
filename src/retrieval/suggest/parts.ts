import { fold } from '../sparse/fold.ts';
import { wordRuns } from '../sparse/wordRuns.ts';

/** What is being typed, ready to be completed. */
export interface SuggestionParts {
  /** Folded words, of which titles and headings must have one that begins so. */
  readonly beginnings: readonly string[];
  /** The word that is being typed; undefined where it is too short to complete. */
  readonly last: string | undefined;
  /** All that stands before the last word, as it was typed. */
  readonly before: string;
  /** The whole, folded. */
  readonly phrase: string;
}

/** Words that are looked for; of a longer text the last ones count. */
const mostWords = 6;
const shortestCompleted = 2;

/** Undefined where nothing of the text is a word. */
export function suggestionParts(text: string): SuggestionParts | undefined {
  const runs = wordRuns(text);
  const last = runs.at(-1);
  if (last === undefined) return undefined;
  const words = runs.map(({ start, end }) => fold(text.slice(start, end)));
  const completed = words.at(-1) ?? '';
  const telling = words.filter((word) => word.length >= shortestCompleted);
  return {
    beginnings: (telling.length === 0 ? words : telling).slice(-mostWords),
    last: completed.length >= shortestCompleted ? completed : undefined,
    before: text.slice(0, last.start),
    phrase: fold(text).replace(/\s+/g, ' ').trim(),
  };
}
