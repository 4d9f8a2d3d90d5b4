import { toCatalystError } from '../../../contracts/errors.ts';
import type { CatalystError } from '../../../contracts/errors.ts';
import type { EventSink } from '../../../contracts/events.ts';
import type { Principal } from '../../../contracts/principal.ts';
import type { RerankFailureReason } from '../../../contracts/rerank.ts';
import type { RerankCandidate, Reranker } from '../../../ports/reranker.ts';
import type { Guard } from './guard.ts';
import { BudgetSpent, CircuitOpen } from './guardFailures.ts';
import { requireRanking } from './requireRanking.ts';

/** One guarded call: scores by id, of some of the candidates at least. Rejects with a CatalystError; either way an event tells. */
export type AskModel = (principal: Principal, query: string, candidates: readonly RerankCandidate[], timeoutMs: number) => Promise<ReadonlyMap<string, number>>;

export function createAskModel(reranker: Reranker, guard: Guard, emit: EventSink): AskModel {
  return async ({ tenant }, query, candidates, timeoutMs) => {
    const { provider, model } = reranker;
    const started = performance.now();
    const told = () => ({ tenant, provider, model, candidates: candidates.length, latencyMs: performance.now() - started });
    try {
      // What is left of a search's time may be nothing: that says nothing about the service.
      if (timeoutMs <= 0) throw new BudgetSpent('The time that a search has for reranking was used up.');
      const scores = await guard.run(timeoutMs, async (signal) => {
        const answer = await reranker.rerank(query, candidates, signal);
        requireRanking(answer, candidates);
        return answer;
      });
      emit({ type: 'rerank.finished', ...told(), scored: scores.size });
      return scores;
    } catch (thrown) {
      const error = toCatalystError(thrown);
      emit({ type: 'rerank.degraded', ...told(), code: error.code, reason: reasonOf(error), detail: error.message });
      throw error;
    }
  };
}

function reasonOf(error: CatalystError): RerankFailureReason {
  if (error instanceof BudgetSpent) return 'timeout';
  return error instanceof CircuitOpen ? 'circuit-open' : 'failed';
}
