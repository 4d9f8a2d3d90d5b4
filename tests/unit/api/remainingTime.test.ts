import { describe, expect, it } from 'vitest';
import { remainingSeconds } from '../../../src/api/jobs/remainingTime.ts';

/** Mulberry32 with a seed, so that a failure can be repeated. */
function seeded(seed: number): () => number {
  let state = seed >>> 0;
  return () => {
    state = (state + 0x6d2b79f5) >>> 0;
    let mixed = Math.imul(state ^ (state >>> 15), state | 1);
    mixed ^= mixed + Math.imul(mixed ^ (mixed >>> 7), mixed | 61);
    return ((mixed ^ (mixed >>> 14)) >>> 0) / 4_294_967_296;
  };
}

function poisson(mean: number, random: () => number): number {
  let count = 0;
  for (let product = random(); product > Math.exp(-mean); product *= random()) count += 1;
  return count;
}

type Job = (random: () => number) => () => number;

const jobs: Record<string, Job> = {
  'goes on evenly': (random) => {
    const pace = 2 + 8 * random();
    return () => poisson(pace, random);
  },
  'drifts': (random) => {
    let pace = 5;
    return () => poisson((pace = Math.max(0.5, pace * Math.exp(0.15 * (random() - 0.5)))), random);
  },
  'stalls now and then': (random) => {
    let stalled = 0;
    return () => {
      if (stalled === 0 && random() < 0.03) stalled = Math.floor(20 * random());
      stalled = Math.max(0, stalled - 1);
      return poisson(stalled > 0 ? 1.5 : 5, random);
    };
  },
};

/** How often the truth falls between p10 and p90, asked at a random moment of many jobs. */
function coverage(job: Job): number {
  let asked = 0;
  let inside = 0;
  for (let seed = 1; seed <= 300; seed += 1) {
    const random = seeded(seed * 977);
    const next = job(random);
    const total = 300 + Math.floor(700 * random());
    const finished: number[] = [];
    for (let done = 0; done < total; ) done += finished[finished.push(next()) - 1] as number;
    const now = Math.floor(finished.length * (0.1 + 0.7 * random()));
    const left = total - finished.slice(0, now).reduce((sum, count) => sum + count, 0);
    const interval = now < 8 ? null : remainingSeconds(left, finished.slice(Math.max(0, now - 60), now), 1);
    if (interval === null) continue;
    asked += 1;
    if (finished.length - now >= interval.p10 && finished.length - now <= interval.p90) inside += 1;
  }
  return inside / asked;
}

describe('remaining time of a job', () => {
  it.each(Object.keys(jobs))('holds the truth about 8 times of 10 for a job that %s', (name) => {
    expect(coverage(jobs[name] as Job)).toBeGreaterThan(0.65);
  });

  it('is an interval in order, the same for the same past, and in the unit of the intervals', () => {
    const past = [3, 5, 4, 6, 2, 5, 4, 4];
    const first = remainingSeconds(400, past, 1);
    expect(first).toEqual(remainingSeconds(400, past, 1));
    const { p10, p50, p90 } = first ?? { p10: 0, p50: 0, p90: 0 };
    expect(p10).toBeLessThan(p50);
    expect(p50).toBeLessThan(p90);
    expect(p50).toBeGreaterThan(60);
    expect(p50).toBeLessThan(160);
    expect(remainingSeconds(400, past, 5)?.p50).toBeCloseTo(p50 * 5, 0);
  });

  it('says nothing while too little is known, and 0 when nothing is left', () => {
    expect(remainingSeconds(10, [], 1)).toBeNull();
    expect(remainingSeconds(10, [0, 0, 0, 0, 0, 0], 1)).toBeNull();
    expect(remainingSeconds(10, [0, 0, 4, 2], 1)).toBeNull();
    expect(remainingSeconds(0, [], 1)).toEqual({ p10: 0, p50: 0, p90: 0 });
  });
});
