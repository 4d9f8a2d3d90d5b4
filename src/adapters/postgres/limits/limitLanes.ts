import { setTimeout as sleep } from 'node:timers/promises';
import { CatalystError } from '../../../contracts/errors.ts';
import type { RateLimit } from '../../../ports/rateLimiter.ts';

/** Resolves when someone of this process gives one of the limits back, or after so many ms; rejects when the caller gives up. */
export type NextRelease = (ms: number) => Promise<void>;

/** Callers of this process who want the same limits stand in one line: the first asks the database, the others wait for him. */
export interface LimitLanes {
  /** Runs when all who came before have had their turn; throws THROTTLED when that is not before the deadline. */
  inTurn<Result>(limits: readonly RateLimit[], signal: AbortSignal, maximumWaitMs: number, turn: (deadline: number, nextRelease: NextRelease) => Promise<Result>): Promise<Result>;
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
        return turn(deadline, (ms) => nextRelease(limits, ms, signal));
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
      }
    },
  };

  async function nextRelease(limits: readonly RateLimit[], ms: number, signal: AbortSignal): Promise<void> {
    const woken = new AbortController();
    const wake = (): void => woken.abort();
    for (const { key } of limits) listeners.set(key, (listeners.get(key) ?? new Set()).add(wake));
    try {
      await sleep(ms, undefined, { signal: AbortSignal.any([signal, woken.signal]) }).catch(() => signal.throwIfAborted());
    } finally {
      for (const { key } of limits) {
        listeners.get(key)?.delete(wake);
        if (listeners.get(key)?.size === 0) listeners.delete(key);
      }
    }
  }
}
