import { expect, test } from 'vitest';
import { earlierVersionsFilter, otherCutsFilter, versionFilter } from '../../../src/tenancy/versionFilter.ts';
import { matches } from './evaluateFilter.ts';

const point = (document: string, version: string, sequence: number, tenant = 'acme'): object => ({ tenant, document, version, sequence });

test('versionFilter names exactly the versions of the tenant', () => {
  const filter = versionFilter('acme', [{ documentId: 'd1', versionId: 'v1' }, { documentId: 'd2', versionId: 'v2' }]);
  expect(matches(filter, point('d1', 'v1', 1))).toBe(true);
  expect(matches(filter, point('d1', 'v0', 1))).toBe(false);
  expect(matches(filter, point('d1', 'v1', 1, 'other'))).toBe(false);
});

test('earlierVersionsFilter takes of each document what is older than its own sequence', () => {
  const filter = earlierVersionsFilter('acme', [{ documentId: 'd1', sequence: 5 }, { documentId: 'd2', sequence: 9 }, { documentId: 'd3', sequence: 5 }]);
  expect(matches(filter, point('d1', 'x', 4))).toBe(true);
  expect(matches(filter, point('d1', 'x', 5))).toBe(false);
  expect(matches(filter, point('d1', 'x', 7))).toBe(false);
  expect(matches(filter, point('d2', 'x', 7))).toBe(true);
  expect(matches(filter, point('d4', 'x', 1))).toBe(false);
  expect(matches(filter, point('d1', 'x', 4, 'other'))).toBe(false);
});

test('otherCutsFilter leaves the versions that are named, each as it is cut', () => {
  const filter = otherCutsFilter('acme', ['d1', 'd2'], [{ versionId: 'v1', recut: null }, { versionId: 'v2', recut: 'r' }]);
  const cut = (version: string, recut: string) => ({ ...point('d1', version, 1), recut });
  expect([matches(filter, point('d1', 'v1', 1)), matches(filter, cut('v2', 'r'))]).toEqual([false, false]);
  expect([matches(filter, cut('v1', 'r')), matches(filter, point('d1', 'v2', 1)), matches(filter, cut('v2', 'q')), matches(filter, point('d2', 'v0', 1))]).toEqual([true, true, true, true]);
  expect([matches(filter, point('d3', 'v0', 1)), matches(filter, point('d1', 'v0', 1, 'other'))]).toEqual([false, false]);
  expect(matches(otherCutsFilter('acme', ['d1'], []), point('d1', 'v1', 1))).toBe(true);
});

test('no versions, no points', () => {
  expect(matches(versionFilter('acme', []), point('d1', 'v1', 1))).toBe(false);
  expect(matches(earlierVersionsFilter('acme', []), point('d1', 'v1', 1))).toBe(false);
});
