import { CancelledFailure, Context } from '@temporalio/activity';
import { ApplicationFailure } from '@temporalio/common';
import { toCatalystError } from '../contracts/errors.ts';
import { toFailure } from '../contracts/failure.ts';
import { mayTryAgain } from './retryLimits.ts';

/** The one translator of failures for Temporal: type is the code, the server's Retry-After sets the next try. */
export function toTemporalFailure(thrown: unknown): Error {
  if (thrown instanceof CancelledFailure || thrown instanceof ApplicationFailure) return thrown;
  const { cancellationSignal, info } = Context.current();
  // What a step says when it was cut off by a cancellation or a stopping worker is not what went wrong.
  if (cancellationSignal.aborted && cancellationSignal.reason instanceof CancelledFailure) return cancellationSignal.reason;
  const error = toCatalystError(thrown);
  return ApplicationFailure.create({
    type: error.code,
    message: error.message,
    nonRetryable: !mayTryAgain(error.code, info.attempt),
    details: [toFailure(error)],
    ...(error.retryAfterMs === undefined ? {} : { nextRetryDelay: error.retryAfterMs }),
    ...(thrown instanceof Error ? { cause: thrown } : {}),
  });
}
