import { median, quantile, round } from '../../bench/statistics.ts';

export interface TimeComparison {
  readonly pairs: number;
  /** Milliseconds. */
  readonly foreignMedian: number;
  readonly missingMedian: number;
  /** Of the medians, in microseconds; positive where the foreign id takes longer. */
  readonly differenceMicroseconds: number;
  /** Welch's t of the faster nine tenths of all: what is slower was held up by something else. Beyond 4.5 a difference is hardly chance. */
  readonly t: number;
}

/** Milliseconds of requests that were sent in turns. */
export function compareTimes(foreign: readonly number[], missing: readonly number[]): TimeComparison {
  const bound = quantile([...foreign, ...missing], 0.9);
  const kept = (values: readonly number[]): number[] => values.filter((value) => value <= bound);
  return {
    pairs: Math.min(foreign.length, missing.length),
    foreignMedian: round(median(foreign), 3),
    missingMedian: round(median(missing), 3),
    differenceMicroseconds: round((median(foreign) - median(missing)) * 1_000, 1),
    t: round(welch(kept(foreign), kept(missing)), 2),
  };
}

function welch(left: readonly number[], right: readonly number[]): number {
  const [of, other] = [momentsOf(left), momentsOf(right)];
  return (of.mean - other.mean) / Math.sqrt(of.variance / left.length + other.variance / right.length);
}

function momentsOf(values: readonly number[]): { readonly mean: number; readonly variance: number } {
  const mean = values.reduce((sum, value) => sum + value, 0) / values.length;
  const variance = values.reduce((sum, value) => sum + (value - mean) ** 2, 0) / (values.length - 1);
  return { mean, variance };
}
