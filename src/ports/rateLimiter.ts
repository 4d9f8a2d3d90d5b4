export interface RateLimit {
  /** What is limited, across all processes: `host:example.org`, `provider:firecrawl:scrape`, `tenant:demo:fetch`. */
  readonly key: string;
  /** At most so many at once. */
  readonly concurrency?: number;
  /** At most so many begun a minute, evenly. */
  readonly perMinute?: number;
}

/** Limits that hold across all processes. Throws REGISTRY_UNAVAILABLE. */
export interface RateLimiter {
  /**
   * Runs the work when all limits have room, and gives it back. Waits a few seconds at the most; then throws THROTTLED with the
   * time to wait, so that no worker slot is kept for waiting. Slots of a process that died come back by themselves.
   */
  run<Result>(limits: readonly RateLimit[], signal: AbortSignal, work: () => Promise<Result>): Promise<Result>;
  /** The other side asked to wait (its Retry-After): nobody begins under this key before then. */
  pause(key: string, ms: number): Promise<void>;
}
