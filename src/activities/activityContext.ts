import { asyncLocalStorage, Context } from '@temporalio/activity';
import type { RetryRecord } from './retries/retryDecision.ts';

/** What a step may know of the activity it runs in: a signal of cancellation, and a way to tell that it is alive. */
export interface ActivityContext {
  readonly signal: AbortSignal;
  /** 1 for the first try. */
  readonly attempt: number;
  /** Tells how far the step is, as often as it likes: the next heartbeat carries it. Throws when the activity was cancelled or lost to another worker. */
  readonly progress: (detail: unknown) => void;
}

/** What an activity leaves to its next try. */
interface HeartbeatDetails {
  readonly progress?: unknown;
  readonly tries?: RetryRecord;
}

const heartbeatIntervalMs = 5_000;

/**
 * Runs a step with a heartbeat every few seconds for as long as its process lives, so that a killed worker is noticed soon,
 * while a long call to another service is not taken for one.
 */
export async function withHeartbeat<Result>(step: (context: ActivityContext) => Promise<Result>): Promise<Result> {
  const context = Context.current();
  const signal = context.cancellationSignal;
  const tries = earlierTries();
  let progress: unknown;
  const timer = setInterval(() => context.heartbeat({ progress, tries } satisfies HeartbeatDetails), heartbeatIntervalMs);
  try {
    return await step({
      signal,
      attempt: context.info.attempt,
      progress: (detail) => {
        signal.throwIfAborted();
        progress = detail;
      },
    });
  } finally {
    clearInterval(timer);
  }
}

/** How the tries before this one failed. */
export function earlierTries(): RetryRecord {
  const details = Context.current().info.heartbeatDetails as HeartbeatDetails | undefined;
  return details?.tries ?? {};
}

/** Leaves to the next try how this one failed: sent along with the failure. */
export function passOn(tries: RetryRecord): void {
  Context.current().heartbeat({ tries } satisfies HeartbeatDetails);
}

/** The activity that this runs in: its try, its workflow and namespace; undefined where a step runs without Temporal. */
export function currentActivity(): { readonly attempt: number; readonly namespace: string; readonly workflow: { readonly id: string; readonly runId: string } } | undefined {
  const info = asyncLocalStorage.getStore()?.info;
  if (info === undefined) return undefined;
  // The types allow activities without a workflow.
  const { workflowId = '', runId = '' } = info.workflowExecution ?? {};
  return { attempt: info.attempt, namespace: info.namespace, workflow: { id: workflowId, runId } };
}
