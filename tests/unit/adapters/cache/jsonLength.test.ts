import fc from 'fast-check';
import { expect, test } from 'vitest';
import { jsonLength } from '../../../../src/adapters/cache/jsonLength.ts';

test('is about what the JSON has, whatever the value', () => {
  const letters = fc.string({ unit: fc.constantFrom('a', 'b', ' ', 'é') });
  const plain = fc.letrec((tie) => ({
    value: fc.oneof({ maxDepth: 4 }, letters, fc.double({ min: 1, max: 2, noNaN: true }), fc.boolean(), fc.constant(null), fc.constant(undefined), fc.array(tie('value'), { maxLength: 5 }), fc.dictionary(letters, tie('value'), { maxKeys: 5 })),
  })).value;
  fc.assert(
    fc.property(plain, (value) => {
      const written = JSON.stringify(value)?.length ?? 0;
      expect(jsonLength(value)).toBeGreaterThanOrEqual(written / 3);
      expect(jsonLength(value)).toBeLessThanOrEqual(13 + 6 * written);
    }),
  );
});

test('of an answer of long passages it is their length', () => {
  const answer = { results: Array.from({ length: 10 }, (_, rank) => ({ rank, passage: 'x'.repeat(1_500), highlights: [{ start: 3, end: 9 }] })) };
  expect(Math.abs(jsonLength(answer) / JSON.stringify(answer).length - 1)).toBeLessThan(0.05);
});
