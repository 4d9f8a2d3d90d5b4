import { Redis } from 'ioredis';
import type { EventSink } from '../../contracts/events.ts';
import type { SharedCache } from '../../ports/sharedCache.ts';

export interface RedisCacheOptions {
  /** redis:// or rediss:// */
  readonly url: string;
  readonly emit: EventSink;
  /** Milliseconds a command may take. */
  readonly patienceMs?: number;
  /** Milliseconds for which Redis is left alone after it failed. */
  readonly restMs?: number;
}

/** Before the keys of everything that is kept. */
const prefix = 'catalyst:';
/** Larger values are not shared: reading one would take longer than the patience is meant for. */
const maximumCharacters = 1024 ** 2;
const longestReconnectPauseMs = 2_000;

/**
 * The cache of all processes, in any Redis. Search is never worth less without it: while there is no connection nothing is asked, a command
 * may take `patienceMs`, and after one that failed Redis is left alone for `restMs`. So of a Redis that hangs, the searches of those few
 * milliseconds hear, and no others. Keys end by themselves; nothing that is kept here is needed.
 */
export function createRedisCache(options: RedisCacheOptions): SharedCache {
  const { url, emit, patienceMs = 50, restMs = 2_000 } = options;
  const client = new Redis(url, {
    commandTimeout: patienceMs,
    connectTimeout: 2_000,
    enableOfflineQueue: false,
    autoResendUnfulfilledCommands: false,
    maxRetriesPerRequest: 0,
    retryStrategy: (tries) => Math.min(tries * 100, longestReconnectPauseMs),
    connectionName: 'catalyst-index',
  });
  let restingUntil = 0;
  const isAvailable = (): boolean => client.status === 'ready' && performance.now() >= restingUntil;
  const fail = (operation: 'connect' | 'read' | 'write', thrown: unknown): void => {
    // One event a rest: at thousands of searches a second each would tell the same.
    if (performance.now() < restingUntil) return;
    restingUntil = performance.now() + restMs;
    emit({ type: 'cache.unavailable', operation, detail: `Redis: ${thrown instanceof Error ? thrown.message : String(thrown)}` });
  };
  // Without a listener an outage would end the process.
  client.on('error', (error: Error) => fail('connect', error));

  return {
    async read(key) {
      if (!isAvailable()) return undefined;
      try {
        const [text, remainingMs] = await Promise.all([client.get(prefix + key), client.pttl(prefix + key)]);
        return text === null || remainingMs <= 0 ? undefined : { text, remainingMs };
      } catch (thrown) {
        fail('read', thrown);
        return undefined;
      }
    },
    write(key, text, ttlMs) {
      if (!isAvailable() || text.length > maximumCharacters) return;
      client.set(prefix + key, text, 'PX', Math.ceil(ttlMs)).catch((thrown: unknown) => fail('write', thrown));
    },
    forget(keyPrefix) {
      // Also while it is left alone: nobody waits for this, and there is no second time.
      if (client.status === 'ready') forgetBelow(client, prefix + keyPrefix).catch((thrown: unknown) => fail('write', thrown));
    },
    close() {
      client.disconnect();
      return Promise.resolve();
    },
  };
}

/** Step by step, so that nobody waits for it long. The keys of this product hold none of the letters that patterns know. */
async function forgetBelow(client: Redis, keyPrefix: string): Promise<void> {
  for (let cursor: string | undefined; cursor !== '0'; ) {
    const [next, keys] = await client.scan(cursor ?? '0', 'MATCH', `${keyPrefix}*`, 'COUNT', 500);
    if (keys.length > 0) await client.unlink(...keys);
    cursor = next;
  }
}
