import { toCatalystError } from '../../contracts/errors.ts';
import type { Digest } from '../../contracts/identifiers.ts';
import { keep } from './keptVectors.ts';
import type { EmbeddedGroup, KeepingDependencies } from './keptVectors.ts';

/** Work of the model that may be lost with the process before it is worth two requests to keep it. */
const worthKeepingMs = 50;
/** With as much at stake as this many calls gave, the model is asked for nothing new; what it gave in less time is not worth waiting for. */
const mostCallsAtStake = 4;
const worthWaitingForMs = 250;
/** What is stored with the whole document is kept by itself where that takes longer than this. */
const patienceForWholeMs = 1_000;
const pauseAfterFailureMs = 500;

/** What groups are parts of, told by identity: they are kept together, since they are dropped together once it is stored. */
export interface Whole {
  readonly tenant: string;
}

/** A group that a kill of the process would lose, until it is kept or stored with the whole. */
export interface UnkeptGroup extends EmbeddedGroup {
  readonly whole: Whole;
  /** What the model spent on it. */
  readonly milliseconds: number;
  /** Whether it is to be kept by itself. */
  due: boolean;
  /** It may be in the artifact store, also where the answer of the store was lost. */
  tried: boolean;
}

/**
 * What this process has embedded and nobody else knows of yet. It is kept in the artifact store group by group while the model
 * goes on; where the store is away, again and again until it takes them, whatever becomes of the activity that had asked.
 * What a kill can cost is bounded by this, and not by how many activities are at work.
 */
export class UnkeptVectors {
  readonly #dependencies: KeepingDependencies;
  readonly #groups = new Map<string, UnkeptGroup>();
  #round: Promise<void> | undefined;

  constructor(dependencies: KeepingDependencies) {
    this.#dependencies = dependencies;
  }

  /** Resolves when the model may be asked again, where a call gives so many groups; throws the failure of the store where it cannot take what is at stake. */
  async room(groupsOfCall: number): Promise<void> {
    while (this.#groups.size >= mostCallsAtStake * groupsOfCall && sumOf(this.#groups.values()) >= worthWaitingForMs) {
      for (const group of this.#groups.values()) group.due = true;
      await this.#keepDue();
    }
  }

  /** Takes what one call of the model gave; `last` groups are about to be stored with the whole, and wait for that at first. */
  add(whole: Whole, embedded: readonly EmbeddedGroup[], milliseconds: number, last: boolean): UnkeptGroup[] {
    const added = embedded.map((group) => ({ ...group, whole, milliseconds: milliseconds / embedded.length, due: !last, tried: false }));
    for (const group of added) this.#groups.set(nameOf(whole.tenant, group.group.key), group);
    if (last) this.#later(() => this.#makeDue(added), patienceForWholeMs);
    else this.#keepInBackground(worthKeepingMs);
    return added;
  }

  /** There will be no whole: resolves once the groups are kept, or one try to do so has failed. */
  async keepNow(groups: readonly UnkeptGroup[]): Promise<void> {
    for (const group of groups) group.due = true;
    while (groups.some((group) => this.#holds(group))) {
      try {
        await this.#keepDue();
      } catch {
        return;
      }
    }
  }

  /** The whole is stored: what was not kept by now need not be. Resolves when none of the groups is on its way. */
  async release(tenant: string, keys: readonly Digest[]): Promise<void> {
    const names = keys.map((key) => nameOf(tenant, key));
    const tried = names.some((name) => this.#groups.get(name)?.tried);
    // Before anything is awaited: no later round takes them.
    for (const name of names) this.#groups.delete(name);
    if (tried) await this.#round?.catch(() => undefined);
  }

  #holds(group: UnkeptGroup): boolean {
    return this.#groups.get(nameOf(group.whole.tenant, group.group.key)) === group;
  }

  #due(): UnkeptGroup[] {
    return [...this.#groups.values()].filter(({ due }) => due);
  }

  #makeDue(groups: readonly UnkeptGroup[]): void {
    for (const group of groups) group.due = true;
    this.#keepInBackground();
  }

  #keepInBackground(leastMs = 0): void {
    const due = this.#due();
    if (due.length > 0 && sumOf(due) >= leastMs) this.#keepDue().catch(() => undefined);
  }

  /** One round at a time, of one whole: those who come meanwhile wait for it, and look again. */
  #keepDue(): Promise<void> {
    if (this.#round !== undefined) return this.#round;
    this.#round = this.#keepRound().finally(() => (this.#round = undefined));
    this.#round.then(
      () => this.#keepInBackground(worthKeepingMs),
      () => this.#later(() => this.#keepInBackground(), pauseAfterFailureMs),
    );
    return this.#round;
  }

  async #keepRound(): Promise<void> {
    const due = this.#due();
    const round = due.filter(({ whole }) => whole === due[0]?.whole);
    if (round.length === 0) return;
    for (const group of round) group.tried = true;
    try {
      await keep(this.#dependencies, round[0]!.whole.tenant, round);
    } catch (thrown) {
      const failure = toCatalystError(thrown);
      // What no try can mend is remembered in the process, and lost with it.
      if (!failure.class.retryable) this.#forget(round);
      throw failure;
    }
    this.#forget(round);
  }

  #forget(groups: readonly UnkeptGroup[]): void {
    for (const group of groups) if (this.#holds(group)) this.#groups.delete(nameOf(group.whole.tenant, group.group.key));
  }

  #later(work: () => void, milliseconds: number): void {
    setTimeout(work, milliseconds).unref();
  }
}

const nameOf = (tenant: string, key: Digest): string => `${tenant} ${key}`;

function sumOf(groups: Iterable<UnkeptGroup>): number {
  let sum = 0;
  for (const { milliseconds } of groups) sum += milliseconds;
  return sum;
}
