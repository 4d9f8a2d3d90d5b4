import type { SearchResponse } from '../contracts/search.ts';

export type Timings = NonNullable<SearchResponse['timings']>;

/** Adds up the milliseconds that the parts of one search take. */
export interface Stopwatch {
  readonly timings: Readonly<Timings>;
  measure<Result>(part: keyof Timings, work: () => Result): Result;
  measureAsync<Result>(part: keyof Timings, work: () => Promise<Result>): Promise<Result>;
  /** Milliseconds since it was made. */
  elapsed(): number;
}

export function createStopwatch(now: () => number = () => performance.now()): Stopwatch {
  const started = now();
  const timings: Record<keyof Timings, number> = { embedMs: 0, retrieveMs: 0, fuseMs: 0, payloadMs: 0, rerankMs: 0 };
  return {
    timings,
    measure(part, work) {
      const start = now();
      const result = work();
      timings[part] += now() - start;
      return result;
    },
    async measureAsync(part, work) {
      const start = now();
      const result = await work();
      timings[part] += now() - start;
      return result;
    },
    elapsed: () => now() - started,
  };
}
