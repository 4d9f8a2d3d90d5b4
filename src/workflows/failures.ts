import { ActivityFailure, ApplicationFailure, isCancellation } from '@temporalio/workflow';
import { errorTable } from '../contracts/errors.ts';
import type { ErrorClass, ErrorCode } from '../contracts/errors.ts';
import type { Failure } from '../contracts/failure.ts';

/** What to record for a document whose activity failed for good: the failure it carried, or what stopped it. */
export function failureOf(thrown: unknown): Failure {
  const cause = causeOf(thrown);
  if (cause instanceof ApplicationFailure) {
    const [failure] = cause.details ?? [];
    if (isFailure(failure)) return failure;
  }
  if (isCancellation(thrown)) return ofCode('CANCELLED', 'The workflow was cancelled before the document was done.');
  return ofCode('INTERNAL', `The work was given up after its last try: ${cause instanceof Error ? cause.message : String(cause)}.`);
}

/** Whether an activity failed since the job is to rest: nothing is wrong with what it worked on. */
export function pausesJob(thrown: unknown): boolean {
  const cause = causeOf(thrown);
  if (!(cause instanceof ApplicationFailure) || !isErrorCode(cause.type)) return false;
  const errorClass: ErrorClass = errorTable[cause.type];
  return errorClass.pausesJob === true;
}

export function ofCode(code: ErrorCode, message: string): Failure {
  return { code, message, remedy: errorTable[code].remedy };
}

/** What a workflow ends with, so that whoever asks for its result is told the code, and what to do. */
export function asApplicationFailure(failure: Failure): ApplicationFailure {
  return ApplicationFailure.create({ type: failure.code, message: failure.message, nonRetryable: true, details: [failure] });
}

export const toError = (thrown: unknown): Error => (thrown instanceof Error ? thrown : new Error(String(thrown)));

function causeOf(thrown: unknown): unknown {
  return thrown instanceof ActivityFailure ? thrown.cause : thrown;
}

function isErrorCode(type: string | null | undefined): type is ErrorCode {
  return typeof type === 'string' && type in errorTable;
}

function isFailure(value: unknown): value is Failure {
  return typeof value === 'object' && value !== null && 'code' in value && 'message' in value && 'remedy' in value;
}
