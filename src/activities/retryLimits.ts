import { errorTable } from '../contracts/errors.ts';
import type { ErrorCode } from '../contracts/errors.ts';

/**
 * How often an activity is tried for a class of failure. An outage of what the product itself depends on is waited for
 * (the activity's own time limit ends it); a site on the internet that stays down is given up, so that the job can end.
 */
const attemptsByCode: Partial<Record<ErrorCode, number>> = {
  FETCH_FAILED: 5,
  FETCH_TIMEOUT: 4,
  FETCH_UNREACHABLE: 4,
  FETCH_RATE_LIMITED: 10,
  VERIFICATION_FAILED: 10,
  INTERNAL: 8,
};

export function mayTryAgain(code: ErrorCode, attempt: number): boolean {
  if (!errorTable[code].retryable) return false;
  const limit = attemptsByCode[code];
  return limit === undefined || attempt < limit;
}
