import type { EventSink } from '../../../contracts/events.ts';
import type { Principal } from '../../../contracts/principal.ts';
import type { HealthCheck } from '../../../ports/healthCheck.ts';
import type { Reranker } from '../../../ports/reranker.ts';
import type { Rerank } from '../outcome.ts';
import { createAskModel } from './askModel.ts';
import { createGuard } from './guard.ts';
import type { GuardSettings } from './guard.ts';
import { createModelRerank } from './modelRerank.ts';
import { createRerankerHealth } from './rerankerHealth.ts';
import { validateReranker } from './validateReranker.ts';

export interface ModelRerankSettings {
  /** Time that reranking may add to a search, in milliseconds. */
  readonly timeoutMs: number;
  /** Most candidates that the model is given. */
  readonly candidates: number;
  readonly guard?: GuardSettings;
}

/** A reranker that searches can rely on: it fails as a fused order and an event, never as a failed search. */
export interface ModelReranker {
  /** The reranking of one search; asks nothing yet. The candidates it is given must be what the principal may see. */
  begin(principal: Principal, query: string): Rerank;
  /** Provider and model, as `explain` names them; another one gives other answers, so that it belongs to the keys of caches. */
  readonly by: string;
  /** Most candidates that are reranked: so many payloads are worth fetching. */
  readonly candidates: number;
  /** For readiness: optional, and mostly without a call of its own. */
  readonly health: HealthCheck;
  /** One real call at start. Throws RERANKER_REJECTED or RERANKER_REQUEST_REFUSED, where nothing but other settings would help; any other failure is told as an event. */
  validate(): Promise<void>;
  close(): Promise<void>;
}

const defaultGuard: GuardSettings = { failures: 5, openMs: 10_000, longestOpenMs: 120_000 };

export function createModelReranker(reranker: Reranker, { timeoutMs, candidates, guard: guardSettings = defaultGuard }: ModelRerankSettings, emit: EventSink): ModelReranker {
  const { provider, model, pointwise } = reranker;
  const by = `${provider}: ${model}`;
  const guard = createGuard(guardSettings, (state, openMs) => emit({ type: 'rerank.circuit', provider, state, openMs }));
  const health = createRerankerHealth(reranker, guard);
  const ask = createAskModel(reranker, guard, emit);
  // So that the state is among the metrics before it ever changes.
  emit({ type: 'rerank.circuit', provider, state: 'closed', openMs: 0 });
  return {
    begin: (principal, query) => createModelRerank({ ask, pointwise, timeoutMs, candidates, by }, principal, query),
    by,
    candidates,
    health,
    validate: () => validateReranker(health, emit),
    close: () => reranker.close(),
  };
}
