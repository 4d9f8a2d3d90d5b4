import type { Fragment, Row, Segment } from './geometry.ts';
import { leftOf, rightOf } from './geometry.ts';

/** In shares of the font size: a gap that is a space, and one that separates columns or cells. */
const spaceGap = 0.17;
const columnGap = 1.3;
/** Base lines this near to each other are one; a small sign beside larger type may be raised or lowered by more. */
const sameLineShift = 0.3;
const raisedShift = 0.55;
const smallShare = 0.85;
const stripHeight = 8;

const itemMark = /^(?:[•●○▪■◦‣*–—-]|\(?(?:\d{1,3}(?:\.\d{1,3})*|[a-zA-Z]|[ivx]{1,5})[.)]|\d{1,2}(?:\.\d{1,2})+|\[\d{1,3}\])$/;

interface OpenLine {
  fragments: Fragment[];
  y: number;
  size: number;
}

function dominant(fragments: readonly Fragment[]): Fragment | undefined {
  return fragments.reduce<Fragment | undefined>((longest, fragment) => (longest === undefined || fragment.text.length > longest.text.length ? fragment : longest), undefined);
}

function share<Item>(items: readonly Item[], matches: (item: Item) => number, weight: (item: Item) => number): number {
  const all = items.reduce((sum, item) => sum + weight(item), 0);
  return all === 0 ? 0 : items.reduce((sum, item) => sum + matches(item), 0) / all;
}

/** Joins fragments in reading direction, with a space wherever there is one in the file or on the page. */
function toSegment(fragments: readonly Fragment[]): Segment {
  const isRightToLeft = share(fragments, ({ isRightToLeft: yes, text }) => (yes ? text.length : 0), ({ text }) => text.length) > 0.5;
  const ordered = isRightToLeft ? fragments.toSorted((first, second) => second.right - first.right) : fragments;
  let text = '';
  let previous: Fragment | undefined;
  for (const fragment of ordered) {
    const gap = previous === undefined ? 0 : isRightToLeft ? previous.left - fragment.right : fragment.left - previous.right;
    const size = Math.max(previous?.size ?? 0, fragment.size);
    // Where the direction changes, the width of the space is often lost.
    const turns = isRightToLeft && previous !== undefined && previous.isRightToLeft !== fragment.isRightToLeft && /[\p{L}\p{N}]$/u.test(text) && /^[\p{L}\p{N}]/u.test(fragment.text);
    const spaced = turns || gap > size * spaceGap || (isRightToLeft ? previous?.spaceBefore === true && gap > 0 : fragment.spaceBefore && gap > -size * 0.1);
    // An accent set as a sign of its own belongs to the letter before it.
    const isAccent = /^\p{Mn}/u.test(fragment.text);
    text += (previous !== undefined && spaced && !isAccent ? ' ' : '') + fragment.text;
    previous = fragment;
  }
  const main = dominant(fragments);
  return { text, left: leftOf(fragments), right: rightOf(fragments), y: main?.y ?? 0, size: main?.size ?? 1, font: main?.font ?? '', isRightToLeft };
}

/** Whether two fragments stand side by side, so that one may be a raised or lowered sign of the other. */
function areNeighbours(first: Fragment, second: Fragment): boolean {
  return Math.max(first.left - second.right, second.left - first.right) < Math.max(first.size, second.size);
}

/** Lines by the height they stand at, in strips, so that the lines near a fragment are found without looking at all. */
class LineIndex {
  readonly lines: OpenLine[] = [];
  readonly #strips = new Map<number, OpenLine[]>();

  *near(y: number): Generator<OpenLine> {
    const strip = Math.floor(y / stripHeight);
    for (let at = strip - 2; at <= strip + 2; at++) yield* this.#strips.get(at) ?? [];
  }

  add(line: OpenLine): void {
    this.lines.push(line);
    const strip = Math.floor(line.y / stripHeight);
    const known = this.#strips.get(strip);
    if (known === undefined) this.#strips.set(strip, [line]);
    else known.push(line);
  }
}

function belongsTo(fragment: Fragment, line: OpenLine): boolean {
  const shift = Math.abs(line.y - fragment.y);
  if (shift < Math.max(line.size, fragment.size) * sameLineShift) return true;
  return fragment.size < line.size * smallShare && shift < line.size * raisedShift && line.fragments.some((other) => other.size > fragment.size && areNeighbours(other, fragment));
}

/** Gathers fragments into lines over the whole width of the page, from top to bottom. */
function linesOf(fragments: readonly Fragment[]): OpenLine[] {
  const index = new LineIndex();
  // Large type first: small raised signs then find the line that they belong to.
  for (const fragment of fragments.toSorted((first, second) => second.size - first.size || second.y - first.y)) {
    let nearest: OpenLine | undefined;
    for (const line of index.near(fragment.y)) {
      if (belongsTo(fragment, line) && (nearest === undefined || Math.abs(line.y - fragment.y) < Math.abs(nearest.y - fragment.y))) nearest = line;
    }
    if (nearest === undefined) index.add({ fragments: [fragment], y: fragment.y, size: fragment.size });
    else nearest.fragments.push(fragment);
  }
  return index.lines.sort((first, second) => second.y - first.y);
}

function splitLine({ fragments }: OpenLine): Segment[] {
  const segments: Segment[] = [];
  let open: Fragment[] = [];
  let right = -Infinity;
  for (const fragment of fragments.toSorted((first, second) => first.left - second.left)) {
    const size = Math.max(fragment.size, open.at(-1)?.size ?? 0);
    const isMark = open.length === 1 && itemMark.test(open[0]?.text ?? '');
    if (open.length > 0 && fragment.left - right > size * (isMark ? 4 : columnGap)) {
      segments.push(toSegment(open));
      open = [];
    }
    open.push(fragment);
    right = Math.max(open.length === 1 ? -Infinity : right, fragment.right);
  }
  if (open.length > 0) segments.push(toSegment(open));
  return segments;
}

export function segmentsOf(fragments: readonly Fragment[]): Segment[] {
  return linesOf(fragments).flatMap(splitLine);
}

/** Puts segments on the same base line into rows, from top to bottom. */
export function rowsOf(segments: readonly Segment[]): Row[] {
  const rows: Segment[][] = [];
  for (const segment of segments.toSorted((first, second) => second.y - first.y || first.left - second.left)) {
    const row = rows.at(-1);
    const first = row?.[0];
    if (row !== undefined && first !== undefined && Math.abs(first.y - segment.y) < Math.max(first.size, segment.size) * 0.4) row.push(segment);
    else rows.push([segment]);
  }
  return rows.map((row) => {
    const ordered = row.toSorted((first, second) => first.left - second.left);
    return { segments: ordered, left: leftOf(ordered), right: rightOf(ordered), y: row[0]?.y ?? 0, size: Math.max(...row.map(({ size }) => size)) };
  });
}
