import type { ArtifactReference } from '../../contracts/artifacts.ts';

/** Bytes of one object, first to last inclusive, and the artifacts that lie in them. */
export interface ObjectRange {
  readonly uri: string;
  readonly first: number;
  readonly last: number;
  readonly parts: readonly RangePart[];
}

export interface RangePart {
  /** Where the caller wants the artifact. */
  readonly index: number;
  readonly reference: ArtifactReference;
}

/** Reading so many bytes too many is cheaper than another request. */
const bridgedGap = 64 * 1024;
const largestRange = 16 * 1024 * 1024;

/** As few ranges as cover the references: neighbours in one object together. References without bytes are in none. */
export function mergeRanges(references: readonly ArtifactReference[]): ObjectRange[] {
  const parts = references
    .map((reference, index) => ({ index, reference }))
    .filter(({ reference }) => reference.length > 0)
    .sort((left, right) => compare(left.reference.uri, right.reference.uri) || left.reference.offset - right.reference.offset);
  const ranges: { uri: string; first: number; last: number; parts: RangePart[] }[] = [];
  for (const part of parts) {
    const { uri, offset, length } = part.reference;
    const range = ranges.at(-1);
    const last = offset + length - 1;
    if (range?.uri === uri && offset <= range.last + 1 + bridgedGap && Math.max(last, range.last) - range.first < largestRange) {
      range.last = Math.max(last, range.last);
      range.parts.push(part);
    } else {
      ranges.push({ uri, first: offset, last, parts: [part] });
    }
  }
  return ranges;
}

function compare(left: string, right: string): number {
  return left < right ? -1 : left > right ? 1 : 0;
}
