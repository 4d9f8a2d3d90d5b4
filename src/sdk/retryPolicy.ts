import type { CatalystApiError } from './apiError.ts';

/**
 * `always`: sending twice does no harm. `unlessTaken`: only if the API surely did not take the request.
 * `byKey`: it carries a name, under which the API carries it out once. `never`: the body can be sent once only.
 */
export type Repeatable = 'always' | 'byKey' | 'unlessTaken' | 'never';

const transientStatuses = new Set([429, 502, 503, 504]);
const transientClientCodes = new Set(['API_UNREACHABLE', 'API_TIMEOUT']);
const firstDelayMs = 250;
const longestDelayMs = 10_000;
/** A wait longer than this is the caller's decision, not ours: the error carries `retryAfterMs`. */
const longestRetryAfterMs = 60_000;

/**
 * Milliseconds to wait before the next try, or undefined where there must be none.
 * `attempt` is 0 after the first try; `random` is in [0, 1).
 */
export function retryDelay(error: CatalystApiError, attempt: number, repeatable: Repeatable, random: number = Math.random()): number | undefined {
  if (!mayRepeat(error, repeatable)) return undefined;
  const ceiling = Math.min(longestDelayMs, firstDelayMs * 2 ** attempt);
  // Half of the delay is fixed, so that a retry never follows at once; half is spread, so that many clients do not return together.
  const jittered = ceiling / 2 + (ceiling / 2) * random;
  if (error.retryAfterMs === undefined) return jittered;
  return error.retryAfterMs > longestRetryAfterMs ? undefined : error.retryAfterMs + jittered / 4;
}

function mayRepeat(error: CatalystApiError, repeatable: Repeatable): boolean {
  if (repeatable === 'never') return false;
  if (repeatable === 'always' || repeatable === 'byKey') return isTransient(error) || error.code === 'IDEMPOTENCY_IN_PROGRESS';
  // Rate limiting, starting and shutting down refuse a request before anything is done with it; any other 503 may come after.
  return error.neverArrived || error.status === 429 || error.code === 'STARTING' || error.code === 'SHUTTING_DOWN';
}

/** Whether the same call may well succeed a little later. */
export function isTransient(error: CatalystApiError): boolean {
  return error.status === null ? transientClientCodes.has(error.code) : transientStatuses.has(error.status);
}
