import { setTimeout as sleep } from 'node:timers/promises';
import { describe, expect, test } from 'vitest';
import { createLayeredCache } from '../../../../src/adapters/cache/layeredCache.ts';
import { responseCodec } from '../../../../src/adapters/cache/responseCodec.ts';
import { CatalystError } from '../../../../src/contracts/errors.ts';
import type { DomainEvent } from '../../../../src/contracts/events.ts';
import type { Principal } from '../../../../src/contracts/principal.ts';
import { searchRequestSchema, searchResponseSchema } from '../../../../src/contracts/search.ts';
import type { SearchRequest, SearchResponse } from '../../../../src/contracts/search.ts';
import { createCachedSearch } from '../../../../src/retrieval/cache/cachedSearch.ts';
import type { Search } from '../../../../src/retrieval/search.ts';

const principal: Principal = { tenant: 'acme', subject: 'ann', roles: [], policies: [] };
const request = searchRequestSchema.parse({ query: 'refund' });

/** A search that counts, and says in the answer for whom and when it was computed; held up until it is let go, where asked. */
class CountingSearch {
  computed = 0;
  running = 0;
  most = 0;
  gate: Promise<void> = Promise.resolve();
  answer: (base: SearchResponse) => SearchResponse = (base) => base;

  readonly search: Search = async (caller, { query, mode }) => {
    this.computed += 1;
    this.most = Math.max(this.most, (this.running += 1));
    try {
      const { computed } = this;
      await this.gate;
      return this.answer({ query: `${query} of ${caller.tenant} for ${[...caller.policies].sort().join('+')} number ${computed}`, mode, results: [], nextCursor: null, degraded: false, degradations: [], tookMs: 123, timings: { embedMs: 1, retrieveMs: 2, fuseMs: 3, payloadMs: 4, rerankMs: 0 } });
    } finally {
      this.running -= 1;
    }
  };
}

interface Settings {
  readonly ttlMs?: number;
  readonly epoch?: (tenant: string) => Promise<string>;
}

function setUp({ ttlMs = 30_000, epoch }: Settings = {}) {
  const counting = new CountingSearch();
  const events: DomainEvent[] = [];
  const emit = (event: DomainEvent): void => void events.push(event);
  const epochs = new Map<string, number>();
  const read = epoch ?? ((tenant: string) => Promise.resolve(String(epochs.get(tenant) ?? 0)));
  const cache = createLayeredCache({ name: 'results', codec: responseCodec, maximumBytes: 1_000_000, emit });
  const search = createCachedSearch(counting.search, { cache, epoch: { read: async (tenant) => ({ epoch: await read(tenant), settings: '0' }) }, emit, version: '1', ttlMs });
  const outcomes = () => events.flatMap((event) => (event.type === 'cache.read' ? [event.outcome] : []));
  const raise = (tenant: string): void => void epochs.set(tenant, (epochs.get(tenant) ?? 0) + 1);
  return { counting, search, outcomes, raise };
}

