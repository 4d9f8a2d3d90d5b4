import { setTimeout as sleep } from 'node:timers/promises';
import { CatalystError, toCatalystError } from '../contracts/errors.ts';
import type { EventSink } from '../contracts/events.ts';

/** What must be done with a dependency before the process may serve: schema, bucket, collection, connection. */
export interface PreparationStep {
  readonly dependency: string;
  readonly prepare: () => Promise<void>;
}

export interface PreparationOptions {
  readonly emit: EventSink;
  /** A step that takes longer has failed for this time. */
  readonly stepTimeoutMs?: number;
  /** How long an unavailable dependency is waited for. */
  readonly patienceMs?: number;
}

const firstPauseMs = 250;
const longestPauseMs = 5_000;

/**
 * Prepares all dependencies side by side. One that does not answer is tried again, each time with an event that says what to do;
 * what a retry cannot mend, or takes longer than patience, ends the start with all that is wrong in one error.
 */
export async function prepareDependencies(steps: readonly PreparationStep[], options: PreparationOptions): Promise<void> {
  const results = await Promise.allSettled(steps.map((step) => prepareWithPatience(step, options)));
  const failures = results.flatMap((result, position) => (result.status === 'rejected' ? [{ step: steps[position] as PreparationStep, error: toCatalystError(result.reason) }] : []));
  const [first] = failures;
  if (first === undefined) return;
  const lines = failures.map(({ step, error }) => `  ${step.dependency}: ${error.message} ${error.class.remedy}`);
  throw new CatalystError(first.error.code, `The start failed:\n${lines.join('\n')}`, { cause: first.error });
}

async function prepareWithPatience({ dependency, prepare }: PreparationStep, { emit, stepTimeoutMs = 20_000, patienceMs = 120_000 }: PreparationOptions): Promise<void> {
  const deadline = performance.now() + patienceMs;
  for (let pauseMs = firstPauseMs; ; pauseMs = Math.min(pauseMs * 2, longestPauseMs)) {
    try {
      await withTimeout(prepare(), stepTimeoutMs, dependency);
      return;
    } catch (thrown) {
      const error = toCatalystError(thrown);
      emit({ type: 'dependency.failed', dependency, code: error.code, detail: `${error.message} ${error.class.remedy}` });
      if (!error.class.retryable || performance.now() + pauseMs > deadline) throw error;
    }
    await sleep(pauseMs);
  }
}

async function withTimeout(work: Promise<void>, timeoutMs: number, dependency: string): Promise<void> {
  const controller = new AbortController();
  const timeout = sleep(timeoutMs, undefined, { signal: controller.signal }).then(() => {
    throw new CatalystError('INTERNAL', `${dependency} did not get ready within ${timeoutMs} ms.`);
  });
  try {
    await Promise.race([work, timeout]);
  } finally {
    controller.abort();
    timeout.catch(() => undefined);
  }
}
