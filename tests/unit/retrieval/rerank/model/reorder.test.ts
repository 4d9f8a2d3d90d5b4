import fc from 'fast-check';
import { expect, test } from 'vitest';
import { byScore } from '../../../../../src/retrieval/candidates/candidate.ts';
import type { Candidate } from '../../../../../src/retrieval/candidates/candidate.ts';
import { boost } from '../../../../../src/retrieval/boosts/boost.ts';
import { reorder } from '../../../../../src/retrieval/rerank/model/reorder.ts';
import { someCandidate } from '../../candidates/someCandidate.ts';

const fusedAt = (...scores: number[]): Candidate[] => scores.map((score, index) => someCandidate({ document: `d${index}`, score }));
const titles = (candidates: readonly Candidate[]): string[] => candidates.map(({ payload }) => payload.title);
const scoresFor = (candidates: readonly Candidate[], values: readonly (number | undefined)[]): Map<string, number> =>
  new Map(values.flatMap((value, index) => (value === undefined ? [] : [[candidates[index]!.hit.id, value] as const])));

test('the model orders the pool, what is below it stays below', () => {
  const fused = fusedAt(0.9, 0.8, 0.5, 0.4, 0.4);
  const reordered = reorder(fused, 3, scoresFor(fused, [-7, 2, 11]), 'cohere: m');
  expect(titles(reordered)).toEqual(['d2', 'd1', 'd0', 'd3', 'd4']);
  expect(reordered.map(({ rerank }) => rerank)).toEqual([
    { by: 'cohere: m', score: 11, before: 3, after: 1, among: 3 },
    { by: 'cohere: m', score: 2, before: 2, after: 2, among: 3 },
    { by: 'cohere: m', score: -7, before: 1, after: 3, among: 3 },
    null,
    null,
  ]);
  const [best, middle, worst] = reordered.map(({ score }) => score);
  expect(best).toBeCloseTo(0.9, 6);
  // Half-way between the model's scores is half-way between the fused ones.
  expect(middle).toBeCloseTo(0.5 + 0.4 * 0.5, 6);
  expect(worst).toBeCloseTo(0.5, 6);
});

test('equal scores keep their order; those without one come after the scored, in theirs', () => {
  const fused = fusedAt(0.9, 0.8, 0.7, 0.6);
  const reordered = reorder(fused, 4, scoresFor(fused, [undefined, 1, undefined, 1]), 'm');
  expect(titles(reordered)).toEqual(['d1', 'd3', 'd0', 'd2']);
  expect(reordered.map(({ rerank }) => rerank?.after ?? null)).toEqual([1, 2, null, null]);
});

test('equal fused scores can be ordered, too', () => {
  const fused = fusedAt(0.4, 0.4, 0.4);
  expect(titles(reorder(fused, 3, scoresFor(fused, [1, 3, 2]), 'm'))).toEqual(['d1', 'd2', 'd0']);
  const close = fusedAt(1, 1 - Number.EPSILON, 1 - Number.EPSILON);
  expect(titles([...reorder(close, 3, scoresFor(close, [1, 3, 2]), 'm')].sort(byScore))).toEqual(['d1', 'd2', 'd0']);
  expect(titles(reorder(fusedAt(0, 0), 2, scoresFor(fusedAt(0, 0), [1, 2]), 'm'))).toEqual(['d1', 'd0']);
});

test('whatever the scores: ordering by `score` is the order of the model, all candidates are there, and those below the pool last', () => {
  const fusedScores = fc.array(fc.oneof(fc.integer({ min: 0, max: 20_000 }), fc.integer({ min: 9_999, max: 10_001 })), { minLength: 2, maxLength: 30 }).map((scores) => scores.map((score) => score / 10_000).sort((left, right) => right - left));
  fc.assert(
    fc.property(fusedScores, fc.integer({ min: 2, max: 30 }), fc.array(fc.option(fc.integer({ min: -12, max: 12 }), { nil: undefined }), { minLength: 30, maxLength: 30 }), (scores, most, values) => {
      const fused = fusedAt(...scores);
      const pool = Math.min(most, fused.length);
      const known = scoresFor(fused, [1, ...values.slice(1, pool)]);
      const reordered = reorder(fused, pool, known, 'm');
      expect(new Set(titles(reordered))).toEqual(new Set(titles(fused)));
      expect(reordered.slice(pool)).toEqual(fused.slice(pool));
      expect([...reordered.slice(0, pool)].sort(byScore)).toEqual(reordered.slice(0, pool));
      const ofModel = reordered.flatMap(({ hit }) => known.get(hit.id) ?? []);
      expect(ofModel).toEqual([...ofModel].sort((left, right) => right - left));
      expect(Math.min(...reordered.slice(0, pool).map(({ score }) => score))).toBeGreaterThanOrEqual(scores[pool - 1]!);
    }),
  );
});

test('boosts weigh against what the model thinks: a near miss is passed, a far one is not', () => {
  const fused = fusedAt(0.9, 0.8, 0.7);
  const boosts = { documents: { [fused[2]!.payload.document]: 0.3 } };
  const boosted = (values: number[]): string[] => titles(boost(reorder(fused, 3, scoresFor(fused, values), 'm'), boosts, 'q', 0));
  expect(boosted([1, 0, 0.8])[0]).toBe('d2');
  expect(boosted([1, 0, 0.5])[0]).toBe('d0');
});
