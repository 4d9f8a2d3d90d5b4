import fc from 'fast-check';
import { expect, test } from 'vitest';
import { stableLegs } from '../../../../src/adapters/qdrant/stableLegs.ts';
import type { LegHit } from '../../../../src/ports/chunkSearch.ts';

/** An index that names hits of equal scores in an order of its own. */
const indexOf = (hits: readonly LegHit[]) => {
  const ordered = [...hits].sort((left, right) => right.score - left.score);
  const limits: number[] = [];
  return { limits, ask: (limit: number) => (limits.push(limit), Promise.resolve({ dense: ordered.slice(0, limit), sparse: [] })) };
};

test('whatever the order of equal hits, the list is the same, and whole', async () => {
  await fc.assert(
    fc.asyncProperty(fc.array(fc.integer({ min: 0, max: 3 }), { maxLength: 400 }), fc.integer({ min: 1, max: 100 }), fc.integer(), async (scores, limit, turn) => {
      const hits = scores.map((score, number) => ({ id: String(number).padStart(3, '0'), score }));
      const turned = [...hits.slice(turn % (hits.length || 1)), ...hits.slice(0, turn % (hits.length || 1))].reverse();
      const list = (await stableLegs(limit, indexOf(hits).ask)).dense;
      expect((await stableLegs(limit, indexOf(turned).ask)).dense).toEqual(list);
      expect(list).toEqual([...hits].sort((left, right) => right.score - left.score || (left.id < right.id ? -1 : 1)).slice(0, limit));
    }),
  );
});

test('asks once where scores differ, and not for ever where they do not', async () => {
  const different = indexOf(Array.from({ length: 300 }, (_, number) => ({ id: String(number), score: number })));
  await stableLegs(100, different.ask);
  expect(different.limits).toEqual([150]);
  const equal = indexOf(Array.from({ length: 30_000 }, (_, number) => ({ id: String(number), score: 1 })));
  expect((await stableLegs(100, equal.ask)).dense).toHaveLength(100);
  expect(equal.limits).toEqual([150, 600, 2_400, 9_600, 20_000]);
});
