import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { fusionMethods } from '../../../../src/contracts/search.ts';
import { fuse } from '../../../../src/retrieval/fusion/fuse.ts';
import type { FusionMethod, FusionSettings } from '../../../../src/retrieval/fusion/fuse.ts';
import { minMax, reciprocalRank, shareOfBest, zScore } from '../../../../src/retrieval/fusion/scale.ts';

const hits = (...pairs: [string, number][]): { id: string; score: number }[] => pairs.map(([id, score]) => ({ id, score }));
const settings = (method: FusionMethod, denseWeight = 0.5): FusionSettings => ({ method, denseWeight, rankConstant: 60 });
const methods: FusionMethod[] = [...fusionMethods];

describe('scales', () => {
  test('min-max runs from 1 to 0', () => {
    expect(minMax(hits(['a', 9], ['b', 5], ['c', 1]))).toEqual([1, 0.5, 0]);
    expect(minMax(hits(['a', 3], ['b', 3]))).toEqual([1, 1]);
    expect(minMax([])).toEqual([]);
  });

  test('z-score counts standard deviations above the lowest', () => {
    const [first, second] = zScore(hits(['a', 2], ['b', 0]));
    expect([first, second]).toEqual([2, 0]);
    expect(zScore(hits(['a', 1], ['b', 1]))).toEqual([1, 1]);
  });

  test('the share of the best is 1 for the first hit', () => {
    expect(shareOfBest(hits(['a', 8], ['b', 2]))).toEqual([1, 0.25]);
    expect(shareOfBest(hits(['a', 0]))).toEqual([0]);
  });

  test('reciprocal rank ignores scores', () => {
    expect(reciprocalRank(60)(hits(['a', 100], ['b', 1]))).toEqual([1 / 61, 1 / 62]);
  });
});

describe('fuse', () => {
  test('min-max is the weighted sum of the scaled legs, with the parts told apart', () => {
    const fused = fuse({ dense: hits(['a', 0.9], ['b', 0.7], ['c', 0.5]), sparse: hits(['c', 10], ['a', 6], ['d', 2]) }, settings('min-max', 0.6), 100);
    expect(fused.map(({ id }) => id)).toEqual(['a', 'c', 'b', 'd']);
    expect(fused[0]).toEqual({ id: 'a', fused: 0.8, dense: { score: 0.9, rank: 1, part: 0.6 }, sparse: { score: 6, rank: 2, part: 0.2 } });
    expect(fused[3]?.dense).toBeNull();
  });

  test('similarity adds the cosine itself and the share of the best sparse score', () => {
    const fused = fuse({ dense: hits(['a', 0.8], ['b', 0.7]), sparse: hits(['b', 10], ['a', 5]) }, settings('similarity', 0.8), 100);
    expect(fused.map(({ id, fused: score }) => [id, Number(score.toFixed(4))])).toEqual([['b', 0.76], ['a', 0.74]]);
  });

  test('a hit that a cut list lacks counts there as its last; one that a whole list lacks gets nothing', () => {
    const legs = { dense: hits(['a', 0.9], ['b', 0.5]), sparse: hits(['c', 10], ['d', 4]) };
    const scores = (depth: number): Record<string, number> => Object.fromEntries(fuse(legs, settings('similarity'), depth).map(({ id, fused }) => [id, Number(fused.toFixed(4))]));
    expect(scores(2)).toEqual({ a: 0.65, b: 0.45, c: 0.75, d: 0.45 });
    expect(scores(3)).toEqual({ a: 0.45, b: 0.25, c: 0.5, d: 0.2 });
  });

  test('a leg that was not asked leaves the other its own scores', () => {
    expect(fuse({ sparse: hits(['a', 7.5], ['b', 2]) }, settings('min-max'), 100).map(({ id, fused }) => [id, fused])).toEqual([['a', 7.5], ['b', 2]]);
  });

  test('a leg that found nothing still counts as a leg', () => {
    expect(fuse({ dense: hits(['a', 0.9], ['b', 0.1]), sparse: [] }, settings('min-max'), 100).map(({ fused }) => fused)).toEqual([0.5, 0]);
  });

  test('ties are settled by id', () => {
    for (const method of methods) {
      expect(fuse({ dense: hits(['b', 1]), sparse: hits(['a', 1]) }, settings(method), 100).map(({ id }) => id)).toEqual(['a', 'b']);
    }
  });

  const legs = fc.uniqueArray(fc.tuple(fc.integer({ min: 0, max: 60 }).map(String), fc.double({ min: -50, max: 50, noNaN: true })), { selector: ([id]) => id, maxLength: 40 })
    .map((pairs) => hits(...pairs).sort((left, right) => right.score - left.score));

  test('every hit comes out once, with finite scores, best first; a hit first in both legs is first', () => {
    fc.assert(
      fc.property(legs, legs, fc.constantFrom(...methods), fc.double({ min: 0.1, max: 0.9, noNaN: true }), (dense, sparse, method, weight) => {
        const fused = fuse({ dense, sparse }, settings(method, weight), 100);
        expect(new Set(fused.map(({ id }) => id))).toEqual(new Set([...dense, ...sparse].map(({ id }) => id)));
        expect(fused.every((hit, index) => Number.isFinite(hit.fused) && hit.fused <= (fused[index - 1]?.fused ?? Infinity))).toBe(true);
        const [first] = dense;
        const ahead = (list: { score: number }[]): boolean => list.length < 2 || (list[0]?.score ?? 0) - (list[1]?.score ?? 0) > 1e-6;
        if (first !== undefined && sparse[0]?.id === first.id && ahead(dense) && ahead(sparse)) expect(fused[0]?.id).toBe(first.id);
      }),
    );
  });
});
