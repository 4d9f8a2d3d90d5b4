import { toCatalystError } from '../../contracts/errors.ts';
import type { CatalystError } from '../../contracts/errors.ts';
import type { EventSink } from '../../contracts/events.ts';
import type { RerankFailureReason } from '../../contracts/rerank.ts';
import type { HealthCheck } from '../../ports/healthCheck.ts';
import type { RerankCandidate, Reranker } from '../../ports/reranker.ts';
import { CircuitOpen, createGuard } from './guard.ts';
import type { GuardSettings } from './guard.ts';
import { createRerankerHealth } from './rerankerHealth.ts';
import { orderByScores } from './rerankOutcome.ts';
import type { RerankOutcome } from './rerankOutcome.ts';
import { requireRanking } from './requireRanking.ts';
import { BudgetSpent } from './timeBudget.ts';
import { validateReranker } from './validateReranker.ts';

export interface RerankSettings extends Partial<GuardSettings> {
  /** Time that reranking may add to a search. */
  readonly timeoutMs: number;
  /** Most candidates that the reranker is given. */
  readonly candidates: number;
}

/**
 * Gives candidates, in their fused order, a new one. A reranker that fails in any way, or takes too long, leaves the order as it was and
 * says so in the outcome; rejects with CANCELLED alone, where the signal aborts. The candidates must be what the caller may see.
 */
export type Rerank = (query: string, candidates: readonly RerankCandidate[], signal?: AbortSignal) => Promise<RerankOutcome>;

export interface GuardedReranker {
  readonly rerank: Rerank;
  /** For readiness: optional, and mostly without a call of its own. */
  readonly health: HealthCheck;
  /** One real call at start. Throws RERANKER_REJECTED, where nothing but other settings would help; any other failure is told as an event. */
  validate(): Promise<void>;
  close(): Promise<void>;
}

export function createGuardedReranker(reranker: Reranker, settings: RerankSettings, emit: EventSink): GuardedReranker {
  const { provider, model } = reranker;
  const guard = createGuard(settings, (state, openMs) => emit({ type: 'rerank.circuit', provider, state, openMs }));
  const health = createRerankerHealth(reranker, guard, settings.timeoutMs);
  emit({ type: 'rerank.circuit', provider, state: 'closed', openMs: 0 });

  async function rerank(query: string, all: readonly RerankCandidate[], signal?: AbortSignal): Promise<RerankOutcome> {
    const candidates = all.slice(0, settings.candidates);
    const unchanged = { applied: false, provider, model, tookMs: 0, candidates: candidates.length, order: all.map(({ id }) => id), scores: new Map() } as const;
    if (candidates.length < 2) return { ...unchanged, candidates: 0 };
    const started = performance.now();
    const elapsed = (): number => Math.round((performance.now() - started) * 10) / 10;
    try {
      const scores = await guard.run(settings.timeoutMs, signal, async (within) => {
        const answer = await reranker.rerank(query, candidates, within);
        requireRanking(answer, candidates);
        return answer;
      });
      const tookMs = elapsed();
      emit({ type: 'rerank.finished', provider, model, candidates: candidates.length, scored: scores.size, latencyMs: tookMs });
      const { order, scores: places } = orderByScores(candidates, scores);
      return { ...unchanged, applied: true, tookMs, order: [...order, ...unchanged.order.slice(candidates.length)], scores: places };
    } catch (thrown) {
      const error = toCatalystError(thrown);
      if (error.code === 'CANCELLED') throw error;
      const degraded = { code: error.code, reason: reasonOf(error), detail: error.message };
      const tookMs = elapsed();
      emit({ type: 'rerank.degraded', provider, model, candidates: candidates.length, ...degraded, latencyMs: tookMs });
      return { ...unchanged, degraded, tookMs };
    }
  }

  return { rerank, health, validate: () => validateReranker(health, emit), close: () => reranker.close() };
}

function reasonOf(error: CatalystError): RerankFailureReason {
  if (error instanceof BudgetSpent) return 'timeout';
  return error instanceof CircuitOpen ? 'circuit-open' : 'failed';
}
