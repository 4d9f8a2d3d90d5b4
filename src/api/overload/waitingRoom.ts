import type { RefusalCause } from '../../contracts/overload.ts';

export interface Waiting {
  readonly tenant: string;
  readonly begin: () => void;
  readonly refuse: (cause: RefusalCause) => void;
}

/** Those who wait for a place, tenant by tenant, each in the order of arrival. */
export class WaitingRoom {
  readonly #most: number;
  /** In the order in which their tenants began to wait; none is empty. */
  readonly #byTenant = new Map<string, Waiting[]>();
  #size = 0;

  constructor(most: number) {
    this.#most = most;
  }

  get size(): number {
    return this.#size;
  }

  /**
   * Where the room is full, one has to go: the last of the tenant with the most in it, the one who comes counted. Returns that one, who
   * is not in the room any more.
   */
  add(waiting: Waiting): Waiting | undefined {
    const own = this.#byTenant.get(waiting.tenant);
    if (own === undefined) this.#byTenant.set(waiting.tenant, [waiting]);
    else own.push(waiting);
    this.#size += 1;
    if (this.#size <= this.#most) return undefined;
    const last = this.#longest(waiting.tenant).at(-1);
    if (last !== undefined) this.remove(last);
    return last;
  }

  /** Whether it was there. */
  remove(waiting: Waiting): boolean {
    const own = this.#byTenant.get(waiting.tenant) ?? [];
    const place = own.indexOf(waiting);
    if (place === -1) return false;
    own.splice(place, 1);
    if (own.length === 0) this.#byTenant.delete(waiting.tenant);
    this.#size -= 1;
    return true;
  }

  /** Takes out the first of the tenant with the fewest at work; of several such, the one that got a place longest ago. */
  takeNext(atWork: (tenant: string) => number): Waiting | undefined {
    let best: Waiting[] | undefined;
    let fewest = Infinity;
    for (const [tenant, own] of this.#byTenant) {
      const count = atWork(tenant);
      if (count < fewest) [best, fewest] = [own, count];
    }
    const next = best?.[0];
    if (best === undefined || next === undefined) return undefined;
    this.remove(next);
    // To the end of the order, so that the others come before it where all have as many at work.
    this.#byTenant.delete(next.tenant);
    if (best.length > 0) this.#byTenant.set(next.tenant, best);
    return next;
  }

  /** Of tenants with as many in the room, the one who comes gives way. */
  #longest(coming: string): readonly Waiting[] {
    let longest: readonly Waiting[] = this.#byTenant.get(coming) ?? [];
    for (const own of this.#byTenant.values()) if (own.length > longest.length) longest = own;
    return longest;
  }
}
