export interface SharedEntry {
  readonly text: string;
  /** Milliseconds until it is forgotten. */
  readonly remainingMs: number;
}

/** A cache that processes share. It never throws: one that is away, or slow, has nothing and keeps nothing. */
export interface SharedCache {
  read(key: string): Promise<SharedEntry | undefined>;
  /** Does not wait for the cache. */
  write(key: string, text: string, ttlMs: number): void;
  /** Everything below the prefix, soon; does not wait for the cache. What a cache that is away still has ends by its time. */
  forget(prefix: string): void;
  close(): Promise<void>;
}
