/** Memory that two threads share, and the time from which it counts. */
export interface PageClockParts {
  readonly memory: SharedArrayBuffer;
  readonly epoch: number;
}

const pageSlot = 0;
const startSlot = 1;

/** Tells which page of a document a thread reads, and since when: also while that thread is too busy to answer. */
export class PageClock {
  readonly parts: PageClockParts;
  readonly #slots: Int32Array;

  constructor(parts: PageClockParts = { memory: new SharedArrayBuffer(2 * Int32Array.BYTES_PER_ELEMENT), epoch: Date.now() }) {
    this.parts = parts;
    this.#slots = new Int32Array(parts.memory);
  }

  /** Starts the time of a page; undefined: no page is being read. */
  start(page: number | undefined): void {
    Atomics.store(this.#slots, startSlot, Date.now() - this.parts.epoch);
    Atomics.store(this.#slots, pageSlot, page ?? 0);
  }

  get page(): number | undefined {
    const page = Atomics.load(this.#slots, pageSlot);
    return page === 0 ? undefined : page;
  }

  /** The page that has been read for longer than this. */
  overdue(limitMs: number): number | undefined {
    return Date.now() - this.parts.epoch - Atomics.load(this.#slots, startSlot) > limitMs ? this.page : undefined;
  }
}
