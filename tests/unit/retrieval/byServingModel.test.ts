import { expect, test } from 'vitest';
import { CatalystError } from '../../../src/contracts/errors.ts';
import type { Principal } from '../../../src/contracts/principal.ts';
import { byServingModel, byServingModelNow } from '../../../src/retrieval/byServingModel.ts';

const caller: Principal = { tenant: 'acme', subject: 'someone', roles: [], policies: [] };

/** An index that is led from one model to the other; `seen`: what the process knew before it asked. */
function world(seen: string | undefined, now: string | undefined) {
  const asked: string[] = [];
  const search = (own: string) => (_principal: Principal, query: string): Promise<string> => {
    asked.push(own);
    return own === now ? Promise.resolve(`${query} by ${own}`) : Promise.reject(new CatalystError('INDEX_MOVED', 'too late'));
  };
  const serving = { known: () => Promise.resolve(seen), refresh: () => Promise.resolve(now) };
  return { asked, search: byServingModel(new Map([['one', search('one')], ['two', search('two')]]), serving) };
}

test('the model is asked that the index is made by', async () => {
  const { asked, search } = world('two', 'two');
  expect(await search(caller, 'rates')).toBe('rates by two');
  expect(asked).toEqual(['two']);
});

test('a search that comes too late is made by the model that serves now', async () => {
  const { asked, search } = world('one', 'two');
  expect(await search(caller, 'rates')).toBe('rates by two');
  expect(asked).toEqual(['one', 'two']);
});

test('what answers without the index is answered by the model that serves now, whatever was known', async () => {
  const answer = (own: string) => (_principal: Principal): Promise<string> => Promise.resolve(own);
  const serving = { known: () => Promise.resolve('one'), refresh: () => Promise.resolve('two') };
  const models = new Map([['one', answer('one')], ['two', answer('two')]]);
  expect(await byServingModel(models, serving)(caller)).toBe('one');
  expect(await byServingModelNow(models, serving)(caller)).toBe('two');
});

test('other failures are not tried again', async () => {
  let calls = 0;
  const fail = () => {
    calls += 1;
    return Promise.reject(new CatalystError('INDEX_UNAVAILABLE', 'away'));
  };
  const search = byServingModel(new Map([['one', fail]]), { known: () => Promise.resolve('one'), refresh: () => Promise.resolve('one') });
  await expect(search(caller)).rejects.toMatchObject({ code: 'INDEX_UNAVAILABLE' });
  expect(calls).toBe(1);
});

test('an index that moves on and on is not chased for ever', async () => {
  const { asked, search } = world('one', 'one');
  const moving = byServingModel(new Map([['one', () => Promise.reject(new CatalystError('INDEX_MOVED', 'moved'))]]), { known: () => Promise.resolve('one'), refresh: () => Promise.resolve('one') });
  await expect(moving(caller)).rejects.toMatchObject({ code: 'INDEX_MOVED' });
  await search(caller, 'rates');
  expect(asked).toEqual(['one']);
});

test('a model that the process does not have is named', async () => {
  await expect(world('three', 'three').search(caller, 'rates')).rejects.toMatchObject({ code: 'EMBEDDING_CONTRACT_MISMATCH', message: expect.stringContaining('three') as string });
});
