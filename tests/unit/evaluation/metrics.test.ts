import { describe, expect, it } from 'vitest';
import { averagePrecision, meanMetrics, ndcg, orderTies, percentile, queryMetrics, recall, reciprocalRank } from '../../retrieval/metrics.ts';

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

describe('averagePrecision', () => {
  it('averages the precision where each relevant document is found', () => {
    // Found at 1, 3 and 6 of four: (1/1 + 2/3 + 3/6) / 4
    const judgements = grades({ a: 1, b: 1, c: 1, d: 1, z: 0 });
    expect(averagePrecision(['a', 'z', 'b', 'x', 'y', 'c'], judgements, 100)).toBeCloseTo((1 + 2 / 3 + 1 / 2) / 4, 12);
    expect(averagePrecision(['a', 'b', 'c', 'd'], judgements, 100)).toBe(1);
  });

  it('asks whether a grade is above 0, not how high it is', () => {
    expect(averagePrecision(['x', 'a', 'b'], grades({ a: 3, b: 1, c: -1 }), 100)).toBeCloseTo((1 / 2 + 2 / 3) / 2, 12);
    expect(averagePrecision(['x', 'b', 'a'], grades({ a: 3, b: 1, c: -1 }), 100)).toBeCloseTo((1 / 2 + 2 / 3) / 2, 12);
  });

  it('lets what is beyond the cut add nothing, while it still divides', () => {
    expect(averagePrecision(['a', 'x', 'b'], grades({ a: 1, b: 1 }), 2)).toBe(0.5);
    expect(averagePrecision([...numbered(100), 'a'], grades({ a: 1 }), 100)).toBe(0);
    expect(averagePrecision(['a'], grades({ a: 0 }), 100)).toBe(0);
    expect(averagePrecision([], grades({ a: 1 }), 100)).toBe(0);
  });
});

describe('orderTies', () => {
  it('orders neighbours of one score by id, later ids first, as trec_eval does', () => {
    const answered = [{ id: 'b', score: 2 }, { id: 'c', score: 1 }, { id: 'x', score: 1 }, { id: 'a', score: 1 }, { id: 'y', score: 0.5 }];
    expect(orderTies(answered)).toEqual(['b', 'x', 'c', 'a', 'y']);
    expect(orderTies([...answered].sort((left, right) => right.score - left.score || (left.id < right.id ? -1 : 1)))).toEqual(['b', 'x', 'c', 'a', 'y']);
  });

  it('keeps the answered order where scores say otherwise: another order than theirs was meant', () => {
    expect(orderTies([{ id: 'a', score: 1 }, { id: 'b', score: 3 }, { id: 'c', score: 1 }])).toEqual(['a', 'b', 'c']);
    expect(orderTies([])).toEqual([]);
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

describe('agreement with trec_eval', () => {
  it('gives what trec_eval 9 gives for a graded example', () => {
    // pytrec_eval on the same ranking: ndcg_cut_10, map_cut_100, recall_10, recip_rank.
    const ranking = ['d5', 'd1', 'd9', 'd3', 'd2', 'd8', 'd4'];
    const judgements = grades({ d1: 3, d2: 1, d3: 2, d4: 0, d6: 1, d9: 0 });
    const expected = { ndcg10: 0.6049058002960359, map: 0.4, mrr: 0.5, recall10: 0.75, recall100: 0.75 };
    const measured = queryMetrics(ranking, judgements);
    for (const [metric, value] of Object.entries(expected)) expect(measured[metric as keyof typeof expected], metric).toBeCloseTo(value, 12);
  });
});

describe('meanMetrics and percentile', () => {
  it('average over all queries, also those that found nothing', () => {
    const perfect = queryMetrics(['a'], grades({ a: 1 }));
    const nothing = queryMetrics([], grades({ a: 1 }));
    expect(meanMetrics([perfect, nothing])).toEqual({ ndcg10: 0.5, map: 0.5, recall10: 0.5, recall100: 0.5, mrr: 0.5 });
    expect(meanMetrics([])).toEqual({ ndcg10: 0, map: 0, recall10: 0, recall100: 0, mrr: 0 });
  });

  it('takes the nearest rank', () => {
    expect([percentile([5, 1, 3, 2, 4], 0.5), percentile([5, 1, 3, 2, 4], 0.95), percentile([], 0.5)]).toEqual([3, 5, 0]);
  });
});
