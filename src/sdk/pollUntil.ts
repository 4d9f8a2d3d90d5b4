import { setTimeout as sleep } from 'node:timers/promises';
import { CatalystApiError } from './apiError.ts';
import { isTransient } from './retryPolicy.ts';

export interface PollOptions {
  readonly signal?: AbortSignal | undefined;
  /** How long the API may be away before the wait fails, in milliseconds; 5 minutes by default. */
  readonly patienceMs?: number | undefined;
}

const firstPauseMs = 250;
const longestPauseMs = 5_000;
const defaultPatienceMs = 300_000;

/**
 * What is read once it is done; asked less often the longer it takes, and on while the API is away for a while.
 * @throws CatalystApiError where it cannot be read, or the API stays away longer than `patienceMs`.
 */
export async function pollUntil<Value>(read: () => Promise<Value>, isDone: (value: Value) => boolean, { signal, patienceMs = defaultPatienceMs }: PollOptions): Promise<Value> {
  let answeredAt = Date.now();
  for (let pauseMs = firstPauseMs; ; pauseMs = Math.min(longestPauseMs, pauseMs * 1.5)) {
    try {
      const value = await read();
      if (isDone(value)) return value;
      answeredAt = Date.now();
    } catch (error) {
      if (!(error instanceof CatalystApiError) || !isTransient(error) || Date.now() - answeredAt > patienceMs) throw error;
    }
    await sleep(pauseMs, undefined, signal === undefined ? {} : { signal }).catch((error: unknown) => {
      throw signal?.aborted === true ? signal.reason : error;
    });
  }
}
