import { setTimeout as sleep } from 'node:timers/promises';
import { Redis } from 'ioredis';
import { afterAll, beforeAll, describe, expect, it, vi } from 'vitest';
import { createLayeredCache } from '../../../src/adapters/cache/layeredCache.ts';
import { responseCodec } from '../../../src/adapters/cache/responseCodec.ts';
import { createRedisCache } from '../../../src/adapters/redis/redisCache.ts';
import type { CacheOutcome } from '../../../src/contracts/caching.ts';
import type { DomainEvent } from '../../../src/contracts/events.ts';
import { searchRequestSchema } from '../../../src/contracts/search.ts';
import type { SearchResponse } from '../../../src/contracts/search.ts';
import type { SharedCache } from '../../../src/ports/sharedCache.ts';
import { createCachedSearch } from '../../../src/retrieval/cache/cachedSearch.ts';
import { isRedisInstalled, startRedis } from './redisServer.ts';
import type { RedisServer } from './redisServer.ts';

const principal = { tenant: 'acme', subject: 'ann', roles: [], policies: [] };
const opened: SharedCache[] = [];
const servers: RedisServer[] = [];
let redis: RedisServer;

async function ownRedis(port?: number): Promise<RedisServer> {
  const server = await startRedis(port);
  servers.push(server);
  return server;
}

beforeAll(async () => {
  if (isRedisInstalled) redis = await ownRedis();
});
afterAll(async () => {
  await Promise.all(opened.map((cache) => cache.close()));
  await Promise.all(servers.map((server) => server.stop()));
});

/** A process of the API, as far as caches go: each computes another answer, so that it shows whose answer it was. */
function apiProcess(name: string, options: { readonly url?: string; readonly restMs?: number } = {}) {
  const events: DomainEvent[] = [];
  const emit = (event: DomainEvent): void => void events.push(event);
  const shared = createRedisCache({ url: redis.url, ...options, emit });
  opened.push(shared);
  const cache = createLayeredCache({ name: 'results', codec: responseCodec, maximumBytes: 1_000_000, shared, emit });
  let computed = 0;
  const compute = (query: string): Promise<SearchResponse> => Promise.resolve({ query: `${query} by ${name} number ${(computed += 1)}`, mode: 'hybrid', results: [], nextCursor: null, degraded: false, degradations: [], tookMs: 1 });
  const search = createCachedSearch((_principal, { query }) => compute(query), { cache, epoch: { read: () => Promise.resolve({ epoch: '1', settings: '0' }) }, emit, version: '1' });
  return {
    shared,
    ask: async (query: string) => (await search(principal, searchRequestSchema.parse({ query }))).query,
    outcomes: (): CacheOutcome[] => events.flatMap((event) => (event.type === 'cache.read' ? [event.outcome] : [])),
    failures: () => events.filter((event) => event.type === 'cache.unavailable'),
  };
}

/** Until a connection is made nothing is asked of Redis. */
async function untilShared(cache: SharedCache): Promise<void> {
  for (let tries = 0; tries < 300; tries += 1) {
    cache.write('probe', '1', 1_000);
    await sleep(10);
    if ((await cache.read('probe')) !== undefined) return;
  }
  throw new Error('No connection to Redis within 3 s.');
}

describe.skipIf(!isRedisInstalled)(`Redis${isRedisInstalled ? '' : ' (skipped: the program redis-server is not installed)'}`, () => {
  it('keeps texts for their time, below one prefix', async () => {
    const { shared } = apiProcess('one');
    await untilShared(shared);
    shared.write('a', '{"é":1}', 80);
    await sleep(10);
    const entry = await shared.read('a');
    expect(entry?.text).toBe('{"é":1}');
    expect(entry?.remainingMs).toBeGreaterThan(0);
    expect(entry?.remainingMs).toBeLessThanOrEqual(80);
    const client = new Redis(redis.url);
    expect(await client.get('catalyst:a')).toBe('{"é":1}');
    await client.quit();
    await sleep(90);
    expect(await shared.read('a')).toBeUndefined();
  });

  it('forgets what lies below a prefix, and nothing else', async () => {
    const { shared } = apiProcess('one');
    await untilShared(shared);
    const keys = Array.from({ length: 1_200 }, (_, place) => `results:acme:${place}`);
    const client = new Redis(redis.url);
    await client.mset(Object.fromEntries([...keys, 'results:acme2:1', 'vectors:acme:1'].map((key) => [`catalyst:${key}`, '1'])));
    shared.forget('results:acme:');
    await vi.waitFor(async () => expect(await client.keys('catalyst:*acme*')).toHaveLength(2));
    expect((await client.keys('catalyst:*acme*')).sort()).toEqual(['catalyst:results:acme2:1', 'catalyst:vectors:acme:1']);
    await client.quit();
  });

  it('two processes share answers', async () => {
    const [one, two] = [apiProcess('one'), apiProcess('two')];
    await Promise.all([untilShared(one.shared), untilShared(two.shared)]);
    expect(await one.ask('tides')).toBe('tides by one number 1');
    await sleep(20);
    expect(await two.ask('tides')).toBe('tides by one number 1');
    expect(await two.ask('tides')).toBe('tides by one number 1');
    expect(two.outcomes()).toEqual(['shared', 'memory']);
  });

  it('one that dies fails no search and slows none down, and is used again when it is back', async () => {
    const own = await ownRedis();
    const api = apiProcess('one', { url: own.url, restMs: 100 });
    await untilShared(api.shared);
    await own.stop();
    const started = performance.now();
    for (let number = 0; number < 20; number += 1) expect(await api.ask(`down ${number}`)).toBe(`down ${number} by one number ${number + 1}`);
    expect(performance.now() - started).toBeLessThan(250);
    // Told when connecting again fails.
    await vi.waitFor(() => expect(api.failures()).toContainEqual(expect.objectContaining({ operation: 'connect' })), 2_000);
    await ownRedis(own.port);
    await untilShared(api.shared);
    await api.ask('back');
    await sleep(20);
    const other = apiProcess('two', { url: own.url });
    await untilShared(other.shared);
    expect(await other.ask('back')).toContain('by one');
    });

  it('one that hangs costs a search its patience, and the next ones nothing', async () => {
    const own = await ownRedis();
    const api = apiProcess('one', { url: own.url, restMs: 10_000 });
    await untilShared(api.shared);
    own.freeze();
    const times: number[] = [];
    for (let number = 0; number < 10; number += 1) {
      const started = performance.now();
      expect(await api.ask(`hung ${number}`)).toContain('by one');
      times.push(performance.now() - started);
    }
    expect(times[0]).toBeLessThan(250);
    expect(Math.max(...times.slice(1))).toBeLessThan(40);
    expect(api.failures()).toHaveLength(1);
  });

  it('a full one, which refuses to write, is no failure of the search', async () => {
    const own = await ownRedis();
    const client = new Redis(own.url);
    await client.config('SET', 'maxmemory', '1');
    const api = apiProcess('one', { url: own.url });
    await sleep(100);
    expect(await api.ask('full')).toBe('full by one number 1');
    expect(await api.ask('full')).toBe('full by one number 1');
    await sleep(20);
    expect(api.failures()).toMatchObject([{ operation: 'write' }]);
    client.disconnect();
  });

  it('one that never was there is no failure either', async () => {
    const api = apiProcess('one', { url: 'redis://127.0.0.1:1' });
    expect(await api.ask('nowhere')).toBe('nowhere by one number 1');
    expect(await api.ask('nowhere')).toBe('nowhere by one number 1');
    expect(api.outcomes()).toEqual(['computed', 'memory']);
  });
});
