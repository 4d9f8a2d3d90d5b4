import { setTimeout } from 'node:timers/promises';
import { usageOf } from './processUsage.ts';

export interface MemoryCourse {
  /** Megabytes of resident memory. */
  readonly start: number;
  readonly peak: number;
  readonly end: number;
  /** After a while of rest, in which garbage is collected and given back: what is really held. */
  readonly rested: number;
}

const lookEveryMs = 500;
/** V8 collects what it has put off, and gives memory back, when a process has had nothing to do for some seconds. */
export const restMs = 25_000;

/** Looks at the memory of processes until it is told to stop. */
export async function watchMemory<Name extends string>(roots: Readonly<Record<Name, number>>): Promise<{ stop(): Promise<Record<Name, MemoryCourse>> }> {
  const names = Object.keys(roots) as Name[];
  const look = async () => {
    const usages = await usageOf(roots);
    return names.map((name) => usages[name].residentMegabytes);
  };
  const start = await look();
  let peak = start;
  const observe = async () => {
    const now = await look();
    peak = peak.map((megabytes, place) => Math.max(megabytes, now[place] ?? 0));
    return now;
  };
  const timer = setInterval(() => void observe(), lookEveryMs);
  return {
    async stop() {
      clearInterval(timer);
      const end = await observe();
      await setTimeout(restMs);
      const rested = await look();
      const at = (all: readonly number[], place: number) => Math.round(all[place] ?? Number.NaN);
      const courses = names.map((name, place) => [name, { start: at(start, place), peak: at(peak, place), end: at(end, place), rested: at(rested, place) }] as const);
      return Object.fromEntries(courses) as Record<Name, MemoryCourse>;
    },
  };
}
