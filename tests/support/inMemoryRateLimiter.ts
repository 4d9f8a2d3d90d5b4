import { ProcessRateLimiter } from '../../src/adapters/shared/processRateLimiter.ts';
import type { RateLimit, RateLimiter } from '../../src/ports/rateLimiter.ts';

export interface InMemoryRateLimiter extends RateLimiter {
  /** Limits of every run that was asked for, in order. */
  readonly asked: (readonly RateLimit[])[];
  readonly pauses: { readonly key: string; readonly ms: number }[];
  /** The most that ran at once under a key. */
  mostAtOnce(key: string): number;
}

/** Real limits, within this process, that remember what they were asked. */
export function createInMemoryRateLimiter(maximumWaitMs = 3_000): InMemoryRateLimiter {
  const limiter = new ProcessRateLimiter({ maximumWaitMs });
  const asked: (readonly RateLimit[])[] = [];
  const pauses: { key: string; ms: number }[] = [];
  const running = new Map<string, number>();
  const most = new Map<string, number>();
  const count = (limits: readonly RateLimit[], change: number): void => {
    for (const { key } of limits) {
      const now = (running.get(key) ?? 0) + change;
      running.set(key, now);
      most.set(key, Math.max(most.get(key) ?? 0, now));
    }
  };
  return {
    asked,
    pauses,
    mostAtOnce: (key) => most.get(key) ?? 0,
    run(limits, signal, work) {
      asked.push(limits);
      return limiter.run(limits, signal, async () => {
        count(limits, 1);
        try {
          return await work();
        } finally {
          count(limits, -1);
        }
      });
    },
    pause(key, ms) {
      pauses.push({ key, ms });
      return limiter.pause(key, ms);
    },
  };
}
