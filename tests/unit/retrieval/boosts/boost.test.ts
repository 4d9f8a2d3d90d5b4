import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { searchBoostsSchema } from '../../../../src/contracts/search.ts';
import { boost } from '../../../../src/retrieval/boosts/boost.ts';
import { mostBoost } from '../../../../src/retrieval/boosts/boostsOf.ts';
import { someCandidate } from '../candidates/someCandidate.ts';

const now = Date.parse('2026-01-31T00:00:00Z');
const order = (candidates: Parameters<typeof boost>[0], boosts: object, query = 'q'): string[] => boost(candidates, searchBoostsSchema.parse(boosts), query, now).map(({ payload }) => payload.title);

describe('boosts', () => {
  const last = someCandidate({ document: 'last', score: 0 });
  const [a, b] = [someCandidate({ document: 'a', score: 0.9, location: 'https://x.example/a', metadata: { date: '2020-01-01' } }), someCandidate({ document: 'Über B!', score: 0.8, location: 'https://x.example/official/b', metadata: { date: '2026' } })];

  test('the title, the source, the date and the document itself each can bring a passage forward', () => {
    expect(order([a, b, last], {})).toEqual(['a', 'Über B!', 'last']);
    expect(order([a, b, last], { titleMatch: 0.5 }, 'uber b')).toEqual(['Über B!', 'a', 'last']);
    expect(order([a, b, last], { titleMatch: 0.5 }, 'uber')).toEqual(['a', 'Über B!', 'last']);
    expect(order([a, b, last], { sources: [{ prefix: 'https://x.example/', weight: 0.5 }, { prefix: 'https://x.example/official/', weight: 1 }], documents: { [a.payload.document]: -0.7 } })).toEqual(['Über B!', 'a', 'last']);
    expect(order([a, b, last], { recency: { weight: 1, halfLifeDays: 30, field: 'date' }, documents: { [a.payload.document]: -0.7 } })).toEqual(['Über B!', 'a', 'last']);
  });

  test('recency halves with each half-life', () => {
    const [boosted] = boost([a], searchBoostsSchema.parse({ recency: { weight: 0.4, halfLifeDays: 30 } }), 'q', now);
    expect(boosted?.boosts).toEqual([{ name: 'recency', value: 0.2 }]);
  });

  test('all boosts together are bounded, whatever they are', () => {
    const weight = fc.double({ min: -1, max: 1, noNaN: true });
    fc.assert(
      fc.property(weight, weight, weight, fc.double({ min: 0.01, max: 30, noNaN: true }), (title, source, recency, spread) => {
        const candidates = [someCandidate({ document: 'q', score: spread }), someCandidate({ document: 'z', score: 0 })];
        const boosted = boost(candidates, { titleMatch: title, sources: [{ prefix: '', weight: source }, { prefix: 'q', weight: source }], recency: { weight: recency, halfLifeDays: 10 } }, 'q', now);
        for (const { score, hit } of boosted) expect(Math.abs(score - hit.fused)).toBeLessThanOrEqual(spread * mostBoost + 1e-9);
      }),
    );
  });
});
