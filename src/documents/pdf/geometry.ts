/** Text on a page, turned so that it reads from left to right; `y` is the base line and grows upwards. Lengths in points. */
export interface PlacedText {
  readonly text: string;
  readonly left: number;
  readonly right: number;
  readonly y: number;
  readonly size: number;
  readonly font: string;
  readonly isRightToLeft: boolean;
}

/** A run of text as the file holds it. */
export interface Fragment extends PlacedText {
  /** A space precedes it in the file, however narrow. */
  readonly spaceBefore: boolean;
}

/** Fragments on one base line without a wide gap between them: a line of a column, a cell of a table. */
export type Segment = PlacedText;

/** Segments on one base line, from left to right. */
export interface Row {
  readonly segments: readonly Segment[];
  readonly left: number;
  readonly right: number;
  readonly y: number;
  readonly size: number;
}

export function median(values: readonly number[]): number {
  const sorted = values.toSorted((first, second) => first - second);
  return sorted[Math.floor(sorted.length / 2)] ?? 0;
}

export function leftOf(items: readonly { readonly left: number }[]): number {
  return items.reduce((least, { left }) => Math.min(least, left), Infinity);
}

export function rightOf(items: readonly { readonly right: number }[]): number {
  return items.reduce((most, { right }) => Math.max(most, right), -Infinity);
}