describe('a search that remembers', () => {
  test('gives the same bytes again, but for the time it took and that it was cached', async () => {
    const { counting, search, outcomes } = setUp();
    const first = await search(principal, request);
    const second = await search({ ...principal, subject: 'bob' }, request);
    expect(counting.computed).toBe(1);
    expect(first.cached).toBeUndefined();
    expect(second.cached).toBe(true);
    const { cached: _cached, ...rest } = second;
    expect(JSON.stringify({ ...rest, tookMs: first.tookMs })).toBe(JSON.stringify(first));
    expect(second.tookMs).toBeLessThan(100);
    expect(searchResponseSchema.parse(second)).toEqual(second);
    expect(outcomes()).toEqual(['computed', 'memory']);
  });

  test('begins the embedding while the epoch is read, but not for a search by words alone, and a failure of it is the search’s to tell', async () => {
    const begun: string[] = [];
    const events: string[] = [];
    const epoch = { read: () => { events.push(`epoch read after ${begun.length}`); return Promise.resolve({ epoch: '0', settings: '0' }); } };
    const embedder = { embedQuery: (text: string, tenant?: string) => { begun.push(`${tenant}: ${text}`); return Promise.reject(new Error('no model')); } };
    const cache = createLayeredCache({ name: 'results', codec: responseCodec, maximumBytes: 1_000_000, emit: () => undefined });
    const search = createCachedSearch(new CountingSearch().search, { cache, epoch, emit: () => undefined, version: '1', embedder });
    await search(principal, request);
    await search(principal, { ...request, mode: 'sparse' });
    expect(begun).toEqual(['acme: refund']);
    expect(events).toEqual(['epoch read after 1', 'epoch read after 1']);
  });

  test('computes once for 100 identical searches at once', async () => {
    const { counting, search, outcomes } = setUp();
    counting.gate = sleep(20).then(() => undefined);
    const answers = await Promise.all(Array.from({ length: 100 }, () => search(principal, request)));
    expect(counting.computed).toBe(1);
    expect(new Set(answers.map(({ query }) => query)).size).toBe(1);
    expect(answers.filter(({ cached }) => cached === true)).toHaveLength(99);
    expect(Object.groupBy(outcomes(), (outcome) => outcome)).toMatchObject({ computed: { length: 1 }, joined: { length: 99 } });
  });

  test('computes different searches side by side', async () => {
    const { counting, search } = setUp();
    counting.gate = sleep(20).then(() => undefined);
    await Promise.all(['a', 'b', 'c'].map((query) => search(principal, { ...request, query })));
    expect(counting.most).toBe(3);
  });

  test('shares nothing between tenants, nor between callers of other policies', async () => {
    const { counting, search } = setUp();
    const callers: readonly Principal[] = [principal, { ...principal, tenant: 'acme2' }, { ...principal, policies: ['legal'] }, { ...principal, policies: ['legal', 'board'] }];
    counting.gate = sleep(10).then(() => undefined);
    for (const round of ['together', 'later']) {
      const answers = await Promise.all(callers.map((caller) => search(caller, request)));
      answers.forEach(({ query }, position) => {
        const { tenant, policies } = callers[position]!;
        expect(query, round).toContain(`of ${tenant} for ${[...policies].sort().join('+')} `);
      });
    }
    expect(counting.computed).toBe(4);
    expect((await search({ ...principal, policies: ['board', 'legal', 'legal'] }, request)).query).toContain('for board+legal ');
    expect(counting.computed).toBe(4);
  });

  test('computes anew once the epoch is raised, for that tenant alone', async () => {
    const { counting, search, raise } = setUp();
    const other = { ...principal, tenant: 'other' };
    await Promise.all([search(principal, request), search(other, request)]);
    raise('acme');
    expect((await search(principal, request)).cached).toBeUndefined();
    expect((await search(other, request)).cached).toBe(true);
    expect(counting.computed).toBe(3);
  });

  test('says since when the settings are what they are before it computes', async () => {
    const told: string[] = [];
    const cache = createLayeredCache({ name: 'results', codec: responseCodec, maximumBytes: 1_000_000, emit: () => undefined });
    const base = new CountingSearch();
    const search = createCachedSearch((caller, asked) => (told.push('search'), base.search(caller, asked)), {
      cache, epoch: { read: () => Promise.resolve({ epoch: '7', settings: '3' }) }, emit: () => undefined, version: '1', asOf: (tenant, state) => void told.push(`${tenant} ${state.settings}`),
    });
    await search(principal, request);
    expect(told).toEqual(['acme 3', 'search']);
  });

  test('a search that was under way when the epoch was raised is joined by nobody who began afterwards', async () => {
    const { counting, search, raise } = setUp();
    const hold = Promise.withResolvers<void>();
    counting.gate = hold.promise;
    const before = search(principal, request);
    await sleep(1);
    raise('acme');
    const after = search(principal, request);
    await sleep(1);
    hold.resolve();
    expect((await before).query).toContain('number 1');
    expect((await after).query).toContain('number 2');
    expect((await search(principal, request)).query).toContain('number 2');
  });

  test('does not keep what was degraded, but gives it to those who waited', async () => {
    const { counting, search, outcomes } = setUp();
    counting.gate = sleep(10).then(() => undefined);
    counting.answer = (base) => ({ ...base, degraded: true });
    await Promise.all([search(principal, request), search(principal, request)]);
    expect(counting.computed).toBe(1);
    await search(principal, request);
    expect(outcomes().toSorted()).toEqual(['computed', 'computed', 'joined']);
  });

  test('an error goes to all who waited and is not kept', async () => {
    const { counting, search } = setUp();
    const down = new CatalystError('INDEX_UNAVAILABLE', 'down');
    counting.gate = sleep(10).then(() => Promise.reject(down));
    const failed = await Promise.allSettled(Array.from({ length: 5 }, () => search(principal, request)));
    expect(failed.map((result) => result.status === 'rejected' && result.reason === down)).toEqual([true, true, true, true, true]);
    expect(counting.computed).toBe(1);
    counting.gate = Promise.resolve();
    expect((await search(principal, request)).cached).toBeUndefined();
  });

  test('goes past the cache while nobody can tell the epoch', async () => {
    let away = false;
    const epoch = (): Promise<string> => (away ? Promise.reject(new CatalystError('REGISTRY_UNAVAILABLE', 'down')) : Promise.resolve('1'));
    const { counting, search, outcomes } = setUp({ epoch });
    await search(principal, request);
    away = true;
    expect((await search(principal, request)).query).toContain('number 2');
    expect((await search(principal, request)).query).toContain('number 3');
    away = false;
    expect((await search(principal, request)).query).toContain('number 1');
    expect(counting.computed).toBe(3);
    expect(outcomes()).toEqual(['computed', 'bypassed', 'bypassed', 'memory']);
  });

  test('forgets an answer after its time', async () => {
    const { search } = setUp({ ttlMs: 40 });
    await search(principal, request);
    expect((await search(principal, request)).cached).toBe(true);
    await sleep(60);
    expect((await search(principal, request)).cached).toBeUndefined();
  });

  test('each setting of the request is a search of its own', async () => {
    const { counting, search } = setUp();
    const others: Partial<SearchRequest>[] = [{}, { query: 'Refund' }, { mode: 'dense' }, { limit: 3 }, { passagesPerDocument: 1 }, { explain: true }, { filters: { tags: ['x'] } }];
    for (const other of others) await search(principal, { ...request, ...other });
    expect(counting.computed).toBe(others.length);
  });
});
