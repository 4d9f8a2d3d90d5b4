import type { SharedWindowCounts, WindowCounts } from '../../ports/windowCounts.ts';

export interface RateExchange {
  /** Exchanges once more, so that what was counted last is not forgotten. */
  stop(): Promise<void>;
}

/** Keeps the counts of this process and those of all others together, beside the requests. One exchange is under way at most. */
export function startRateExchange(counts: WindowCounts, shared: SharedWindowCounts, intervalMs: number): RateExchange {
  let timer: NodeJS.Timeout | undefined;
  let stopped = false;
  const next = (): void => {
    if (stopped) return;
    timer = setTimeout(() => void counts.exchange(shared).finally(next), intervalMs);
    timer.unref();
  };
  next();
  return {
    async stop() {
      stopped = true;
      clearTimeout(timer);
      await counts.exchange(shared);
    },
  };
}
