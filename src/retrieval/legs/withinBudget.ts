import { CatalystError } from '../../contracts/errors.ts';
import type { ErrorCode } from '../../contracts/errors.ts';

/** The outcome of the work, or a failure with the code once the time is over; the work itself is not ended. */
export async function withinBudget<Result>(work: Promise<Result>, milliseconds: number, code: ErrorCode, what: string): Promise<Result> {
  const over = Promise.withResolvers<never>();
  const timer = setTimeout(() => over.reject(new CatalystError(code, `${what} took longer than the ${milliseconds} ms that a search waits for it.`)), milliseconds);
  try {
    return await Promise.race([work, over.promise]);
  } finally {
    clearTimeout(timer);
  }
}
