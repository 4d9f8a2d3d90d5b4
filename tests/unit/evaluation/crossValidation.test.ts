import { describe, expect, it } from 'vitest';
import { seededRandom } from '../../chaos/schedule/random.ts';
import { chooseByCrossValidation } from '../../retrieval/comparison/crossValidation.ts';
import type { ScoredCollection } from '../../retrieval/comparison/crossValidation.ts';

const usual = { folds: 5, seed: 7, baseline: 'hybrid' };

/** Scores by configuration as a function of the query's number. */
function collection(name: string, queries: number, scores: Readonly<Record<string, (query: number) => number>>): ScoredCollection {
  const ids = Array.from({ length: queries }, (_, query) => query);
  return { name, scores: new Map(Object.entries(scores).map(([configuration, scoreOf]) => [configuration, new Map(ids.map((query) => [`q${query}`, scoreOf(query)]))])) };
}

describe('chooseByCrossValidation', () => {
  it('takes what is better everywhere, and reports what it reaches held out', () => {
    const choice = chooseByCrossValidation([collection('set', 20, { hybrid: () => 0.5, better: () => 0.7, worse: () => 0.3 })], usual);
    expect(choice.chosen).toBe('better');
    expect(choice.perFold.map(({ configuration }) => configuration)).toEqual(Array(5).fill('better'));
    expect(choice.heldOutScore).toBeCloseTo(0.7, 12);
    expect(choice.perCollection[0]?.againstBaseline).toMatchObject({ queries: 20, wins: 20, losses: 0 });
  });

  it('does not believe luck: of many configurations that are all noise the best looks good, and is not held out', () => {
    const random = seededRandom(3);
    const names = ['hybrid', ...Array.from({ length: 60 }, (_, number) => `noise ${number}`)];
    const choice = chooseByCrossValidation([collection('set', 40, Object.fromEntries(names.map((name) => [name, () => random.next()])))], usual);
    expect(choice.scoreOnAll).toBeGreaterThan(0.57);
    expect(choice.heldOutScore).toBeLessThan(choice.scoreOnAll - 0.05);
  });

  it('never measures a choice on a query that took part in it', () => {
    // One configuration is perfect on a single query and bad elsewhere: only with that query in training does it ever lead.
    const scores = { hybrid: () => 0.1, lucky: (query: number) => (query === 0 ? 10 : 0) };
    const choice = chooseByCrossValidation([collection('set', 10, scores)], { ...usual, folds: 10 });
    const without = choice.perFold.filter(({ configuration }) => configuration === 'hybrid');
    expect(choice.chosen).toBe('lucky');
    expect(without).toHaveLength(1);
    // Its good query is held out where hybrid is picked (0.1), and it scores 0 on the nine others.
    expect(choice.heldOutScore).toBeCloseTo(0.01, 12);
  });

  it('holds out every query once, in folds that differ by at most one', () => {
    const choice = chooseByCrossValidation([collection('set', 23, { hybrid: (query) => query / 23 })], usual);
    expect(choice.perCollection[0]?.againstBaseline).toMatchObject({ queries: 23, ties: 23 });
    expect(choice.heldOutScore).toBeCloseTo(choice.scoreOnAll, 12);
  });

  it('lets collections weigh alike, whatever their size', () => {
    const large = collection('large', 100, { hybrid: () => 0.5, tuned: () => 0.6 });
    const small = collection('small', 10, { hybrid: () => 0.5, tuned: () => 0.3 });
    expect(chooseByCrossValidation([large, small], usual).chosen).toBe('hybrid');
    expect(chooseByCrossValidation([large], usual).chosen).toBe('tuned');
    expect(chooseByCrossValidation([large, small], usual).perCollection.map(({ name }) => name)).toEqual(['large', 'small']);
  });

  it('stays with the earlier of equal ones, and takes only what all collections have', () => {
    expect(chooseByCrossValidation([collection('set', 10, { hybrid: () => 0.1 + 0.2, same: () => 0.3 })], usual).chosen).toBe('hybrid');
    const choice = chooseByCrossValidation([collection('a', 10, { hybrid: () => 0.5, only: () => 1 }), collection('b', 10, { hybrid: () => 0.5 })], usual);
    expect(choice.chosen).toBe('hybrid');
  });

  it('deals the folds by seed and not by the order of the queries', () => {
    const random = seededRandom(5);
    const noise = Array.from({ length: 30 }, () => [random.next(), random.next()] as const);
    const forwards = collection('set', 30, { hybrid: (query) => noise[query]?.[0] ?? 0, other: (query) => noise[query]?.[1] ?? 0 });
    const backwards = { ...forwards, scores: new Map([...forwards.scores].map(([name, scores]) => [name, new Map([...scores].reverse())])) };
    const heldOut = (set: ScoredCollection, seed: number): string => chooseByCrossValidation([set], { ...usual, seed }).perFold.map(({ heldOutScore }) => heldOutScore.toFixed(9)).join();
    expect(heldOut(backwards, 7)).toBe(heldOut(forwards, 7));
    expect(heldOut(forwards, 8)).not.toBe(heldOut(forwards, 7));
  });

  it('refuses what would make the answer meaningless', () => {
    const set = collection('set', 4, { hybrid: () => 1 });
    expect(() => chooseByCrossValidation([set], usual)).toThrow('set has 4 queries, too few for 5 folds');
    expect(() => chooseByCrossValidation([set], { ...usual, folds: 1 })).toThrow('at least 2 folds');
    expect(() => chooseByCrossValidation([set], { ...usual, folds: 2, baseline: 'none' })).toThrow('"none"');
    const gap: ScoredCollection = { name: 'gap', scores: new Map([...collection('gap', 10, { hybrid: () => 1 }).scores, ['partly', new Map([['q0', 1]])]]) };
    expect(() => chooseByCrossValidation([gap], usual)).toThrow(/"partly" was not measured on query q\d of gap/);
  });
});
