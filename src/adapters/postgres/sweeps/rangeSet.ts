import type { ArtifactReference } from '../../../contracts/artifacts.ts';

type Range = Pick<ArtifactReference, 'offset' | 'length'>;

/** Ranges of one object, of which it can be told quickly whether any meets another. Ranges that begin together meet, empty ones too. */
export class RangeSet {
  readonly #starts: readonly number[];
  /** Of all ranges up to each, the farthest end. */
  readonly #ends: readonly number[];
  readonly #known: ReadonlySet<number>;

  constructor(ranges: Iterable<Range>) {
    const sorted = [...ranges].sort((left, right) => left.offset - right.offset);
    let farthest = 0;
    this.#starts = sorted.map(({ offset }) => offset);
    this.#ends = sorted.map(({ offset, length }) => (farthest = Math.max(farthest, offset + length)));
    this.#known = new Set(this.#starts);
  }

  meets({ offset, length }: Range): boolean {
    if (this.#known.has(offset)) return true;
    const before = this.#countBefore(offset + length);
    return before > 0 && (this.#ends[before - 1] ?? 0) > offset;
  }

  /** Ranges that begin before the end of another. */
  #countBefore(end: number): number {
    let [low, high] = [0, this.#starts.length];
    while (low < high) {
      const middle = (low + high) >>> 1;
      if ((this.#starts[middle] ?? 0) < end) low = middle + 1;
      else high = middle;
    }
    return low;
  }
}
