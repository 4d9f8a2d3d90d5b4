/** Caches of the read path, as metrics name them. */
export type CacheName = 'results' | 'query_embeddings';

/**
 * How a value was had: from this process's memory, from the cache that processes share, by waiting for one who computes the same,
 * by computing it, or past the cache, since nobody could say whether it is still true.
 */
export type CacheOutcome = 'memory' | 'shared' | 'joined' | 'computed' | 'bypassed';
