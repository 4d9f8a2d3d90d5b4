import { describe, expect, it } from 'vitest';
import { decideRetry } from '../../../../src/activities/retries/retryDecision.ts';
import type { RetryRecord } from '../../../../src/activities/retries/retryDecision.ts';
import { retryClassOf, retryTable } from '../../../../src/activities/retries/retryTable.ts';
import { errorTable } from '../../../../src/contracts/errors.ts';
import type { ErrorCode } from '../../../../src/contracts/errors.ts';

const codes = Object.keys(errorTable) as ErrorCode[];

/** Failures of one code, each at once after the pause that was decided. */
function failAgain(code: ErrorCode, count: number, retryAfterMs?: number): (number | undefined)[] {
  let record: RetryRecord = {};
  let now = 0;
  return Array.from({ length: count }, () => {
    const decision = decideRetry(code, retryAfterMs, record, now);
    record = decision.record;
    now += decision.waitMs ?? 0;
    return decision.waitMs;
  });
}

describe('the table of retries', () => {
  it('has every code that a try can mend in exactly one class, and no other', () => {
    const named = Object.values(retryTable).flatMap(({ codes: own }) => [...own]) as ErrorCode[];
    expect(new Set(named).size).toBe(named.length);
    expect(new Set(named)).toEqual(new Set(codes.filter((code) => errorTable[code].retryable)));
  });
});

describe('a decision on a retry', () => {
  it('grows the pause by the factor up to the longest, and ends after the tries of the class', () => {
    expect(failAgain('FETCH_FAILED', 5)).toEqual([2_000, 6_000, 18_000, 54_000, undefined]);
    expect(failAgain('VERIFICATION_FAILED', 10).slice(4)).toEqual([16_000, 30_000, 30_000, 30_000, 30_000, undefined]);
  });

  it('waits for an outage of a dependency as long as the class lasts', () => {
    const pauses = failAgain('INDEX_UNAVAILABLE', 4_000);
    const total = pauses.reduce<number>((sum, pause) => sum + (pause ?? 0), 0);
    expect(pauses.at(-1)).toBeUndefined();
    expect(total).toBeGreaterThan(23 * 3_600_000);
    expect(total).toBeLessThanOrEqual(24 * 3_600_000);
  });

  it('heeds the time that the other side names, short or long, unless it is longer than the class lasts', () => {
    expect(failAgain('FETCH_RATE_LIMITED', 2, 1_800_000)).toEqual([1_800_000, 1_800_000]);
    expect(failAgain('THROTTLED', 1, 0)).toEqual([100]);
    expect(failAgain('FETCH_RATE_LIMITED', 1, 7 * 3_600_000)).toEqual([undefined]);
  });

  it('tries nothing again that a try cannot mend', () => {
    for (const code of codes.filter((candidate) => retryClassOf(candidate) === undefined)) expect(decideRetry(code, 10, {}, 0).waitMs).toBeUndefined();
  });
});
