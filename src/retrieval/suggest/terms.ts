import type { SuggestResponse } from '../../contracts/suggest.ts';
import { readWordEntry } from '../vocabulary/words.ts';
import type { SuggestionParts } from './parts.ts';

/**
 * Words that begin as the one being typed, the most frequent first. Spellings that differ in accents alone are one word, shown as
 * most documents write it. `isComplete`: the lists are all there are, so that counts are exact.
 */
export function termSuggestions(lists: readonly (readonly string[])[], { last, before }: SuggestionParts, isComplete: boolean): SuggestResponse['terms'] {
  if (last === undefined) return [];
  return countedWords(lists, last)
    .sort((left, right) => right.count - left.count || left.folded.length - right.folded.length || (left.folded < right.folded ? -1 : 1))
    .map(({ count, shown }) => ({ text: before + shown, term: shown, count, countIsExact: isComplete }));
}

interface CountedWord {
  readonly folded: string;
  readonly shown: string;
  readonly count: number;
}

function countedWords(lists: readonly (readonly string[])[], beginning: string): CountedWord[] {
  const words = new Map<string, { count: number; readonly spellings: Map<string, number> }>();
  for (const list of lists) {
    const listed = new Set<string>();
    for (const { folded, shown } of list.map(readWordEntry)) {
      if (!folded.startsWith(beginning)) continue;
      const counted = words.get(folded) ?? { count: 0, spellings: new Map<string, number>() };
      if (!listed.has(folded)) counted.count += 1;
      counted.spellings.set(shown, (counted.spellings.get(shown) ?? 0) + 1);
      listed.add(folded);
      words.set(folded, counted);
    }
  }
  return [...words].map(([folded, { count, spellings }]) => ({ folded, count, shown: [...spellings].sort(([, left], [, right]) => right - left)[0]?.[0] ?? folded }));
}
