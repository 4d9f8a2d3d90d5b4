import { LRUCache } from 'lru-cache';
import type { CacheName, CacheOutcome } from '../../contracts/caching.ts';
import type { EventSink } from '../../contracts/events.ts';
import type { Cache, CachedValue, CacheOptions } from '../../ports/cache.ts';
import type { SharedCache } from '../../ports/sharedCache.ts';
import type { TenantDepartures } from '../../ports/tenantDepartures.ts';
import type { CacheCodec } from './cacheCodec.ts';

export interface LayeredCacheOptions<Value> {
  readonly name: CacheName;
  readonly codec: CacheCodec<Value>;
  /** Of the values in this process's memory together. */
  readonly maximumBytes: number;
  readonly maximumEntries?: number;
  /** Asked where memory has nothing, within the one computation of a key. */
  readonly shared?: SharedCache | undefined;
  /** Of a tenant that is deleted nothing is kept: what stands under keys that begin with its name and a colon. */
  readonly departures?: TenantDepartures | undefined;
  readonly emit: EventSink;
}

/** What an entry weighs besides its value: the key and the list it stands in. */
const overheadBytes = 256;
const defaultEntries = 20_000;

/** Memory first (least recently used leaves first, each entry for its time), then the cache that processes share, then the computation. */
export function createLayeredCache<Value extends object>(options: LayeredCacheOptions<Value>): Cache<Value> {
  const { name, codec, maximumBytes, maximumEntries = defaultEntries, shared, emit } = options;
  const memory = new LRUCache<string, Value>({ max: maximumEntries, maxSize: maximumBytes, sizeCalculation: (value) => Math.ceil(codec.weigh(value)) + overheadBytes });
  const flights = new Map<string, Promise<CachedValue<Value>>>();
  options.departures?.subscribe((tenant) => {
    for (const key of memory.keys()) if (key.startsWith(`${tenant}:`)) memory.delete(key);
    shared?.forget(`${name}:${tenant}:`);
  });
  const tell = (outcome: CacheOutcome): void => emit({ type: 'cache.read', cache: name, outcome });

  async function fromShared(key: string): Promise<Value | undefined> {
    const entry = await shared?.read(`${name}:${key}`);
    const value = entry === undefined ? undefined : codec.decode(entry.text);
    // What is left of its time, so that two layers do not keep a value twice as long as one.
    if (entry !== undefined && value !== undefined) memory.set(key, value, { ttl: Math.max(1, entry.remainingMs) });
    return value;
  }

  async function find(key: string, compute: () => Promise<Value>, { ttlMs, keeps }: CacheOptions<Value>): Promise<CachedValue<Value>> {
    const found = shared === undefined ? undefined : await fromShared(key);
    if (found !== undefined) return { value: found, outcome: 'shared' };
    const value = await compute();
    if (keeps?.(value) ?? true) {
      memory.set(key, value, { ttl: ttlMs });
      shared?.write(`${name}:${key}`, codec.encode(value), ttlMs);
    }
    return { value, outcome: 'computed' };
  }

  return {
    async getOrCompute(key, compute, entryOptions) {
      const kept = memory.get(key);
      if (kept !== undefined) {
        tell('memory');
        return { value: kept, outcome: 'memory' };
      }
      const running = flights.get(key);
      if (running !== undefined) {
        tell('joined');
        return { value: (await running).value, outcome: 'joined' };
      }
      const flight = find(key, compute, entryOptions).finally(() => flights.delete(key));
      flights.set(key, flight);
      try {
        const found = await flight;
        tell(found.outcome);
        return found;
      } catch (thrown) {
        tell('computed');
        throw thrown;
      }
    },
  };
}
