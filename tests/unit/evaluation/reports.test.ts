import { describe, expect, it } from 'vitest';
import { openBeirCollection } from '../../retrieval/beirCollection.ts';
import { compareRuns } from '../../retrieval/comparison/compareRuns.ts';
import { chooseByCrossValidation } from '../../retrieval/comparison/crossValidation.ts';
import { scoredCollection } from '../../retrieval/comparison/scoredCollection.ts';
import type { SavedRun } from '../../retrieval/comparison/savedRun.ts';
import { usualSampling } from '../../retrieval/comparison/significance.ts';
import { allModes } from '../../retrieval/configurations/configuration.ts';
import type { SearchConfiguration } from '../../retrieval/configurations/configuration.ts';
import { meanMetrics, queryMetrics } from '../../retrieval/metrics.ts';
import { reportJson } from '../../retrieval/output/evaluationReport.ts';
import type { EvaluationReport } from '../../retrieval/output/evaluationReport.ts';
import { markdownReport } from '../../retrieval/output/markdownReport.ts';
import { signed } from '../../retrieval/output/numbers.ts';
import { reportText } from '../../retrieval/output/reportText.ts';
import type { ConfigurationResult } from '../../retrieval/searchQueries.ts';
import { belowFloor, readSmokeFloors, smokeFolder } from '../../retrieval/smokeFloors.ts';

const judged = [
  { id: 'q1', text: 'cost | of <b>both</b>\nlines', judgements: new Map([['d1', 1]]) },
  { id: 'q2', text: 'second', judgements: new Map([['d2', 1]]) },
];

function resultOf(configuration: SearchConfiguration, ranks: readonly number[]): ConfigurationResult {
  const queries = judged.map(({ id, judgements }, index) => {
    const ranking = [...Array.from({ length: (ranks[index] ?? 1) - 1 }, (_, other) => `x${other}`), ...judgements.keys()];
    return { id, ranking, latencyMs: 5, metrics: queryMetrics(ranking, judgements) };
  });
  return { configuration, queries, metrics: meanMetrics(queries.map(({ metrics }) => metrics)), latencyMs: { p50: 5, p95: 9 } };
}

const plain = (mode: 'dense' | 'sparse' | 'hybrid', ...ranks: number[]): ConfigurationResult => resultOf({ name: mode, mode }, ranks);

const report: EvaluationReport = {
  collection: 'tiny', split: 'test', tenant: 't', date: '2026-01-02T00:00:00.000Z', commit: 'abc1234', machine: '2 × processor', documents: 3, queries: 2, queriesWithoutRelevant: 0,
  results: [plain('dense', 1, 2), plain('sparse', 2, 1), plain('hybrid', 1, 1), resultOf({ name: 'deep', mode: 'hybrid', settings: { legDepth: 200 } }, [2, 2])],
  ingest: { documents: 3, chunks: 4, unchanged: 1, seconds: 2, documentsPerSecond: 1.5, failed: [] },
};

const saved = {
  format: 'catalyst-evaluation/1', collection: 'tiny', split: 'test', documents: 3, date: '2026-01-01T00:00:00.000Z', commit: 'def5678', machine: 'm',
  configurations: [plain('hybrid', 2, 1)],
} as unknown as SavedRun;
const origin = { ...saved, date: report.date, commit: report.commit };

