import { ActivityFailure, ApplicationFailure, isCancellation } from '@temporalio/workflow';
import { errorTable } from '../contracts/errors.ts';
import type { ErrorCode } from '../contracts/errors.ts';
import type { Failure } from '../contracts/failure.ts';

/** What to record for a document whose activity failed for good: the failure it carried, or what stopped it. */
export function failureOf(thrown: unknown): Failure {
  const cause = thrown instanceof ActivityFailure ? thrown.cause : thrown;
  if (cause instanceof ApplicationFailure) {
    const [failure] = cause.details ?? [];
    if (isFailure(failure)) return failure;
  }
  if (isCancellation(thrown)) return ofCode('CANCELLED', 'The workflow was cancelled before the document was done.');
  return ofCode('INTERNAL', `The work was given up after its last try: ${cause instanceof Error ? cause.message : String(cause)}.`);
}

export function ofCode(code: ErrorCode, message: string): Failure {
  return { code, message, remedy: errorTable[code].remedy };
}

function isFailure(value: unknown): value is Failure {
  return typeof value === 'object' && value !== null && 'code' in value && 'message' in value && 'remedy' in value;
}
