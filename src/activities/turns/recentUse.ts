/** Half of what was used is forgotten after so long. */
const halfLifeMs = 60_000;
/** Less is nothing. */
const forgotten = 0.01;

/** What each used in the last minutes; old use counts less and less. */
export class RecentUse {
  readonly #now: () => number;
  readonly #used = new Map<string, { readonly amount: number; readonly at: number }>();
  #clearedAt = 0;

  constructor(now: () => number = () => performance.now()) {
    this.#now = now;
  }

  of(name: string): number {
    const used = this.#used.get(name);
    return used === undefined ? 0 : used.amount * 0.5 ** ((this.#now() - used.at) / halfLifeMs);
  }

  add(name: string, amount: number): void {
    this.#used.set(name, { amount: this.of(name) + amount, at: this.#now() });
    if (this.#now() - this.#clearedAt > halfLifeMs) this.#clear();
  }

  #clear(): void {
    this.#clearedAt = this.#now();
    for (const name of this.#used.keys()) if (this.of(name) < forgotten) this.#used.delete(name);
  }
}
