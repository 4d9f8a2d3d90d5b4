import { describe, expect, it } from 'vitest';
import { meanMetrics, ndcg, percentile, queryMetrics, recall, reciprocalRank } from '../../retrieval/metrics.ts';

const grades = (entries: Record<string, number>): Map<string, number> => new Map(Object.entries(entries));
const numbered = (count: number): string[] => Array.from({ length: count }, (_, index) => `n${index}`);

describe('ndcg', () => {
  it('weighs grades linearly and discounts by log2 of rank plus one', () => {
    // DCG = 0/1 + 3/log2(3) + 0 + 1/log2(5); ideal = 3/1 + 2/log2(3) + 1/2
    const judgements = grades({ a: 3, b: 2, c: 1, d: 0 });
    const dcg = 3 / 1.584962500721156 + 1 / 2.321928094887362;
    const ideal = 3 + 2 / 1.584962500721156 + 0.5;
    expect(ndcg(['d', 'a', 'x', 'c'], judgements, 10)).toBeCloseTo(dcg / ideal, 12);
    expect(ndcg(['d', 'a', 'x', 'c'], judgements, 10)).toBeCloseTo(0.4879, 4);
  });

  it('is 1 for the best order, whichever of equal grades comes first', () => {
    const judgements = grades({ a: 2, b: 2, c: 1 });
    expect(ndcg(['a', 'b', 'c'], judgements, 10)).toBe(1);
    expect(ndcg(['b', 'a', 'c'], judgements, 10)).toBe(1);
    expect(ndcg(['c', 'a', 'b'], judgements, 10)).toBeLessThan(1);
  });

  it('cuts ranking and ideal alike', () => {
    const many = grades(Object.fromEntries(numbered(20).map((id) => [id, 1])));
    expect(ndcg(numbered(10), many, 10)).toBeCloseTo(1, 12);
    expect(ndcg([...Array.from({ length: 10 }, (_, index) => `x${index}`), 'n0'], many, 10)).toBe(0);
  });

  it('counts missing, unjudged and negative documents as nothing', () => {
    expect(ndcg([], grades({ a: 1 }), 10)).toBe(0);
    expect(ndcg(['x', 'a'], grades({ a: 1, x: -1 }), 10)).toBeCloseTo(0.6309, 4);
    expect(ndcg(['a'], grades({ a: 0 }), 10)).toBe(0);
  });
});

describe('recall', () => {
  it('is the share of all relevant documents found before the cut', () => {
    const judgements = grades({ a: 1, b: 3, c: 2, d: 1, z: 0 });
    expect(recall(['a', 'z', 'x', 'b', 'c'], judgements, 4)).toBe(0.5);
    expect(recall(['a', 'z', 'x', 'b', 'c'], judgements, 10)).toBe(0.75);
    expect(recall(['z'], grades({ z: 0 }), 10)).toBe(0);
  });
});

describe('reciprocalRank', () => {
  it('looks at the first relevant document within the cut', () => {
    const judgements = grades({ a: 1, b: 2, z: 0 });
    expect(reciprocalRank(['z', 'x', 'b', 'a'], judgements, 10)).toBeCloseTo(1 / 3, 12);
    expect(reciprocalRank([...numbered(10), 'a'], judgements, 10)).toBe(0);
  });
});

describe('queryMetrics', () => {
  it('counts a document that is answered twice once, at its first place', () => {
    const judgements = grades({ a: 1, b: 1 });
    expect(queryMetrics(['a', 'a', 'a', 'b'], judgements)).toEqual(queryMetrics(['a', 'b'], judgements));
    expect(queryMetrics(['a', 'a'], judgements)).toMatchObject({ recall10: 0.5, mrr: 1 });
    expect(queryMetrics(['a', 'a'], judgements).ndcg10).toBeCloseTo(1 / (1 + 0.6309297535714575), 12);
  });
});

describe('meanMetrics and percentile', () => {
  it('average over all queries, also those that found nothing', () => {
    const perfect = queryMetrics(['a'], grades({ a: 1 }));
    const nothing = queryMetrics([], grades({ a: 1 }));
    expect(meanMetrics([perfect, nothing])).toEqual({ ndcg10: 0.5, recall10: 0.5, recall100: 0.5, mrr: 0.5 });
    expect(meanMetrics([])).toEqual({ ndcg10: 0, recall10: 0, recall100: 0, mrr: 0 });
  });

  it('takes the nearest rank', () => {
    expect([percentile([5, 1, 3, 2, 4], 0.5), percentile([5, 1, 3, 2, 4], 0.95), percentile([], 0.5)]).toEqual([3, 5, 0]);
  });
});
