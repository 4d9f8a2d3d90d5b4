import { isFinal } from '../../contracts/jobs.ts';
import type { JobProgress } from '../../contracts/progress.ts';
import type { ProgressSample } from '../../ports/jobReports.ts';

/** Fewer intervals of work say nothing of how much they differ. */
const leastIntervals = 4;
const simulations = 400;

/** The progress with the remaining time, where enough is known to reckon it. */
export function withRemainingTime(sample: ProgressSample): JobProgress {
  const { progress, openEnded, finishedPerInterval, intervalSeconds } = sample;
  const left = progress.counts.queued + progress.counts.running;
  const known = !isFinal(progress.state) && progress.pause === null && !openEnded;
  return { ...progress, remaining: known ? remainingSeconds(left, finishedPerInterval, intervalSeconds) : null };
}

/**
 * Seconds until `left` more documents are done: p10, p50 and p90 of simulated futures. Each future draws a stretch of the past,
 * since the pace of a job drifts (large documents, a slow site), and then intervals out of that stretch.
 * The same past gives the same answer. undefined past: null.
 */
export function remainingSeconds(left: number, finishedPerInterval: readonly number[], intervalSeconds: number): JobProgress['remaining'] {
  const past = finishedPerInterval.slice(finishedPerInterval.findIndex((finished) => finished > 0));
  if (left === 0) return { p10: 0, p50: 0, p90: 0 };
  if (past.length < leastIntervals || past.every((finished) => finished === 0)) return null;
  const random = seededRandom(left + past.length * 7919);
  const futures = Array.from({ length: simulations }, () => simulate(left, past, random)).sort((one, other) => one - other);
  const at = (share: number) => Math.round((futures[Math.floor(share * (simulations - 1))] as number) * intervalSeconds * 10) / 10;
  return { p10: at(0.1), p50: at(0.5), p90: at(0.9) };
}

/** Intervals until the documents are done, in one future. */
function simulate(left: number, past: readonly number[], random: () => number): number {
  const length = Math.max(leastIntervals, Math.ceil(past.length * (0.25 + 0.75 * random())));
  const start = Math.floor(random() * (past.length - length + 1));
  const stretch = past.slice(start, start + length);
  const total = stretch.reduce((sum, finished) => sum + finished, 0);
  // A stretch in which nothing ended: take the whole past, so that the future ends.
  const drawn = total === 0 ? past : stretch;
  const pace = drawn.reduce((sum, finished) => sum + finished, 0) / drawn.length;
  let done = 0;
  let intervals = 0;
  // Single draws matter near the end only; over a long way the mean of the stretch stands for them.
  const drawings = Math.min(64, Math.ceil(left / pace));
  while (done < left && intervals < drawings) {
    done += drawn[Math.floor(random() * drawn.length)] as number;
    intervals += 1;
  }
  return done >= left ? intervals - (1 - random()) * 0.5 : intervals + (left - done) / pace;
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
