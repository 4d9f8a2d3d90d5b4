import type { Group } from './groups.ts';
import type { Unit } from './units.ts';
import { mostCharactersPerToken } from './shorten.ts';

/** Units of a group from `from` up to `to` (exclusive) make a chunk; those before `fresh` repeat the end of the chunk before. */
export interface Fill {
  readonly from: number;
  readonly fresh: number;
  readonly to: number;
}

/** A table or code with at least this share of the limit stands alone. */
const largeShare = 0.5;
/** A chunk this near to its share of the group ends where a block ends, rather than within the next. */
const nearlyFull = 0.75;
/** Less than this before a large table or code introduces it, and stays with it where both fit. */
const introductionShare = 0.25;
/** What is left of a group after a chunk goes into it when it is no more than this and fits. */
const tailShare = 0.1;

function isLarge(unit: Unit | undefined, budget: number): boolean {
  return unit !== undefined && (unit.block.kind === 'table' || unit.block.kind === 'code') && unit.tokens >= budget * largeShare;
}

/** Decides where chunks of a group begin and end; every step looks at a unit a bounded number of times. */
export class Filler {
  readonly #units: readonly Unit[];
  readonly #budget: number;
  readonly #overlapTokens: number;
  /** Tokens of all units before the one of that index. */
  readonly #sums: number[] = [0];

  constructor(group: Group, overlapTokens: number) {
    this.#units = group.units;
    this.#budget = group.budget;
    this.#overlapTokens = Math.min(overlapTokens, Math.floor(group.budget / 2));
    for (const unit of group.units) this.#sums.push((this.#sums.at(-1) ?? 0) + unit.tokens);
  }

  /** The next chunk after one that covered the units from `previous` to `fresh`. */
  next(previous: number, fresh: number): Fill {
    const from = this.#overlapStart(previous, fresh);
    return { from, fresh, to: this.#end(from, fresh) };
  }

  tokens(from: number, to: number): number {
    return (this.#sums[to] ?? 0) - (this.#sums[from] ?? 0);
  }

  /** Goes back over whole sentences of the same section, never to the start of the chunk before. */
  #overlapStart(previous: number, fresh: number): number {
    const first = this.#units[fresh];
    let from = fresh;
    if (first === undefined || !first.repeatable) return from;
    while (from - 1 > previous) {
      const unit = this.#units[from - 1];
      if (unit === undefined || !unit.repeatable || unit.section !== first.section) break;
      if (this.tokens(from - 1, fresh) > this.#overlapTokens || this.tokens(from - 1, fresh + 1) > this.#budget) break;
      from -= 1;
    }
    return from;
  }

  #fits(from: number, to: number): boolean {
    const start = this.#units[from]?.start ?? 0;
    const end = this.#units[to - 1]?.end ?? 0;
    return this.tokens(from, to) <= this.#budget && end - start <= this.#budget * mostCharactersPerToken;
  }

  #end(from: number, fresh: number): number {
    const count = this.#units.length;
    if (this.#fits(from, count) && !this.#units.slice(fresh, count).some((unit) => isLarge(unit, this.#budget))) return count;
    const rest = this.tokens(fresh, count);
    const room = this.#budget - this.tokens(from, fresh);
    const share = rest / Math.ceil(rest / Math.max(1, room));
    let to = fresh + 1;
    while (to < count && this.#fits(from, to + 1) && !this.#endsBefore(to, from, fresh, share)) to += 1;
    return to === count ? to : this.#withoutTrailingHeadings(fresh, to);
  }

  /** Whether a chunk that has room left had better end before the unit. */
  #endsBefore(to: number, from: number, fresh: number, share: number): boolean {
    const [last, next] = [this.#units[to - 1], this.#units[to]];
    if (last === undefined || next === undefined) return false;
    const filled = this.tokens(fresh, to);
    if (this.tokens(to, this.#units.length) <= this.#budget * tailShare && this.#fits(from, this.#units.length)) return false;
    if (filled >= share) return true;
    if (last.block === next.block) return false;
    const hasBody = filled >= this.#budget * introductionShare;
    if (hasBody && (isLarge(next, this.#budget) || isLarge(last, this.#budget))) return true;
    return filled >= share * nearlyFull && last.block.kind !== 'heading';
  }

  /** A heading goes with what follows it. */
  #withoutTrailingHeadings(fresh: number, to: number): number {
    let end = to;
    while (end > fresh && this.#units[end - 1]?.block.kind === 'heading') end -= 1;
    return end > fresh ? end : to;
  }
}
