import { CatalystError } from '../../contracts/errors.ts';
import type { HealthCheck } from '../../ports/healthCheck.ts';
import type { Reranker } from '../../ports/reranker.ts';
import type { Guard } from './guard.ts';

/** A call may cost money, and readiness is asked every few seconds: searches, as a rule, have just shown how it is. */
const successHoldsMs = 5 * 60_000;
const failureHoldsMs = 10_000;
/** A probe is not a search: nobody waits for it. */
const leastProbeMs = 5_000;

/**
 * Whether the reranker answers, by what became of the last call; once that is too long ago, by a probe, one at a time. A probe goes
 * through the guard: it is the trial that closes an open circuit, so that no search has to be.
 */
export function createRerankerHealth(reranker: Reranker, guard: Guard, timeoutMs: number): HealthCheck {
  let probe: Promise<string> | undefined;
  let detail = `${reranker.provider}: ${reranker.model}`;

  async function runProbe(): Promise<string> {
    try {
      detail = await guard.run(Math.max(timeoutMs, leastProbeMs), undefined, (signal) => reranker.check(signal));
      return detail;
    } finally {
      probe = undefined;
    }
  }
  return {
    name: 'reranker',
    optional: true,
    async check(signal) {
      const last = guard.lastCall;
      const age = performance.now() - (last?.at ?? -Infinity);
      if (last !== undefined && age < (last.failure === undefined ? successHoldsMs : failureHoldsMs)) {
        if (last.failure !== undefined) throw last.failure;
        return detail;
      }
      probe ??= runProbe();
      return await untilAborted(probe, signal);
    },
  };
}

async function untilAborted<Result>(work: Promise<Result>, signal: AbortSignal): Promise<Result> {
  const late = Promise.withResolvers<never>();
  const onAbort = (): void => late.reject(new CatalystError('RERANKER_UNAVAILABLE', 'The reranker did not answer in time.', { cause: signal.reason }));
  if (signal.aborted) onAbort();
  signal.addEventListener('abort', onAbort, { once: true });
  try {
    return await Promise.race([work, late.promise]);
  } finally {
    signal.removeEventListener('abort', onAbort);
  }
}
