import { expect, it } from 'vitest';
import type { SearchHit } from '../../../src/contracts/recall.ts';
import { recallOf } from '../../../src/generations/recall.ts';

const hits = (ids: string, score = (place: number) => 1 - place / 10): SearchHit[] => [...ids].map((id, place) => ({ id, score: score(place) }));

it('is how much of what should be found is', () => {
  expect(recallOf([{ exact: hits('abcde'), found: hits('abcde') }])).toBe(1);
  // Those that were missed come from further down.
  expect(recallOf([{ exact: hits('abcde'), found: [...hits('abcd'), { id: 'x', score: 0.2 }] }])).toBe(0.8);
  expect(recallOf([{ exact: hits('abcde'), found: [] }, { exact: hits('abcde'), found: hits('abcde') }])).toBe(0.5);
});

it('takes what is as good for as good, and none twice', () => {
  const same = () => 0.5;
  expect(recallOf([{ exact: hits('abc', same), found: hits('xyz', same) }])).toBe(1);
  expect(recallOf([{ exact: hits('ab', same), found: hits('abcd', same) }])).toBe(1);
});

it('is unknown where there is nothing to find', () => {
  expect(recallOf([])).toBeNull();
  expect(recallOf([{ exact: [], found: [] }])).toBeNull();
});