describe('the Markdown report', () => {
  const page = markdownReport(
    {
      ...report,
      comparison: compareRuns(saved, { origin, queries: judged, results: report.results }, usualSampling),
      choice: chooseByCrossValidation([scoredCollection('tiny', report.results, 'ndcg10')], { folds: 2, seed: 7, baseline: 'hybrid' }),
      belowFloor: ['hybrid: nDCG@10 is 0.1, below the floor of 0.2.'],
    },
    judged,
  );

  it('says what was measured on what, and every configuration', () => {
    for (const part of ['tiny, split test', 'abc1234', '2026-01-02T00:00:00.000Z', '2 × processor', '| hybrid | 1.0000 | 1.0000 | 1.0000 | 1.0000 | 1.0000 | 5 ms | 9 ms |']) expect(page).toContain(part);
    expect(page).toMatch(/\| dense \| −0\.1845 \|.*\| 0 \| 1 \| 1 \|/);
  });

  it('compares with the saved run, with the text of what moved, which cannot break the table', () => {
    expect(page).toMatch(/\| nDCG@10 \| 0\.8155 \| 1\.0000 \| \+0\.1845 \| \[.*\] \| \S+ \| 1 \| 0 \| 1 \|/);
    expect(page).toContain('| nDCG@10 | q1 | cost \\| of \\<b>both\\</b> lines | 0.6309 | 1.0000 | +0.3691 |');
    expect(page).toContain('Only in this run: dense, sparse, deep.');
    expect(page).toContain('def5678');
  });

  it('reports the choice as held out, and the floors', () => {
    expect(page).toContain('the best on all queries is **hybrid** with 1.0000');
    expect(page).toMatch(/2 folds, seed 7\), the choice reaches \*\*\d\.\d{4}\*\*/);
    expect(page).toContain('- hybrid: nDCG@10 is 0.1, below the floor of 0.2.');
  });

  it('has tables whose rows have as many cells as their heads', () => {
    const cells = (line: string): number => line.replaceAll('\\|', '').split('|').length;
    const lines = page.split('\n');
    const tables = lines.flatMap((line, index) => (/^\|(---\|)+$/.test(line) ? [index] : []));
    expect(tables.length).toBeGreaterThan(6);
    for (const rule of tables) for (let row = rule - 1; lines[row]?.startsWith('|'); row += 1) expect(cells(lines[row] ?? ''), lines[row]).toBe(cells(lines[rule] ?? ''));
  });
});

describe('the other forms', () => {
  it('show each configuration in the terminal', () => {
    const text = reportText(report);
    expect(text).toMatch(/^deep +0\.6309 +0\.5000 +0\.5000 +1\.0000 +1\.0000 +5 ms +9 ms$/m);
    expect(text).toContain('hybrid is above both legs: 1.0000 against 0.8155');
    expect(text).toContain('1 documents unchanged');
  });

  it('keep the plain modes by name in JSON', () => {
    expect(reportJson(report)).toMatchObject({ modes: { dense: { mrr: 0.75, map: 0.75, latencyMs: { p50: 5 } }, hybrid: { ndcg10: 1 } }, configurations: { length: 4 } });
    expect(Object.keys((reportJson(report) as { modes: object }).modes)).toEqual([...allModes]);
  });

  it('write signs that can be read, and none for what rounds to nothing', () => {
    expect([signed(0.5), signed(-0.5), signed(0), signed(-0.00001)]).toEqual(['+0.5000', '−0.5000', '0.0000', '0.0000']);
  });
});

describe('the smoke set', () => {
  it('judges documents that it holds, and nothing but them', async () => {
    const collection = await openBeirCollection(smokeFolder, undefined);
    const ids = new Set<string>();
    for await (const { id, text } of collection.documents()) {
      expect(ids.has(id), id).toBe(false);
      expect(text.trim(), id).not.toBe('');
      ids.add(id);
    }
    for (const { id, judgements } of collection.queries) {
      expect([...judgements.keys()].filter((document) => !ids.has(document)), id).toEqual([]);
      expect([...judgements.values()].includes(2), id).toBe(true);
    }
    expect(collection.queries.length).toBeGreaterThan(60);
  });

  it('has floors for every mode that guard something', async () => {
    const floors = await readSmokeFloors();
    expect(Object.keys(floors).sort()).toEqual(['dense', 'fused', 'hybrid', 'sparse']);
    for (const floor of Object.values(floors)) expect(Object.values(floor).every((least) => least > 0.5)).toBe(true);
  });
});

describe('belowFloor', () => {
  const floors = { hybrid: { ndcg10: 1, map: 0.9 }, dense: { ndcg10: 0.9 } };

  it('names each metric that dropped, and minds plain modes alone', () => {
    expect(belowFloor(report.results.filter(({ configuration }) => configuration.name !== 'sparse'), floors)).toEqual(['dense: nDCG@10 is 0.8155, below the floor of 0.9.']);
  });

  it('does not let a mode without floors pass', () => {
    expect(belowFloor([plain('sparse', 1, 1)], floors)).toEqual(['sparse has no floor.']);
  });
});
