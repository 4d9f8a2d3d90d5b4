import { seededRandom } from '../../chaos/schedule/random.ts';
import { percentile } from '../metrics.ts';

export interface Sampling {
  readonly seed: number;
  /** Permutations, or resamples. */
  readonly samples: number;
}

export const usualSampling: Sampling = { seed: 7, samples: 10_000 };

export interface Interval {
  readonly low: number;
  readonly high: number;
}

/** Sums of the same numbers in another order of signs may differ by rounding alone. */
const rounding = 1e-9;

/**
 * Two-sided paired randomisation test: how often differences whose signs are drawn by lot are as far from 0 together as
 * the observed ones. The observed signs count as one more draw, so that the answer is never 0 (Edgington).
 */
export function randomisationTest(differences: readonly number[], { seed, samples }: Sampling = usualSampling): number {
  const random = seededRandom(seed);
  const moved = differences.filter((difference) => difference !== 0);
  const observed = Math.abs(sum(moved)) - rounding;
  let asFar = 0;
  for (let sample = 0; sample < samples; sample += 1) {
    let total = 0;
    for (const difference of moved) total += random.next() < 0.5 ? difference : -difference;
    if (Math.abs(total) >= observed) asFar += 1;
  }
  return (asFar + 1) / (samples + 1);
}

/** The middle 95 % of the means of as many differences drawn with replacement (percentile bootstrap). */
export function bootstrapInterval(differences: readonly number[], { seed, samples }: Sampling = usualSampling): Interval {
  const random = seededRandom(seed);
  const means: number[] = [];
  for (let sample = 0; sample < samples; sample += 1) {
    let total = 0;
    for (let drawn = 0; drawn < differences.length; drawn += 1) total += differences[Math.floor(random.next() * differences.length)] ?? 0;
    means.push(differences.length === 0 ? 0 : total / differences.length);
  }
  return { low: percentile(means, 0.025), high: percentile(means, 0.975) };
}

function sum(values: readonly number[]): number {
  return values.reduce((total, value) => total + value, 0);
}
