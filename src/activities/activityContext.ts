import { Context } from '@temporalio/activity';

/** What a step may know of the activity it runs in: a signal of cancellation, and a way to tell that it is alive. */
export interface ActivityContext {
  readonly signal: AbortSignal;
  /** 1 for the first try. */
  readonly attempt: number;
  /** Tells how far the step is, as often as it likes: the next heartbeat carries it. Throws when the activity was cancelled or lost to another worker. */
  readonly progress: (detail: unknown) => void;
}

const heartbeatIntervalMs = 5_000;

/**
 * Runs a step with a heartbeat every few seconds for as long as its process lives, so that a killed worker is noticed soon,
 * while a long call to another service is not taken for one.
 */
export async function withHeartbeat<Result>(step: (context: ActivityContext) => Promise<Result>): Promise<Result> {
  const context = Context.current();
  const signal = context.cancellationSignal;
  let latest: unknown;
  const timer = setInterval(() => context.heartbeat(latest), heartbeatIntervalMs);
  try {
    return await step({
      signal,
      attempt: context.info.attempt,
      progress: (detail) => {
        signal.throwIfAborted();
        latest = detail;
      },
    });
  } finally {
    clearInterval(timer);
  }
}
