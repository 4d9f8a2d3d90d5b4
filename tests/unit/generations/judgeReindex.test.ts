import fc from 'fast-check';
import { expect, test } from 'vitest';
import type { ReindexGates } from '../../../src/contracts/generations.ts';
import { judgeReindex } from '../../../src/generations/judgeReindex.ts';
import type { Measured } from '../../../src/generations/judgeReindex.ts';

const gates: ReindexGates = { qualityLoss: 0.05, overlap: 0.5, latencyFactor: 2 };
const fine: Measured = {
  probes: [{ documentId: 'a', found: { serving: ['a', 'b'], next: ['a'] } }, { documentId: 'b', found: { serving: ['a', 'b'], next: ['c', 'b'] } }],
  queries: [{ relevant: ['a'], found: { serving: ['a', 'b'], next: ['a', 'c'] } }, { relevant: null, found: { serving: ['a', 'b'], next: ['b', 'a'] } }],
  latencies: { serving: [10, 10, 20], next: [10, 12, 30] },
};

test('what is as good passes, and every gate says what it found', () => {
  const report = judgeReindex(fine, gates);
  expect(report).toMatchObject({ passed: true, foundAgain: { serving: 0.75, next: 0.75, probes: 2 }, smoke: { serving: 1, next: 1, queries: 1 }, overlap: { mean: 0.75, queries: 2 }, latencyMs: { serving: 20, next: 30 } });
  expect(report.findings).toHaveLength(4);
  expect(report.findings.every((finding) => finding.startsWith('Passed'))).toBe(true);
});

test.each<[string, Partial<Measured>]>([
  ['documents that are not found again', { probes: [{ documentId: 'a', found: { serving: ['a'], next: ['b', 'c', 'a'] } }] }],
  ['answers of smoke queries that are missing', { queries: [{ relevant: ['a'], found: { serving: ['a', 'b'], next: ['b', 'c'] } }] }],
  ['other documents than before', { queries: [{ relevant: null, found: { serving: ['a', 'b'], next: ['c', 'd'] } }] }],
  ['searches that take longer', { latencies: { serving: [10], next: [21] } }],
])('%s fail it', (_what, worse) => {
  const report = judgeReindex({ ...fine, ...worse }, gates);
  expect(report.passed).toBe(false);
  expect(report.findings.filter((finding) => finding.startsWith('Not passed'))).toHaveLength(1);
});

test('an index without documents passes: nothing was missed', () => {
  expect(judgeReindex({ probes: [], queries: [], latencies: { serving: [], next: [] } }, gates)).toMatchObject({ passed: true, smoke: null, overlap: null });
});

test('the same answers always pass, in the same time', () => {
  const list = fc.array(fc.constantFrom('a', 'b', 'c', 'd', 'e'), { maxLength: 12 });
  fc.assert(fc.property(fc.array(list), fc.array(fc.nat(1000)), (lists, times) => {
    const queries = lists.map((found) => ({ relevant: ['a', 'b'], found: { serving: found, next: found } }));
    const probes = lists.map((found) => ({ documentId: 'c', found: { serving: found, next: found } }));
    return judgeReindex({ probes, queries, latencies: { serving: times, next: times } }, { qualityLoss: 0, overlap: 1, latencyFactor: 1 }).passed;
  }));
});
