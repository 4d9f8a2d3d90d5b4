import type { EventSink } from '../../contracts/events.ts';

/** How many requests of each route are in work and wait. */
export interface LoadWatch {
  change(route: string, what: 'inWork' | 'waiting', by: 1 | -1): void;
}

const intervalMs = 1_000;

/** Tells once a second the most there were of each, where there were any or the last ones have gone. Does not keep the process alive. */
export function createLoadWatch(emit: EventSink, limit: () => number): LoadWatch {
  const counts = { inWork: new Map<string, Peak>(), waiting: new Map<string, Peak>() };
  let told = false;
  setInterval(() => {
    const inWork = peaksOf(counts.inWork);
    const waiting = peaksOf(counts.waiting);
    const some = [...Object.values(inWork), ...Object.values(waiting)].some((count) => count > 0);
    if (some || told) emit({ type: 'load.observed', inWork, waiting, limit: limit() });
    told = some;
  }, intervalMs).unref();
  return {
    change(route, what, by) {
      const peak = counts[what].get(route) ?? { now: 0, most: 0 };
      peak.now += by;
      peak.most = Math.max(peak.most, peak.now);
      counts[what].set(route, peak);
    },
  };
}

interface Peak {
  now: number;
  /** Since it was told last. */
  most: number;
}

function peaksOf(peaks: ReadonlyMap<string, Peak>): Record<string, number> {
  const most = Object.fromEntries([...peaks].map(([route, peak]) => [route, peak.most]));
  for (const peak of peaks.values()) peak.most = peak.now;
  return most;
}
