import { CatalystError } from '../../contracts/errors.ts';

/** A signal that aborts with FETCH_TIMEOUT after the time, or with CANCELLED when the caller's signal does. `clear` ends the timer. */
export function readDeadline(url: string, timeoutMs: number, caller: AbortSignal): { readonly signal: AbortSignal; clear(): void } {
  const controller = new AbortController();
  const cancel = (): void => controller.abort(new CatalystError('CANCELLED', `Fetching ${url} was cancelled.`, { cause: caller.reason }));
  const timer = setTimeout(() => controller.abort(new CatalystError('FETCH_TIMEOUT', `${url} was not delivered within ${timeoutMs} ms.`)), timeoutMs);
  if (caller.aborted) cancel();
  caller.addEventListener('abort', cancel, { once: true });
  return {
    signal: controller.signal,
    clear() {
      clearTimeout(timer);
      caller.removeEventListener('abort', cancel);
    },
  };
}
