import { RateLimiterMemory } from 'rate-limiter-flexible';
import { toCatalystError } from '../../contracts/errors.ts';
import type { EventSink } from '../../contracts/events.ts';
import { rateWindowSeconds } from '../../contracts/rateLimits.ts';
import type { SharedWindowCounts, WindowCounts, WindowState } from '../../ports/windowCounts.ts';

export interface WindowCountsOptions {
  readonly emit: EventSink;
  /** Length of a window, which begin with multiples of it: so that processes count in the same ones. */
  readonly windowSeconds?: number;
  readonly now?: () => number;
}

/** Of one key in one window: what others took is in the limiter too. */
interface Taken {
  readonly quota: number;
  unreported: number;
  reported: number;
  others: number;
}

export function createWindowCounts({ emit, windowSeconds = rateWindowSeconds, now = Date.now }: WindowCountsOptions): WindowCounts {
  const [windowMs, customDuration] = [windowSeconds * 1000, windowSeconds];
  const limiters = new Map<number, RateLimiterMemory>();
  let window = 0;
  let taken = new Map<string, Taken>();
  let failing = false;
  let exchanging = Promise.resolve();

  const limiterOf = (quota: number): RateLimiterMemory => {
    const known = limiters.get(quota) ?? new RateLimiterMemory({ points: quota, duration: windowSeconds });
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
      const state = await limiter.penalty(name, points, { customDuration });
      if (state.consumedPoints > quota) {
        const { consumedPoints } = await limiter.reward(name, points, { customDuration });
        return { allowed: false, taken: consumedPoints, left: Math.max(0, quota - consumedPoints), resetMs: resetMs() };
      }
      const known = taken.get(key);
      if (known === undefined) taken.set(key, { quota, unreported: points, reported: 0, others: 0 });
      else known.unreported += points;
      return { allowed: true, taken: state.consumedPoints, left: state.remainingPoints, resetMs: resetMs() };
    },

    async giveBack(key, points, quota, of) {
      enterWindow();
      const known = taken.get(key);
      if (of !== window || known === undefined) return;
      known.unreported -= points;
      await limiterOf(quota).reward(`${window}:${key}`, points, { customDuration });
    },

    get window() {
      return Math.floor(now() / windowMs);
    },

    exchange: (shared) => (exchanging = exchanging.then(() => exchange(shared))),
  };

  async function exchange(shared: SharedWindowCounts): Promise<void> {
    enterWindow();
    if (taken.size === 0) return;
    const present = window;
    try {
      await tell(present, taken, shared, async (key, quota, points) => void (await limiterOf(quota).penalty(`${present}:${key}`, points, { customDuration })));
      failing = false;
    } catch (thrown) {
      const { code, message } = toCatalystError(thrown);
      // Once for an outage: it is tried again every second.
      if (!failing) emit({ type: 'dependency.failed', dependency: 'postgres', code, detail: `Each process keeps limits of requests by itself: ${message}` });
      failing = true;
    }
  }
}

/** Tells what this process took, and adds what others did; less than nothing where they gave back. Throws what `shared` throws, and has told nothing then. */
async function tell(window: number, counts: ReadonlyMap<string, Taken>, shared: SharedWindowCounts, add: (key: string, quota: number, points: number) => Promise<void>): Promise<void> {
  const told = new Map([...counts].map(([key, { unreported }]) => [key, unreported]));
  const totals = await shared.add(window, told);
  for (const [key, count] of counts) {
    const own = told.get(key) ?? 0;
    count.unreported -= own;
    count.reported += own;
    // Less than was told of where the database lost it.
    const others = Math.max(0, (totals.get(key) ?? 0) - count.reported);
    if (others !== count.others) await add(key, count.quota, others - count.others);
    count.others = others;
  }
}
