import { fold } from '../sparse/fold.ts';
import { vocabularyWords } from '../vocabulary/words.ts';
import type { SuggestionParts } from './parts.ts';

/** Whether a title or heading has, for each word typed, one that begins so. */
export function holdsAll(label: string, { beginnings }: SuggestionParts): boolean {
  const words = vocabularyWords(label);
  return beginnings.every((beginning) => words.some(({ folded }) => folded.startsWith(beginning)));
}

/** Labels in the order in which they are offered: those that begin as typed, those that hold the phrase, others; short ones first. */
export function orderLabels<Item extends { readonly text: string }>(items: readonly Item[], { phrase }: SuggestionParts): Item[] {
  const place = (text: string): number => {
    const folded = fold(text);
    if (folded.startsWith(phrase)) return 0;
    return folded.includes(` ${phrase}`) ? 1 : 2;
  };
  return items
    .map((item) => ({ item, place: place(item.text) }))
    .sort((left, right) => left.place - right.place || left.item.text.length - right.item.text.length || (left.item.text < right.item.text ? -1 : 1))
    .map(({ item }) => item);
}
