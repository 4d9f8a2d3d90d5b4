import { CatalystError } from '../../contracts/errors.ts';

/** The result of the work, or EMBEDDER_UNAVAILABLE as soon as the signal aborts. */
export async function withSignal<Result>(work: Promise<Result>, signal: AbortSignal): Promise<Result> {
  const late = Promise.withResolvers<never>();
  const onAbort = (): void => late.reject(new CatalystError('EMBEDDER_UNAVAILABLE', 'The embedder did not answer in time.', { cause: signal.reason }));
  if (signal.aborted) onAbort();
  signal.addEventListener('abort', onAbort, { once: true });
  try {
    return await Promise.race([work, late.promise]);
  } finally {
    signal.removeEventListener('abort', onAbort);
  }
}
