import { RateLimiterMemory } from 'rate-limiter-flexible';
import { toCatalystError } from '../../contracts/errors.ts';
import type { EventSink } from '../../contracts/events.ts';
import { rateWindowSeconds } from '../../contracts/rateLimits.ts';
import type { WindowCounts, WindowState } from '../../ports/windowCounts.ts';

export interface WindowCountsOptions {
  readonly emit: EventSink;
  readonly now?: () => number;
}

/** Of one key in one window: what others took is in the limiter too. */
interface Taken {
  readonly quota: number;
  unreported: number;
  reported: number;
  others: number;
}

const windowMs = rateWindowSeconds * 1000;

export function createWindowCounts({ emit, now = Date.now }: WindowCountsOptions): WindowCounts {
  const limiters = new Map<number, RateLimiterMemory>();
  let window = 0;
  let taken = new Map<string, Taken>();
  let failing = false;

  const limiterOf = (quota: number): RateLimiterMemory => {
    const known = limiters.get(quota) ?? new RateLimiterMemory({ points: quota, duration: rateWindowSeconds });
    limiters.set(quota, known);
    return known;
  };
  const enterWindow = (): void => {
    const present = Math.floor(now() / windowMs);
    if (present === window) return;
    window = present;
    taken = new Map();
  };
  const resetMs = (): number => windowMs - (now() % windowMs);

  return {
    async take(key, points, quota): Promise<WindowState> {
      enterWindow();
      const limiter = limiterOf(quota);
      // The window is in the name: the limiter's own windows begin with the first request.
      const name = `${window}:${key}`;
      const state = await limiter.penalty(name, points, { customDuration: rateWindowSeconds });
      if (state.consumedPoints > quota) {
        const { consumedPoints } = await limiter.reward(name, points, { customDuration: rateWindowSeconds });
        return { allowed: false, left: Math.max(0, quota - consumedPoints), resetMs: resetMs() };
      }
      const known = taken.get(key);
      if (known === undefined) taken.set(key, { quota, unreported: points, reported: 0, others: 0 });
      else known.unreported += points;
      return { allowed: true, left: state.remainingPoints, resetMs: resetMs() };
    },

    async exchange(shared) {
      enterWindow();
      if (taken.size === 0) return;
      const [present, counts] = [window, taken];
      const told = new Map([...counts].map(([key, { unreported }]) => [key, unreported]));
      try {
        const totals = await shared.add(present, told);
        failing = false;
        for (const [key, count] of counts) {
          const own = told.get(key) ?? 0;
          count.unreported -= own;
          count.reported += own;
          const others = (totals.get(key) ?? 0) - count.reported;
          if (others > count.others) await limiterOf(count.quota).penalty(`${present}:${key}`, others - count.others, { customDuration: rateWindowSeconds });
          count.others = Math.max(count.others, others);
        }
      } catch (thrown) {
        const { code, message } = toCatalystError(thrown);
        // Once for an outage: it is tried again every second.
        if (!failing) emit({ type: 'dependency.failed', dependency: 'postgres', code, detail: `Each process keeps rate limits by itself: ${message}` });
        failing = true;
      }
    },
  };
}
