import type { CacheOutcome } from '../contracts/caching.ts';

export interface CacheOptions<Value> {
  /** Milliseconds after which the value is forgotten. */
  readonly ttlMs: number;
  /** Whether a computed value may be kept; all are when absent. Those who waited for it get it either way. */
  readonly keeps?: (value: Value) => boolean;
}

export interface CachedValue<Value> {
  readonly value: Value;
  readonly outcome: CacheOutcome;
}

/**
 * Values that can be had again at any time. Each read is told as an event. A value is shared by all who ask for it and must not be changed.
 * Whether a value may be given to a caller is decided by the key alone: it has to name everything the value depends on.
 */
export interface Cache<Value> {
  /**
   * The value kept under the key, or else what `compute` makes. Of any number of calls for a key at once, one computes and the others get
   * its outcome, also where that is an error; errors are not kept. An outage of a shared cache is no error: then the value is computed.
   */
  getOrCompute(key: string, compute: () => Promise<Value>, options: CacheOptions<Value>): Promise<CachedValue<Value>>;
}
