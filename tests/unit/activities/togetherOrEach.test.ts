import { expect, it } from 'vitest';
import { togetherOrEach } from '../../../src/activities/togetherOrEach.ts';

const bad = new Error('bad');
const oneByOne = { isOfOne: (thrown: unknown) => thrown === bad, failed: (item: number) => [`not ${item}`] };

async function asked(items: readonly number[], work: (items: readonly number[]) => readonly string[]) {
  const calls: (readonly number[])[] = [];
  const results = await togetherOrEach(items, (those) => {
    calls.push(those);
    return Promise.resolve().then(() => work(those));
  }, oneByOne);
  return { calls, results };
}

it('asks once where all goes well, and not at all for nothing', async () => {
  expect(await asked([1, 2], (those) => those.map(String))).toEqual({ calls: [[1, 2]], results: ['1', '2'] });
  expect(await asked([], () => [])).toEqual({ calls: [], results: [] });
});

it('has the one that fails fail alone, in its place', async () => {
  const work = (those: readonly number[]) => {
    if (those.includes(2)) throw bad;
    return those.map(String);
  };
  expect(await asked([1, 2, 3], work)).toEqual({ calls: [[1, 2, 3], [1], [2], [3]], results: ['1', 'not 2', '3'] });
  expect(await asked([2], work)).toEqual({ calls: [[2]], results: ['not 2'] });
});

it('throws what concerns all, and what the failure of one is answered by', async () => {
  await expect(asked([1, 2], () => { throw new Error('away'); })).rejects.toThrow('away');
  await expect(togetherOrEach([1], () => Promise.reject(bad), { ...oneByOne, failed: (_item, thrown) => Promise.reject(thrown as Error) })).rejects.toBe(bad);
});
