import { usageOf } from './processUsage.ts';

export interface MemoryCourse {
  /** Megabytes of resident memory. */
  readonly start: number;
  readonly peak: number;
  readonly end: number;
}

const lookEveryMs = 500;

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
      const courses = names.map((name, place) => [name, { start: Math.round(start[place] ?? 0), peak: Math.round(peak[place] ?? 0), end: Math.round(end[place] ?? 0) }] as const);
      return Object.fromEntries(courses) as Record<Name, MemoryCourse>;
    },
  };
}
