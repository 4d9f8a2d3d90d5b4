import { CancelledFailure, Context } from '@temporalio/activity';
import { ApplicationFailure } from '@temporalio/common';
import { toCatalystError } from '../../contracts/errors.ts';
import type { EventSink } from '../../contracts/events.ts';
import { toFailure } from '../../contracts/failure.ts';
import { earlierTries, passOn } from '../activityContext.ts';
import { decideRetry } from './retryDecision.ts';

/** The one translator of failures for Temporal: type is the code, the class of the failure or the server's Retry-After sets the next try. */
export function toTemporalFailure(thrown: unknown, emit: EventSink): Error {
  if (thrown instanceof CancelledFailure || thrown instanceof ApplicationFailure) return thrown;
  const { cancellationSignal, info } = Context.current();
  // What a step says when it was cut off by a cancellation or a stopping worker is not what went wrong.
  if (cancellationSignal.aborted && cancellationSignal.reason instanceof CancelledFailure) return cancellationSignal.reason;
  const error = toCatalystError(thrown);
  const { waitMs, record } = decideRetry(error.code, error.retryAfterMs, earlierTries(), Date.now());
  if (waitMs !== undefined) {
    passOn(record);
    emit({ type: 'activity.retried', activity: info.activityType, code: error.code, attempt: info.attempt, waitMs, retryAfter: error.retryAfterMs !== undefined });
  }
  return ApplicationFailure.create({
    type: error.code,
    message: error.message,
    nonRetryable: waitMs === undefined,
    details: [{ ...toFailure(error), attempts: info.attempt }],
    ...(waitMs === undefined ? {} : { nextRetryDelay: waitMs }),
    ...(thrown instanceof Error ? { cause: thrown } : {}),
  });
}
