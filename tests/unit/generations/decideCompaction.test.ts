import { describe, expect, it } from 'vitest';
import type { CompactionThresholds, IndexStatistics } from '../../../src/contracts/generations.ts';
import { decideCompaction } from '../../../src/generations/decideCompaction.ts';
import { toIndexStatistics } from '../../../src/generations/indexStatistics.ts';

const thresholds: CompactionThresholds = { removedRatio: 0.05, segments: null, unindexedVectors: null, leastPoints: 1_000 };
const statistics = (changes: Partial<IndexStatistics> = {}): IndexStatistics => ({ points: 9_500, removedPoints: 500, removedRatio: 0.05, segments: 4, unindexedVectors: 20, vectorBytes: 14_592_000, ...changes });

describe('whether the index is made anew', () => {
  it('is so from the ratio of removed points on', () => {
    expect(decideCompaction(statistics(), thresholds)).toEqual({ compact: true, because: ['5 % of all points were deleted or replaced; the threshold is 5 %.'] });
    expect(decideCompaction(statistics({ removedRatio: 0.0499 }), thresholds).compact).toBe(false);
  });

  it('says of each threshold what it found where there is nothing to do', () => {
    expect(decideCompaction(statistics({ removedRatio: 0.01 }), { ...thresholds, segments: 10 })).toEqual({
      compact: false,
      because: ['1 % of all points were deleted or replaced; the threshold is 5 %.', '4 segments; the threshold is 10.', '20 vectors are without a graph; that is not watched.'],
    });
  });

  it('watches segments and vectors without a graph where it is told to', () => {
    expect(decideCompaction(statistics({ removedRatio: 0, segments: 12 }), { ...thresholds, segments: 12 }).because).toEqual(['12 segments; the threshold is 12.']);
    expect(decideCompaction(statistics({ removedRatio: 0, unindexedVectors: 9 }), { ...thresholds, unindexedVectors: 9 }).compact).toBe(true);
  });

  it('is so where its layout no longer fits its size, and says that besides', () => {
    const misfits = ['Vectors on disk instead of Vectors in memory fits it now.'];
    expect(decideCompaction(statistics({ removedRatio: 0 }), thresholds, false, misfits)).toEqual({ compact: true, because: misfits });
    expect(decideCompaction(statistics(), thresholds, false, misfits).because).toHaveLength(2);
    expect(decideCompaction(statistics({ points: 999 }), thresholds, false, misfits).compact).toBe(false);
  });

  it('leaves a small index alone, unless it is asked for', () => {
    const small = statistics({ points: 999, removedRatio: 0.9 });
    expect(decideCompaction(small, thresholds)).toEqual({ compact: false, because: ['999 points are fewer than the 1000 from which on it is worth it.'] });
    expect(decideCompaction(small, thresholds, true)).toEqual({ compact: true, because: ['It was asked for.'] });
  });
});

describe('statistics', () => {
  const found = { points: 95, segments: 1, unindexedVectors: 0, vectorBytes: 0 };

  it('relate what was removed to all that there ever was', () => {
    expect(toIndexStatistics(found, 5)).toMatchObject({ removedPoints: 5, removedRatio: 0.05 });
  });

  it('are no number divided by none where there is nothing', () => {
    expect(toIndexStatistics({ ...found, points: 0 }, 0).removedRatio).toBe(0);
  });
});
