import { isFinal } from '../../contracts/jobs.ts';
import type { JobProgress } from '../../contracts/progress.ts';
import type { ProgressSample } from '../../ports/jobReports.ts';

/** Fewer intervals of work say nothing of how much they differ. */
const leastIntervals = 4;
/** Nor do fewer moments at which documents ended: where they end in slices, the first says nothing of when the next comes. */
const leastEnds = 3;
const simulations = 400;

/** The progress with the remaining time, where enough is known to reckon it. */
export function withRemainingTime(sample: ProgressSample): JobProgress {
  const { progress, openEnded, finishedPerInterval, intervalSeconds } = sample;
  const left = progress.counts.queued + progress.counts.running;
  const known = !isFinal(progress.state) && progress.pause === null && !openEnded;
  return { ...progress, remaining: known ? remainingSeconds(left, finishedPerInterval, intervalSeconds) : null };
}

/**
 * Seconds until `left` more documents are done: p10, p50 and p90 of simulated futures. Each future takes the pace of a last stretch
 * of the past, short or long, and lets it wander as far as the pace wandered from one part of the past to the next
 * (large documents, a slow site, a busy machine). The same past gives the same answer; too short a past gives null.
 */
export function remainingSeconds(left: number, finishedPerInterval: readonly number[], intervalSeconds: number): JobProgress['remaining'] {
  const past = finishedPerInterval.slice(finishedPerInterval.findIndex((finished) => finished > 0));
  if (left === 0) return { p10: 0, p50: 0, p90: 0 };
  if (past.length < leastIntervals || past.filter((finished) => finished > 0).length < leastEnds) return null;
  const random = seededRandom(left + past.length * 7919);
  const wander = wanderingOf(past);
  const futures = Array.from({ length: simulations }, () => simulate(left, past, wander, random)).sort((one, other) => one - other);
  const at = (share: number) => Math.round((futures[Math.floor(share * (simulations - 1))] as number) * intervalSeconds * 10) / 10;
  return { p10: at(0.1), p50: at(0.5), p90: at(0.9) };
}

/** Intervals until the documents are done, in one future. */
function simulate(left: number, past: readonly number[], wander: number, random: () => number): number {
  const stretch = past.slice(-Math.max(leastIntervals, Math.ceil(past.length * (0.3 + 0.7 * random()))));
  // A last stretch in which nothing ended says nothing but that the pace is low.
  const pace = Math.max(sumOf(stretch), 0.5) / stretch.length;
  const horizon = left / pace;
  const spread = Math.sqrt(dispersionOf(stretch) * (1 / Math.max(0.5, sumOf(stretch)) + 1 / left) + wander * (horizon / 3 + stretch.length / 3) + leastSpread ** 2);
  return horizon * Math.exp(Math.min(spread, widestSpread) * gaussian(random));
}

/** No job goes on more evenly than this (standard deviation of the logarithm of its time). */
const leastSpread = 0.03;
/** Nor so unevenly that nothing can be said. */
const widestSpread = 0.5;
const partsOfPast = 6;
/** Of few parts' variance, so much is taken for real. Chosen by simulated jobs: even, in slices, drifting, with stalls. */
const trust = 0.3;

/** How far the logarithm of the pace wanders in an interval, as a variance: what parts of the past differ by beyond chance. */
function wanderingOf(past: readonly number[]): number {
  const length = Math.max(2, Math.floor(past.length / partsOfPast));
  const sums: number[] = [];
  for (let end = past.length; end - length >= 0; end -= length) sums.push(Math.max(0.5, sumOf(past.slice(end - length, end))));
  if (sums.length < 3) return 0.01;
  const dispersion = dispersionOf(past);
  let variance = 0;
  for (let part = 1; part < sums.length; part += 1) {
    const [one, other] = [sums[part - 1] as number, sums[part] as number];
    variance += Math.log(one / other) ** 2 - dispersion * (1 / one + 1 / other);
  }
  return Math.min(0.2, Math.max(leastWander, (trust * variance) / (sums.length - 1) / length));
}

/** Few parts cannot prove that the pace does not wander. */
const leastWander = 0.0006;

/** Variance over mean of what ends in an interval: 1 where documents end one by one, more where they end in slices. */
function dispersionOf(intervals: readonly number[]): number {
  const mean = sumOf(intervals) / intervals.length;
  if (mean === 0) return 1;
  const variance = intervals.reduce((sum, finished) => sum + (finished - mean) ** 2, 0) / intervals.length;
  return Math.max(1, variance / mean);
}

function sumOf(values: readonly number[]): number {
  return values.reduce((sum, value) => sum + value, 0);
}

/** Box and Muller. */
function gaussian(random: () => number): number {
  return Math.sqrt(-2 * Math.log(1 - random())) * Math.cos(2 * Math.PI * random());
}

/** Mulberry32: small, fast, and the same on every machine. */
function seededRandom(seed: number): () => number {
  let state = seed >>> 0;
  return () => {
    state = (state + 0x6d2b79f5) >>> 0;
    let mixed = Math.imul(state ^ (state >>> 15), state | 1);
    mixed ^= mixed + Math.imul(mixed ^ (mixed >>> 7), mixed | 61);
    return ((mixed ^ (mixed >>> 14)) >>> 0) / 4_294_967_296;
  };
}
