import type { RerankProvider } from '../contracts/rerank.ts';
import type { HealthCheck } from './healthCheck.ts';

/** A passage to be judged; ids are unique within a call. */
export interface RerankCandidate {
  readonly id: string;
  readonly text: string;
}

/** A model that reads query and passage together. What leaves the process is the query and the texts; no ids. */
export interface Reranker extends HealthCheck {
  readonly name: 'reranker';
  readonly provider: RerankProvider;
  /** As the provider names it; of a local model with the beginning of its file's SHA-256. */
  readonly model: string;
  /** True: each passage is judged by itself, so that scores of several calls for one query compare. */
  readonly pointwise: boolean;
  /**
   * A score for each candidate by its id, higher is better. Candidates that the model did not score are missing. Throws
   * RERANKER_UNAVAILABLE, RERANKER_RATE_LIMITED (both with the time to wait, where the other side names one), RERANKER_REJECTED,
   * RERANKER_REQUEST_REFUSED (of this request alone) or RERANKER_MALFORMED; and as soon as the signal aborts, its reason or one of these.
   */
  rerank(query: string, candidates: readonly RerankCandidate[], signal: AbortSignal): Promise<ReadonlyMap<string, number>>;
  /** One small real call, which shows that the credentials are good: it may cost what a call costs. */
  check(signal: AbortSignal): Promise<string>;
  close(): Promise<void>;
}
