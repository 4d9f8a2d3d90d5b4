import { CatalystError } from '../../contracts/errors.ts';
import type { RateLimit, RateLimiter } from '../../ports/rateLimiter.ts';

export interface ProcessRateLimiterOptions {
  /** Who waits longer than this gets THROTTLED. */
  readonly maximumWaitMs: number;
}

interface KeyState {
  running: number;
  /** When the next may begin, by the rate. */
  nextAt: number;
  pausedUntil: number;
}

interface Waiter {
  readonly limits: readonly RateLimit[];
  start(): void;
}

/** What is told to one who only waits for others to finish, whose time nobody knows. */
const waitForOthersMs = 1_000;

/** Limits that hold within this process alone, in the order of arrival: for one process, and for tests. */
export class ProcessRateLimiter implements RateLimiter {
  readonly #maximumWaitMs: number;
  readonly #keys = new Map<string, KeyState>();
  readonly #waiting: Waiter[] = [];
  #timer: NodeJS.Timeout | undefined;

  constructor(options: ProcessRateLimiterOptions) {
    this.#maximumWaitMs = options.maximumWaitMs;
  }

  async run<Result>(limits: readonly RateLimit[], signal: AbortSignal, work: () => Promise<Result>): Promise<Result> {
    signal.throwIfAborted();
    await this.#turn(limits, signal);
    try {
      return await work();
    } finally {
      for (const { key } of limits) this.#state(key).running -= 1;
      this.#startWhoCan();
    }
  }

  pause(key: string, ms: number): Promise<void> {
    const state = this.#state(key);
    state.pausedUntil = Math.max(state.pausedUntil, Date.now() + ms);
    return Promise.resolve();
  }

  #turn(limits: readonly RateLimit[], signal: AbortSignal): Promise<void> {
    return new Promise((resolve, reject) => {
      const leave = (reason: Error): void => {
        end();
        this.#waiting.splice(this.#waiting.indexOf(waiter), 1);
        this.#startWhoCan();
        reject(reason);
      };
      const onAbort = (): void => leave(signal.reason as Error);
      const patience = setTimeout(() => leave(this.#throttled(limits)), this.#maximumWaitMs);
      const end = (): void => {
        clearTimeout(patience);
        signal.removeEventListener('abort', onAbort);
      };
      const waiter: Waiter = {
        limits,
        start: () => {
          end();
          resolve();
        },
      };
      signal.addEventListener('abort', onAbort, { once: true });
      this.#waiting.push(waiter);
      // One who would wait in vain is told at once.
      if (this.#timeUntilFree(limits) > this.#maximumWaitMs) leave(this.#throttled(limits));
      else this.#startWhoCan();
    });
  }

  /** A key that somebody waits for is closed to those who came later. */
  #startWhoCan(): void {
    const closed = new Set<string>();
    let nextLook = Number.POSITIVE_INFINITY;
    for (const waiter of [...this.#waiting]) {
      const wait = this.#timeUntilFree(waiter.limits);
      const isFree = wait === 0 && waiter.limits.every((limit) => !closed.has(limit.key) && this.#state(limit.key).running < (limit.concurrency ?? Number.POSITIVE_INFINITY));
      if (isFree) this.#begin(waiter);
      else for (const { key } of waiter.limits) closed.add(key);
      if (wait > 0) nextLook = Math.min(nextLook, wait);
    }
    clearTimeout(this.#timer);
    if (nextLook !== Number.POSITIVE_INFINITY) this.#timer = setTimeout(() => this.#startWhoCan(), nextLook);
    this.#forgetIdle();
  }

  #begin(waiter: Waiter): void {
    this.#waiting.splice(this.#waiting.indexOf(waiter), 1);
    for (const { key, perMinute } of waiter.limits) {
      const state = this.#state(key);
      state.running += 1;
      if (perMinute !== undefined) state.nextAt = Math.max(state.nextAt, Date.now()) + 60_000 / perMinute;
    }
    waiter.start();
  }

  /** By pauses and rates; 0 says nothing of slots. */
  #timeUntilFree(limits: readonly RateLimit[]): number {
    const now = Date.now();
    return Math.max(0, ...limits.map(({ key, perMinute }) => {
      const state = this.#keys.get(key);
      if (state === undefined) return 0;
      return Math.max(state.pausedUntil, perMinute === undefined ? 0 : state.nextAt) - now;
    }));
  }

  #throttled(limits: readonly RateLimit[]): CatalystError {
    const retryAfterMs = Math.max(this.#timeUntilFree(limits), waitForOthersMs);
    return new CatalystError('THROTTLED', `${limits.map(({ key }) => key).join(', ')} has no room now.`, { retryAfterMs });
  }

  #state(key: string): KeyState {
    const known = this.#keys.get(key) ?? { running: 0, nextAt: 0, pausedUntil: 0 };
    this.#keys.set(key, known);
    return known;
  }

  #forgetIdle(): void {
    const now = Date.now();
    for (const [key, state] of this.#keys) if (state.running === 0 && state.nextAt <= now && state.pausedUntil <= now) this.#keys.delete(key);
  }
}
