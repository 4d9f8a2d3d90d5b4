import { Filler } from './fill.ts';
import { commonLength } from './groups.ts';
import type { Group } from './groups.ts';
import type { Unit } from './units.ts';
import type { Passage } from './writer.ts';

/** The path that all units share; headings alone do not narrow it, since they only lead to what follows. */
function pathOf(units: readonly Unit[], paths: Group['paths']): readonly string[] {
  const bodies = units.filter(({ block }) => block.kind !== 'heading');
  const sections = [...new Set((bodies.length > 0 ? bodies : units).map(({ section }) => section))];
  const [first = [], ...others] = sections.map((section) => paths.get(section) ?? []);
  return others.reduce<readonly string[]>((path, other) => path.slice(0, commonLength(path, other)), first);
}

export interface PassageChoice extends Passage {
  readonly from: number;
  readonly fresh: number;
  readonly to: number;
}

/** Chooses the passages of a group one by one; the caller may take fewer units of one than were offered. */
export class PassageChooser {
  readonly #group: Group;
  readonly #filler: Filler;

  constructor(group: Group, overlapTokens: number) {
    this.#group = group;
    this.#filler = new Filler(group, overlapTokens);
  }

  get length(): number {
    return this.#group.units.length;
  }

  next(previous: number, fresh: number): PassageChoice {
    const { from, to } = this.#filler.next(previous, fresh);
    return this.of(from, fresh, to);
  }

  of(from: number, fresh: number, to: number): PassageChoice {
    const units = this.#group.units.slice(from, to);
    const start = units.at(0)?.start ?? 0;
    const end = units.at(-1)?.end ?? 0;
    return { from, fresh, to, start, end, path: pathOf(units, this.#group.paths), blocks: [...new Set(units.map(({ block }) => block))] };
  }
}
