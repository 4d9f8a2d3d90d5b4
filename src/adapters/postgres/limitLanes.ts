import { CatalystError } from '../../contracts/errors.ts';
import type { RateLimit } from '../../ports/rateLimiter.ts';

/** Callers of this process who want the same limits stand in one line: the first asks the database, the others wait for him. */
export interface LimitLanes {
  /** Runs when all who came before have had their turn; throws THROTTLED when that is not before the deadline. */
  inTurn<Result>(limits: readonly RateLimit[], signal: AbortSignal, maximumWaitMs: number, turn: (deadline: number, released: () => Promise<void>) => Promise<Result>): Promise<Result>;
  /** Someone in this process gave these back: whoever stands first may ask at once. */
  announceRelease(limits: readonly RateLimit[]): void;
}

interface Lane {
  /** Settles, never rejects, when the last in line has had his turn. */
  last: Promise<unknown>;
  waiting: number;
}

export function createLimitLanes(): LimitLanes {
  const lanes = new Map<string, Lane>();
  const listeners = new Map<string, Set<() => void>>();

  return {
    async inTurn(limits, signal, maximumWaitMs, turn) {
      const name = limits.map(({ key }) => key).sort().join('\n');
      const lane = lanes.get(name) ?? { last: Promise.resolve(), waiting: 0 };
      lanes.set(name, lane);
      lane.waiting += 1;
      const deadline = performance.now() + maximumWaitMs;
      const before = lane.last;
      const mine = before.then(() => {
        signal.throwIfAborted();
        if (performance.now() > deadline) throw new CatalystError('THROTTLED', `${name.replaceAll('\n', ', ')} has no room now.`, { retryAfterMs: 1_000 + Math.random() * 1_000 });
        return turn(deadline, () => released(limits));
      });
      lane.last = mine.catch(() => undefined);
      try {
        return await mine;
      } finally {
        lane.waiting -= 1;
        if (lane.waiting === 0) lanes.delete(name);
      }
    },

    announceRelease(limits) {
      for (const { key } of limits) {
        for (const wake of listeners.get(key) ?? []) wake();
        listeners.delete(key);
      }
    },
  };

  function released(limits: readonly RateLimit[]): Promise<void> {
    return new Promise((resolve) => {
      for (const { key } of limits) {
        const waiting = listeners.get(key) ?? new Set();
        listeners.set(key, waiting.add(resolve));
      }
    });
  }
}
