import type { HealthCheck } from '../../../ports/healthCheck.ts';
import type { Reranker } from '../../../ports/reranker.ts';
import type { Guard } from './guard.ts';

/** A call may cost money, and readiness is asked every few seconds: searches, as a rule, have just shown how it is. */
const successHoldsMs = 5 * 60_000;
const failureHoldsMs = 10_000;
/** A probe is not a search: nobody waits for it. */
const probeMs = 10_000;

/**
 * Whether the reranker answers, by what became of the last call; once that is too long ago, by a probe, one at a time. A probe goes
 * through the guard: it is the trial that closes an open circuit, so that no search has to be. Rejects with what the call failed with.
 */
export function createRerankerHealth(reranker: Pick<Reranker, 'name' | 'provider' | 'model' | 'check'>, guard: Guard): HealthCheck {
  let probe: Promise<string> | undefined;
  let detail = `${reranker.provider}: ${reranker.model}`;

  async function runProbe(): Promise<string> {
    try {
      const answer = await guard.run(probeMs, async (signal) => ({ detail: await reranker.check(signal) }));
      return (detail = answer.detail);
    } finally {
      probe = undefined;
    }
  }
  return {
    name: reranker.name,
    optional: true,
    async check() {
      const last = guard.lastCall;
      const age = performance.now() - (last?.at ?? -Infinity);
      if (last !== undefined && age < (last.failure === undefined ? successHoldsMs : failureHoldsMs)) {
        if (last.failure !== undefined) throw last.failure;
        return detail;
      }
      return (probe ??= runProbe());
    },
  };
}
