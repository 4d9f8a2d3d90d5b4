import { expect, test } from 'vitest';
import { mergeRanges } from '../../../../src/adapters/s3/s3Ranges.ts';
import type { ArtifactReference } from '../../../../src/contracts/artifacts.ts';
import { digestOf } from '../../../../src/contracts/identifiers.ts';

const reference = (uri: string, offset: number, length: number): ArtifactReference => ({ uri: `s3://b/${uri}`, offset, length, digest: digestOf(''), mediaType: 'text/plain' });
const outline = (references: ArtifactReference[]): [string, number, number, number[]][] =>
  mergeRanges(references).map(({ uri, first, last, parts }) => [uri.slice('s3://b/'.length), first, last, parts.map(({ index }) => index)]);

test('neighbours in one object are one range, in whatever order they are asked', () => {
  expect(outline([reference('a', 10, 5), reference('b', 0, 4), reference('a', 0, 10)])).toEqual([['a', 0, 14, [2, 0]], ['b', 0, 3, [1]]]);
});

test('a small gap is bridged and a large one is not', () => {
  expect(outline([reference('a', 0, 10), reference('a', 60_000, 10)])).toEqual([['a', 0, 60_009, [0, 1]]]);
  expect(outline([reference('a', 0, 10), reference('a', 100_000, 10)])).toEqual([['a', 0, 9, [0]], ['a', 100_000, 100_009, [1]]]);
});

test('the same place twice and one place inside another', () => {
  expect(outline([reference('a', 0, 100), reference('a', 20, 5), reference('a', 0, 100)])).toEqual([['a', 0, 99, [0, 2, 1]]]);
});

test('a range stays small enough for memory, but for a single artifact that is larger', () => {
  const ranges = mergeRanges(Array.from({ length: 10 }, (_unused, index) => reference('a', index * 5_000_000, 5_000_000)));
  expect(Math.max(...ranges.map(({ first, last }) => last - first + 1))).toBeLessThanOrEqual(16 * 1024 * 1024);
  expect(ranges.flatMap(({ parts }) => parts)).toHaveLength(10);
  expect(outline([reference('a', 0, 50_000_000)])).toEqual([['a', 0, 49_999_999, [0]]]);
});

test('nothing is asked for artifacts without bytes', () => {
  expect(mergeRanges([reference('a', 5, 0)])).toEqual([]);
});
