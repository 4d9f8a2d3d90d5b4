import type { Segment } from './geometry.ts';
import { leftOf, rightOf } from './geometry.ts';

/** Columns of prose have at least this many lines; the longer ones fill this share of the column, and are so many ems long: shorter pieces are cells of a table. */
const fewestLines = 4;
const leastFill = 0.6;
const leastEms = 12;
/** Beside a column of text, the labels of a table take a narrower strip than this share. */
const leastWidthRatio = 0.5;
/** Lines across both columns (title, wide table) may be this many for every line of the shorter column. */
const mostCrossing = 4;
const deepestSplit = 3;

/** A length that a quarter of the values exceed. */
function upperQuartile(values: readonly number[]): number {
  return values.toSorted((first, second) => first - second)[Math.floor(values.length * 0.75)] ?? 0;
}

function isProse(side: readonly Segment[], width: number): boolean {
  if (side.length < fewestLines) return false;
  const ems = upperQuartile(side.map(({ left, right, size }) => (right - left) / size));
  return ems >= leastEms && upperQuartile(side.map(({ left, right }) => right - left)) >= width * leastFill;
}

function heightOf(side: readonly Segment[]): { top: number; bottom: number } {
  return { top: Math.max(...side.map(({ y }) => y)), bottom: Math.min(...side.map(({ y }) => y)) };
}

function standBeside(left: readonly Segment[], right: readonly Segment[]): boolean {
  const [first, second] = [heightOf(left), heightOf(right)];
  const shared = Math.min(first.top, second.top) - Math.max(first.bottom, second.bottom);
  return shared > 0.3 * Math.min(first.top - first.bottom, second.top - second.bottom);
}

/** The middle of the vertical strip that divides the segments into two columns of prose, if there is one. */
function findGutter(segments: readonly Segment[]): number | undefined {
  const [start, end] = [leftOf(segments), rightOf(segments)];
  let best: { x: number; crossing: number } | undefined;
  const edges = [...new Set(segments.map(({ left }) => Math.floor(left) - 1))].filter((x) => x > start + (end - start) * 0.15 && x < end - (end - start) * 0.15);
  for (const x of edges) {
    const left = segments.filter(({ right }) => right <= x);
    const right = segments.filter((segment) => segment.left >= x);
    const crossing = segments.length - left.length - right.length;
    if (crossing > Math.min(left.length, right.length) * mostCrossing) continue;
    if (best !== undefined && crossing >= best.crossing) continue;
    if (Math.min(x - start, end - x) < Math.max(x - start, end - x) * leastWidthRatio) continue;
    if (!isProse(left, x - start) || !isProse(right, end - x) || !standBeside(left, right)) continue;
    best = { x, crossing };
  }
  return best?.x;
}

/**
 * Regions of a page in reading order, each one column wide. What crosses the gutter (a title, a wide figure) ends the columns above
 * it: left column, right column, what crosses, then the columns below.
 */
export function readingRegions(segments: readonly Segment[], depth = 0): Segment[][] {
  const gutter = depth < deepestSplit ? findGutter(segments) : undefined;
  if (gutter === undefined) return segments.length === 0 ? [] : [[...segments]];
  const regions: Segment[][] = [];
  let [left, right, across]: Segment[][] = [[], [], []];
  const flushColumns = (): void => {
    regions.push(...readingRegions(left ?? [], depth + 1), ...readingRegions(right ?? [], depth + 1));
    [left, right] = [[], []];
  };
  for (const segment of segments.toSorted((first, second) => second.y - first.y)) {
    if (segment.left < gutter && segment.right > gutter) {
      flushColumns();
      across?.push(segment);
      continue;
    }
    if (across !== undefined && across.length > 0) regions.push(across);
    across = [];
    if (segment.right <= gutter) left?.push(segment);
    else right?.push(segment);
  }
  if (across !== undefined && across.length > 0) regions.push(across);
  flushColumns();
  return regions;
}
