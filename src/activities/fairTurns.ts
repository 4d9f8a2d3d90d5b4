interface Waiting {
  readonly tenant: string;
  readonly cost: number;
  begin(): void;
}

/** What a tenant used lately, as it stood at a time. */
interface RecentUse {
  readonly amount: number;
  readonly at: number;
}

/** Half of what a tenant used is forgotten after so long. */
const halfLifeMs = 60_000;
/** Less is nothing. */
const forgotten = 0.01;

/**
 * Hands out turns at what many want and few can have at once. Of those that wait, the tenant goes first that used least
 * in the last minutes: one with a little work is through at once, however much another has brought, and those with much share
 * evenly. Within a tenant the first to come goes first.
 */
export class FairTurns {
  readonly #now: () => number;
  readonly #used = new Map<string, RecentUse>();
  #waiting: Waiting[] = [];
  #free: number;

  constructor(turns: number, now: () => number = () => performance.now()) {
    this.#free = turns;
    this.#now = now;
  }

  /** Runs the work in a turn of the tenant, which costs as much as is told, in any unit. Throws the reason of the signal if it comes before the turn. */
  async run<Result>(tenant: string, cost: number, signal: AbortSignal, work: () => Promise<Result>): Promise<Result> {
    await this.#turn(tenant, cost, signal);
    try {
      return await work();
    } finally {
      this.#free += 1;
      this.#handOut();
    }
  }

  #turn(tenant: string, cost: number, signal: AbortSignal): Promise<void> {
    signal.throwIfAborted();
    return new Promise((resolve, reject) => {
      const leave = (): void => {
        this.#waiting = this.#waiting.filter((other) => other !== waiting);
        // eslint-disable-next-line @typescript-eslint/prefer-promise-reject-errors -- the reason is whatever the signal's owner gave
        reject(signal.reason);
      };
      const begin = (): void => {
        signal.removeEventListener('abort', leave);
        resolve();
      };
      const waiting: Waiting = { tenant, cost, begin };
      signal.addEventListener('abort', leave, { once: true });
      this.#waiting.push(waiting);
      this.#handOut();
    });
  }

  #handOut(): void {
    while (this.#free > 0 && this.#waiting.length > 0) {
      const next = this.#waiting.reduce((best, other) => (this.#useOf(other.tenant) < this.#useOf(best.tenant) ? other : best));
      this.#waiting = this.#waiting.filter((other) => other !== next);
      this.#free -= 1;
      this.#charge(next);
      next.begin();
    }
  }

  #charge({ tenant, cost }: Waiting): void {
    this.#used.set(tenant, { amount: this.#useOf(tenant) + cost, at: this.#now() });
    for (const other of this.#used.keys()) if (this.#useOf(other) < forgotten) this.#used.delete(other);
  }

  #useOf(tenant: string): number {
    const used = this.#used.get(tenant);
    return used === undefined ? 0 : used.amount * 0.5 ** ((this.#now() - used.at) / halfLifeMs);
  }
}
