import { CatalystError } from '../../contracts/errors.ts';

/** The call was given up, since the time was over. */
export class BudgetSpent extends CatalystError {
  constructor(timeoutMs: number) {
    super('RERANKER_UNAVAILABLE', `The reranker did not answer within ${timeoutMs} ms.`);
  }
}

/**
 * The result of the work, or BudgetSpent after the time, or CANCELLED once the caller's signal aborts; the work's own signal aborts in
 * both cases, and whatever it still does is of no effect.
 */
export async function withinBudget<Result>(timeoutMs: number, caller: AbortSignal | undefined, work: (signal: AbortSignal) => Promise<Result>): Promise<Result> {
  const controller = new AbortController();
  const ended = Promise.withResolvers<never>();
  const end = (error: CatalystError): void => {
    ended.reject(error);
    controller.abort(error);
  };
  const cancel = (): void => end(new CatalystError('CANCELLED', 'Nobody waits for the reranking any more.', { cause: caller?.reason }));
  const timer = setTimeout(() => end(new BudgetSpent(timeoutMs)), timeoutMs);
  caller?.addEventListener('abort', cancel, { once: true });
  if (caller?.aborted === true) cancel();
  try {
    return await Promise.race([ended.promise, work(controller.signal)]);
  } finally {
    clearTimeout(timer);
    caller?.removeEventListener('abort', cancel);
  }
}
