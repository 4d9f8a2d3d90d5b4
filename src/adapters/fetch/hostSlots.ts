/** How many may work on one host at once; the others wait in the order they came. */
export class HostSlots {
  readonly #limit: number;
  readonly #hosts = new Map<string, { taken: number; readonly waiting: (() => void)[] }>();

  constructor(limit: number) {
    this.#limit = limit;
  }

  /** Runs the work when a slot of the host is free; rejects with the signal's reason while it waits. */
  async run<Result>(host: string, signal: AbortSignal, work: () => Promise<Result>): Promise<Result> {
    await this.#take(host, signal);
    try {
      return await work();
    } finally {
      this.#release(host);
    }
  }

  async #take(host: string, signal: AbortSignal): Promise<void> {
    signal.throwIfAborted();
    const slots = this.#hosts.get(host) ?? { taken: 0, waiting: [] };
    this.#hosts.set(host, slots);
    if (slots.taken < this.#limit) {
      slots.taken += 1;
      return;
    }
    await new Promise<void>((resolve, reject) => {
      const onAbort = (): void => {
        slots.waiting.splice(slots.waiting.indexOf(onTurn), 1);
        reject(signal.reason as Error);
      };
      // The slot is handed over: `taken` stays as it is.
      const onTurn = (): void => {
        signal.removeEventListener('abort', onAbort);
        resolve();
      };
      signal.addEventListener('abort', onAbort, { once: true });
      slots.waiting.push(onTurn);
    });
  }

  #release(host: string): void {
    const slots = this.#hosts.get(host);
    if (slots === undefined) return;
    const next = slots.waiting.shift();
    if (next !== undefined) return next();
    slots.taken -= 1;
    if (slots.taken === 0) this.#hosts.delete(host);
  }
}
