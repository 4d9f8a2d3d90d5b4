import { describe, expect, it } from 'vitest';
import { documentsPerSecond, workIntervals } from '../../../../../src/adapters/postgres/jobs/workIntervals.ts';

const start = Date.parse('2026-01-01T10:00:00.000Z');
const at = (seconds: number) => new Date(start + seconds * 1000);
const iso = (seconds: number) => at(seconds).toISOString();
const job = (changes: Partial<Parameters<typeof workIntervals>[0]> = {}) => ({ started_at: at(0), finished_at: null, pause: null, rests: [], ...changes });
const secondsOf = (starts: readonly number[]) => starts.map((time) => (time - start) / 1000);

describe('the intervals of work', () => {
  it('are of seconds at first, and of a minute for long jobs, at most 60', () => {
    expect(workIntervals(job(), at(3))).toMatchObject({ seconds: 1, starts: [0, 1, 2].map((second) => at(second).getTime()) });
    expect(workIntervals(job(), at(600))).toMatchObject({ seconds: 10 });
    const long = workIntervals(job(), at(100_000));
    expect(long.seconds).toBe(60);
    expect(long.starts).toHaveLength(60);
    expect(long.starts.at(-1)).toBe(at(100_000 - 60).getTime());
  });

  it('leave out the time in which the job rested', () => {
    const rested = workIntervals(job({ rests: [{ from: iso(2), to: iso(1000) }, { from: iso(1001.5), to: iso(1003) }] }), at(1005));
    expect(rested.seconds).toBe(1);
    expect(secondsOf(rested.starts)).toEqual([0, 1, 1000.5, 1003, 1004]);
  });

  it('end where the job ended or was paused', () => {
    expect(secondsOf(workIntervals(job({ finished_at: at(2) }), at(500)).starts)).toEqual([0, 1]);
    const pause = { reason: 'request', detail: '', remedy: '', by: null, since: iso(2) } as const;
    expect(secondsOf(workIntervals(job({ pause }), at(500)).starts)).toEqual([0, 1]);
    expect(workIntervals(job({ started_at: null }), at(5)).starts).toEqual([]);
  });

  it('give the pace of the last minute', () => {
    expect(documentsPerSecond([], 1)).toBeNull();
    expect(documentsPerSecond([100, ...Array<number>(60).fill(2)], 1)).toBe(2);
    expect(documentsPerSecond([600, 90], 45)).toBe(2);
  });
});
