import { expect, test, vi } from 'vitest';
import { CatalystError } from '../../../../../src/contracts/errors.ts';
import type { Candidate } from '../../../../../src/retrieval/candidates/candidate.ts';
import type { Reranker } from '../../../../../src/ports/reranker.ts';
import { someCandidate } from '../../candidates/someCandidate.ts';
import { someReranker, watchedReranker } from './someReranker.ts';

const principal = { tenant: 'acme', subject: 'ann', roles: [], policies: [] };
/** Fused order: as given. */
const candidatesOf = (...relevances: number[]): Candidate[] => relevances.map((relevance, index) => someCandidate({ document: `d${index}`, score: 1 - index / 100, text: `Passage ${relevance}` }));
const relevancesOf = (candidates: readonly Candidate[]): number[] => candidates.map(({ payload }) => Number(payload.chunk.text.split(' ')[1]));

function spied(overrides: Partial<Reranker> = {}) {
  const reranker = someReranker(overrides);
  const rerank = vi.fn<Reranker['rerank']>((...parameters) => reranker.rerank(...parameters));
  return { reranker: { ...reranker, rerank }, rerank, askedFor: () => rerank.mock.calls.map(([, candidates]) => candidates.map(({ text }) => Number(/-?\d+$/.exec(text)?.[0]))) };
}

test('gives the model the query, and of each candidate title, headings and passage', async () => {
  const { reranker, rerank } = spied();
  const [first, second] = candidatesOf(1, 2);
  const withHeadings = { ...first!, payload: { ...first!.payload, title: 'Handbook', chunk: { ...first!.payload.chunk, headings: ['Leave', 'Parental'], text: 'Twelve weeks: 1' } } };
  await watchedReranker(reranker).model.begin(principal, 'parental leave')([withHeadings, second!]);
  expect(rerank).toHaveBeenCalledExactlyOnceWith('parental leave', [{ id: first!.hit.id, text: 'Handbook > Leave > Parental\nTwelve weeks: 1' }, { id: second!.hit.id, text: 'd1\nPassage 2' }], expect.any(AbortSignal));
});

test('no more than the most candidates, from the first', async () => {
  const { reranker, askedFor } = spied();
  const { candidates } = await watchedReranker(reranker, { candidates: 3 }).model.begin(principal, 'q')(candidatesOf(1, 2, 3, 9));
  expect(askedFor()).toEqual([[1, 2, 3]]);
  expect(relevancesOf(candidates)).toEqual([3, 2, 1, 9]);
});

test('with less than two candidates nothing is asked', async () => {
  const { reranker, rerank } = spied();
  const { model, told } = watchedReranker(reranker);
  for (const candidates of [[], candidatesOf(1)]) expect(await model.begin(principal, 'q')(candidates)).toEqual({ candidates });
  expect(rerank).not.toHaveBeenCalled();
  expect(told('rerank.finished')).toEqual([]);
});

test('a search that orders again asks about what is new alone, and of nothing twice', async () => {
  const { reranker, askedFor } = spied();
  const rerank = watchedReranker(reranker).model.begin(principal, 'q');
  const all = candidatesOf(1, 5, 3, 4);
  expect(relevancesOf((await rerank(all.slice(0, 2))).candidates)).toEqual([5, 1]);
  expect(relevancesOf((await rerank(all)).candidates)).toEqual([5, 4, 3, 1]);
  await rerank(all);
  expect(askedFor()).toEqual([[1, 5], [3, 4]]);
});

test('a model that judges passages against each other is given all of them again', async () => {
  const { reranker, askedFor } = spied({ pointwise: false });
  const rerank = watchedReranker(reranker).model.begin(principal, 'q');
  const all = candidatesOf(1, 5, 3);
  await rerank(all.slice(0, 2));
  expect(relevancesOf((await rerank(all)).candidates)).toEqual([5, 3, 1]);
  await rerank(all);
  expect(askedFor()).toEqual([[1, 5], [1, 5, 3]]);
});

test('after a failure the search does not ask again; the next search does', async () => {
  const { reranker, rerank } = spied({ rerank: () => Promise.reject(new CatalystError('RERANKER_UNAVAILABLE', 'gpu-7.internal: out of memory')) });
  const { model, told } = watchedReranker(reranker);
  const search = model.begin(principal, 'q');
  const candidates = candidatesOf(1, 2);
  const kept = { candidates, failure: { code: 'RERANKER_UNAVAILABLE', message: 'The reranker does not answer; the results keep their order without it.' } };
  expect(await search(candidates)).toEqual(kept);
  expect(await search(candidates)).toEqual(kept);
  expect(rerank).toHaveBeenCalledTimes(1);
  expect(told('rerank.degraded')).toHaveLength(1);
  await model.begin(principal, 'q')(candidates);
  expect(rerank).toHaveBeenCalledTimes(2);
});

test('all of a search shares one time budget', async () => {
  vi.useFakeTimers();
  try {
    const slow: Reranker['rerank'] = (_query, candidates) => new Promise((resolve) => void setTimeout(() => resolve(new Map(candidates.map(({ id }) => [id, 1]))), 60));
    const { model, told } = watchedReranker(someReranker({ rerank: slow }), { timeoutMs: 100 });
    const rerank = model.begin(principal, 'q');
    const all = candidatesOf(1, 2, 3, 4);
    const first = rerank(all.slice(0, 2));
    await vi.advanceTimersByTimeAsync(60);
    expect((await first).failure).toBeUndefined();
    const second = rerank(all);
    await vi.advanceTimersByTimeAsync(40);
    expect(await second).toMatchObject({ candidates: all, failure: { code: 'RERANKER_UNAVAILABLE' } });
    expect(told('rerank.degraded')).toMatchObject([{ reason: 'timeout', latencyMs: 40 }]);
  } finally {
    vi.useRealTimers();
  }
});

test.each<[string, (id: string) => [string, number][]]>([
  ['a foreign id', (id) => [[id, 1], ['other', 2]]],
  ['a score that is no number', (id) => [[id, NaN]]],
  ['an endless score', (id) => [[id, Infinity]]],
  ['no score at all', () => []],
])('%s is not a ranking, whatever the adapter let through', async (_name, scores) => {
  const candidates = candidatesOf(1, 2);
  const { model, told } = watchedReranker(someReranker({ rerank: () => Promise.resolve(new Map(scores(candidates[0]!.hit.id))) }));
  expect(await model.begin(principal, 'q')(candidates)).toMatchObject({ candidates, failure: { code: 'RERANKER_MALFORMED' } });
  expect(told('rerank.degraded')).toMatchObject([{ tenant: 'acme', code: 'RERANKER_MALFORMED', reason: 'failed' }]);
});

test('a fault of the adapter itself leaves the order, too', async () => {
  const candidates = candidatesOf(1, 2);
  const { model } = watchedReranker(someReranker({ rerank: () => { throw new TypeError('undefined is not a function'); } }));
  expect(await model.begin(principal, 'q')(candidates)).toMatchObject({ candidates, failure: { code: 'INTERNAL' } });
});
