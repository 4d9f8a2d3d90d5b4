import { CatalystError } from '../../contracts/errors.ts';
import type { ErrorCode } from '../../contracts/errors.ts';
import { within } from '../../contracts/within.ts';

/** The outcome of the work, or a failure with the code once the time is over; the work itself is not ended. */
export async function withinBudget<Result extends object>(work: Promise<Result>, milliseconds: number, code: ErrorCode, what: string): Promise<Result> {
  const result = await within(milliseconds, work);
  if (result === undefined) throw new CatalystError(code, `${what} took longer than the ${milliseconds} ms that a search waits for it.`);
  return result;
}
