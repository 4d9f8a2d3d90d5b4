import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { bucketCount, bucketRange } from '../../../src/consistency/buckets.ts';

describe('buckets of documents', () => {
  it('cover every identifier once', () => {
    fc.assert(
      fc.property(fc.uuid(), fc.integer({ min: 1, max: 5_000 }), (id, buckets) => {
        const holding = Array.from({ length: buckets }, (_, number) => bucketRange(number, buckets)).filter(({ from, to }) => from <= id && (to === null || id < to));
        expect(holding).toHaveLength(1);
      }),
      { numRuns: 200 },
    );
  });

  it('begin where the one before ends', () => {
    for (const buckets of [1, 2, 3, 7, 1_000]) {
      expect(bucketRange(0, buckets).from).toBe('00000000-0000-0000-0000-000000000000');
      for (let number = 1; number < buckets; number += 1) expect(bucketRange(number, buckets).from).toBe(bucketRange(number - 1, buckets).to);
      expect(bucketRange(buckets - 1, buckets).to).toBeNull();
    }
  });

  it('are some hundred documents large, and at least one', () => {
    expect([0, 1, 128, 129, 1_000_000].map(bucketCount)).toEqual([1, 1, 1, 2, 7_813]);
  });
});
