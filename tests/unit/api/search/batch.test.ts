import { afterAll, beforeAll, expect, test } from 'vitest';
import type { BatchSearchResponse } from '../../../../src/contracts/search.ts';
import { startApi } from '../../../support/api/runningApi.ts';
import type { RunningApi } from '../../../support/api/runningApi.ts';

let api: RunningApi;
beforeAll(async () => {
  api = await startApi();
});
afterAll(() => api.close());

const ask = (searches: unknown): Promise<Response> => api.fetch('/v1/search/batch', { method: 'POST', headers: { 'content-type': 'application/json' }, body: JSON.stringify({ searches }) });

test('a search that cannot be read has a problem in its place, and leaves the others alone', async () => {
  const response = await ask([{ query: 'first' }, { query: '' }, { query: 'x', limit: -1 }, 7, { query: 'last' }]);
  expect(response.status).toBe(200);
  const { answers } = (await response.json()) as BatchSearchResponse;
  expect(answers.map((one) => ('answer' in one ? one.answer.query : one.problem.errors?.[0]?.pointer))).toEqual(['first', '/searches/1/query', '/searches/2/limit', '/searches/3', 'last']);
});

test('none, or too many, fail as a whole', async () => {
  for (const searches of [[], Array.from({ length: 21 }, () => ({ query: 'x' })), 'x']) expect((await ask(searches)).status).toBe(422);
});
