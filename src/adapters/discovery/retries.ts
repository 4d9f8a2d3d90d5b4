import type { CatalystError } from '../../contracts/errors.ts';

export interface Retry {
  readonly tries: number;
  /** In ms; before this time it is of no use. */
  readonly notBefore: number;
}

export interface RetryPolicy {
  /** Tries of one address in all. */
  readonly tries: number;
  /** Before the second and the third try; the last one counts for all further. */
  readonly waitsMs: readonly number[];
  /** A site that asks for more is not waited for. */
  readonly longestWaitMs: number;
}

export const defaultRetryPolicy: RetryPolicy = { tries: 4, waitsMs: [2_000, 10_000, 60_000], longestWaitMs: 60 * 60 * 1_000 };

/** When to try again after a failure; undefined where it is final. Being throttled by our own limits is no try. */
export function nextRetry(policy: RetryPolicy, error: CatalystError, before: Retry | undefined): Retry | undefined {
  if (error.code === 'THROTTLED') return { tries: before?.tries ?? 0, notBefore: Date.now() + (error.retryAfterMs ?? 1_000) };
  const tries = (before?.tries ?? 0) + 1;
  if (!error.class.retryable || tries >= policy.tries) return undefined;
  const wait = error.retryAfterMs ?? policy.waitsMs[Math.min(tries, policy.waitsMs.length) - 1] ?? 0;
  return wait > policy.longestWaitMs ? undefined : { tries, notBefore: Date.now() + wait };
}
