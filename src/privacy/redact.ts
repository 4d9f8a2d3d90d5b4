import type { PersonalDataKind } from '../contracts/personalData.ts';
import { findPersonalData } from './findPersonalData.ts';

/** What stands in the place of personal data. */
export type Mark = (kind: PersonalDataKind, value: string) => string;

export const markOf: Mark = (kind) => `[${kind}]`;

export interface RedactedText {
  readonly text: string;
  /** Where a place of the text before lies now; one within what was replaced lies at the beginning of its mark, or behind it. */
  readonly moved: (place: number) => number;
}

/** The text with a mark in the place of each piece of personal data of these kinds; undefined where there is none. */
export function redact(text: string, kinds: readonly PersonalDataKind[], markFor: Mark = markOf): RedactedText | undefined {
  const found = findPersonalData(text, kinds);
  if (found.length === 0) return undefined;
  const parts: string[] = [];
  const starts: number[] = [];
  const ends: number[] = [];
  /** By how much the text behind each piece has moved. */
  const shifts: number[] = [];
  let from = 0;
  let shift = 0;
  for (const { kind, start, end } of found) {
    const mark = markFor(kind, text.slice(start, end));
    parts.push(text.slice(from, start), mark);
    shift += mark.length - (end - start);
    starts.push(start);
    ends.push(end);
    shifts.push(shift);
    from = end;
  }
  parts.push(text.slice(from));
  return { text: parts.join(''), moved: (place) => movedBy(place, { starts, ends, shifts }) };
}

interface Places {
  readonly starts: readonly number[];
  readonly ends: readonly number[];
  readonly shifts: readonly number[];
}

function movedBy(place: number, { starts, ends, shifts }: Places): number {
  let [low, high] = [0, starts.length];
  while (low < high) {
    const middle = (low + high) >> 1;
    if ((starts[middle] ?? Infinity) < place) low = middle + 1;
    else high = middle;
  }
  // The last piece that begins before the place.
  const piece = low - 1;
  if (piece < 0) return place;
  return Math.max(place, ends[piece] ?? 0) + (shifts[piece] ?? 0);
}

export function redactText(text: string, kinds: readonly PersonalDataKind[], markFor: Mark = markOf): string {
  return redact(text, kinds, markFor)?.text ?? text;
}
