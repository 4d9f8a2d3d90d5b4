import type { ErrorCode } from '../../contracts/errors.ts';
import type { RerankFailureReason, RerankProvider } from '../../contracts/rerank.ts';
import type { RerankCandidate } from '../../ports/reranker.ts';

export interface RerankScore {
  /** Of the reranker: comparable within this outcome alone. */
  readonly score: number;
  /** Places among all candidates, from 1. */
  readonly before: number;
  readonly after: number;
}

export interface RerankDegradation {
  readonly code: ErrorCode;
  readonly reason: RerankFailureReason;
  /** For operators: names the service and what it said. */
  readonly detail: string;
}

/** What became of one reranking, and who did it. */
export interface RerankOutcome {
  /** False: the order is the one that was given, since there was nothing to reorder or the reranker failed. */
  readonly applied: boolean;
  /** Present where it failed. */
  readonly degraded?: RerankDegradation;
  readonly provider: RerankProvider;
  readonly model: string;
  readonly tookMs: number;
  /** How many the reranker was given. */
  readonly candidates: number;
  /** Ids of all candidates, best first: the scored ones, those without a score, those below the most that are reranked. */
  readonly order: readonly string[];
  /** By id; without those that the reranker was not given or did not score. */
  readonly scores: ReadonlyMap<string, RerankScore>;
}

/** The new order by scores: equal ones, and those without a score, stay as they were; those without come after those with one. */
export function orderByScores(candidates: readonly RerankCandidate[], scores: ReadonlyMap<string, number>): Pick<RerankOutcome, 'order' | 'scores'> {
  const ids = candidates.map(({ id }) => id);
  const scoreOf = (id: string): number => scores.get(id) ?? -Infinity;
  const scored = ids.filter((id) => scores.has(id)).sort((left, right) => scoreOf(right) - scoreOf(left));
  const before = new Map(ids.map((id, place) => [id, place + 1]));
  return {
    order: [...scored, ...ids.filter((id) => !scores.has(id))],
    scores: new Map(scored.map((id, place) => [id, { score: scoreOf(id), before: before.get(id) ?? 0, after: place + 1 }])),
  };
}
