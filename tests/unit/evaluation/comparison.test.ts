import { mkdtemp, readFile, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { compareRuns } from '../../retrieval/comparison/compareRuns.ts';
import { compareScores } from '../../retrieval/comparison/compareScores.ts';
import { readSavedRun, writeSavedRun } from '../../retrieval/comparison/savedRun.ts';
import type { RunOrigin, SavedRun } from '../../retrieval/comparison/savedRun.ts';
import { bootstrapInterval, randomisationTest, usualSampling } from '../../retrieval/comparison/significance.ts';
import { meanMetrics, queryMetrics } from '../../retrieval/metrics.ts';
import type { ConfigurationResult } from '../../retrieval/searchQueries.ts';

const repeated = (value: number, times: number): number[] => Array.from({ length: times }, () => value);

describe('randomisationTest', () => {
  it('is near the exact share of sign patterns', () => {
    // Of 2^5 patterns two are as far from 0 as all five with one sign: 0.0625.
    expect(randomisationTest(repeated(0.2, 5))).toBeCloseTo(2 / 32, 2);
    // Sums of ±3 ±2 ±1: of eight patterns, those with |sum| >= 4 are ±6 and ±4: a half.
    expect(randomisationTest([3, 2, -1])).toBeCloseTo(0.5, 1.7);
  });

  it('finds nothing in no difference, or one that cancels out', () => {
    expect(randomisationTest([])).toBe(1);
    expect(randomisationTest(repeated(0, 30))).toBe(1);
    expect(randomisationTest([0.5, -0.5])).toBe(1);
  });

  it('finds what is plain, never claims certainty, and minds no sign', () => {
    expect(randomisationTest(repeated(0.1, 40))).toBe(1 / 10_001);
    const mixed = [0.3, 0.1, -0.05, 0.2, 0, 0.15, -0.1, 0.25];
    expect(randomisationTest(mixed.map((difference) => -difference))).toBeCloseTo(randomisationTest(mixed), 2);
  });

  it('gives the same for the same seed, and another draw for another', () => {
    const differences = [0.3, 0.1, -0.05, 0.2, 0, 0.15, -0.1, 0.25];
    expect(randomisationTest(differences, { seed: 1, samples: 1000 })).toBe(randomisationTest(differences, { seed: 1, samples: 1000 }));
    expect(new Set([1, 2, 3, 4].map((seed) => randomisationTest(differences, { seed, samples: 1000 }))).size).toBeGreaterThan(1);
  });
});

describe('bootstrapInterval', () => {
  it('is a point where all differences are the same', () => {
    const { low, high } = bootstrapInterval(repeated(0.25, 20));
    expect([low, high]).toEqual([0.25, 0.25]);
    expect(bootstrapInterval([])).toEqual({ low: 0, high: 0 });
  });

  it('is as wide as the normal approximation where that holds', () => {
    // 200 differences of ±1, half each: the mean's deviation is 1/√200.
    const { low, high } = bootstrapInterval([...repeated(1, 100), ...repeated(-1, 100)]);
    expect(high).toBeCloseTo(1.96 / Math.sqrt(200), 1.7);
    expect(low).toBeCloseTo(-1.96 / Math.sqrt(200), 1.7);
  });
});

describe('compareScores', () => {
  it('counts wins, losses and ties, and names the queries that moved most', () => {
    const comparison = compareScores([
      { queryId: 'a', before: 0.5, after: 1 },
      { queryId: 'b', before: 1, after: 0.1 },
      { queryId: 'c', before: 0.3, after: 0.1 + 0.2 },
      { queryId: 'd', before: 0, after: 0.1 },
    ]);
    expect(comparison).toMatchObject({ queries: 4, wins: 2, losses: 1, ties: 1 });
    expect(comparison.difference).toBeCloseTo((0.5 - 0.9 + 0.1) / 4, 12);
    expect(comparison.before).toBeCloseTo(0.45, 12);
    expect(comparison.moved.map(({ queryId }) => queryId)).toEqual(['b', 'a', 'd']);
  });

  it('says nothing about nothing', () => {
    expect(compareScores([])).toMatchObject({ queries: 0, difference: 0, pValue: 1, moved: [] });
  });
});

const origin: RunOrigin = { format: 'catalyst-evaluation/1', collection: 'tiny', split: 'test', documents: 3, date: '2026-01-01T00:00:00.000Z', commit: 'abc', machine: 'm' };
const judged = [
  { id: 'q1', text: 'first', judgements: new Map([['d1', 2], ['d2', 1]]) },
  { id: 'q2', text: 'second', judgements: new Map([['d3', 1]]) },
];

function resultOf(name: string, rankings: Readonly<Record<string, readonly string[]>>): ConfigurationResult {
  const queries = Object.entries(rankings).map(([id, ranking]) => ({
    id, ranking, latencyMs: 1, metrics: queryMetrics(ranking, judged.find((query) => query.id === id)?.judgements ?? new Map<string, number>()),
  }));
  return { configuration: { name, mode: 'hybrid' }, metrics: meanMetrics(queries.map(({ metrics }) => metrics)), latencyMs: { p50: 1, p95: 1 }, queries };
}

describe('saved runs', () => {
  let folder: string;
  const file = (name: string): string => join(folder, name);
  beforeAll(async () => {
    folder = await mkdtemp(join(tmpdir(), 'catalyst-runs-'));
  });
  afterAll(() => rm(folder, { recursive: true }));

  it('come back as they were written', async () => {
    const result = resultOf('hybrid', { q1: ['d2', 'd1'], q2: [] });
    await writeSavedRun(file('run.json'), origin, [result]);
    expect(await readSavedRun(file('run.json'))).toEqual({ ...origin, configurations: [result] });
  });

  it('are refused with the file and the place where they are something else', async () => {
    await expect(readSavedRun(file('none.json'))).rejects.toThrow(/none\.json is not a readable JSON file/);
    await writeFile(file('text.json'), 'nDCG');
    await expect(readSavedRun(file('text.json'))).rejects.toThrow(/text\.json is not a readable JSON file/);
    await writeFile(file('other.json'), JSON.stringify({ ...JSON.parse(await readFile(file('run.json'), 'utf8')) as object, format: 'else' }));
    await expect(readSavedRun(file('other.json'))).rejects.toThrow(/other\.json is not a run that --save has written \(format: /);
  });
});

describe('compareRuns', () => {
  const savedRun = (...configurations: ConfigurationResult[]): SavedRun => ({ ...origin, configurations }) as SavedRun;
  const current = (...results: ConfigurationResult[]) => ({ origin, queries: judged, results });

  it('compares what both have, metric by metric', () => {
    const before = savedRun(resultOf('hybrid', { q1: ['d2', 'd1'], q2: ['d3'] }), resultOf('gone', { q1: [] }));
    const comparison = compareRuns(before, current(resultOf('hybrid', { q1: ['d1', 'd2'], q2: ['x', 'd3'] }), resultOf('new', { q1: [], q2: [] })), usualSampling);
    expect(comparison).toMatchObject({ onlyBefore: ['gone'], onlyNow: ['new'], cautions: [] });
    const [{ name, metrics } = { name: '', metrics: undefined }] = comparison.configurations;
    expect(name).toBe('hybrid');
    expect(metrics?.ndcg10).toMatchObject({ queries: 2, wins: 1, losses: 1, ties: 0 });
    expect(metrics?.mrr).toMatchObject({ wins: 0, losses: 1, ties: 1, difference: -0.25 });
    expect(metrics?.recall10).toMatchObject({ ties: 2, difference: 0, pValue: 1, moved: [] });
    expect(metrics?.ndcg10.moved.map(({ queryId }) => queryId)).toEqual(['q2', 'q1']);
  });

  it('scores the saved rankings by the judgements of today', () => {
    const wrongThen = resultOf('hybrid', { q1: ['d1', 'd2'], q2: ['d3'] });
    const before = savedRun({ ...wrongThen, queries: wrongThen.queries.map((query) => ({ ...query, metrics: queryMetrics([], new Map()) })) });
    const { configurations: [hybrid] } = compareRuns(before, current(resultOf('hybrid', { q1: ['d1', 'd2'], q2: ['d3'] })), usualSampling);
    expect(hybrid?.metrics.ndcg10).toMatchObject({ before: 1, after: 1, ties: 2 });
  });

  it('warns where the runs are not quite comparable, and refuses where they are not at all', () => {
    const now = current(resultOf('hybrid', { q1: ['d1'], q2: ['d3'] }));
    const { cautions } = compareRuns({ ...savedRun(resultOf('hybrid', { q1: ['d1'] })), documents: 2, split: 'dev' }, now, usualSampling);
    expect(cautions).toEqual([expect.stringContaining('split dev'), expect.stringContaining('2 documents'), expect.stringContaining('Only 1 of 2 queries')]);
    expect(() => compareRuns({ ...savedRun(resultOf('hybrid', {})), collection: 'other' }, now, usualSampling)).toThrow('collection other, not of tiny');
    expect(() => compareRuns(savedRun(resultOf('dense', {})), now, usualSampling)).toThrow('no configuration in common: it has dense');
  });
});
