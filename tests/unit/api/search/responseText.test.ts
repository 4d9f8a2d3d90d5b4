import fc from 'fast-check';
import { expect, test } from 'vitest';
import { responseText } from '../../../../src/api/search/responseText.ts';
import type { SearchResponse } from '../../../../src/contracts/search.ts';

const answers = fc.record(
  { query: fc.string({ unit: 'binary' }), mode: fc.constantFrom('hybrid', 'dense'), results: fc.array(fc.record({ passage: fc.string({ unit: 'binary' }), score: fc.double(), page: fc.constantFrom(null, 3) })), tookMs: fc.double({ noNaN: true }), cached: fc.constantFrom(true, false, undefined), timings: fc.constantFrom(undefined, { embedMs: 1 }) },
  { requiredKeys: ['query', 'mode', 'results', 'tookMs'] },
);

test('is what JSON.stringify writes, the first time and again', () => {
  fc.assert(
    fc.property(answers, (parts) => {
      const answer = parts as unknown as SearchResponse;
      for (const again of [answer, { ...answer, tookMs: 7 }, { ...answer, cached: true }, { ...answer, cached: true, tookMs: 9 }]) expect(responseText(again)).toBe(JSON.stringify(again));
    }),
  );
});
