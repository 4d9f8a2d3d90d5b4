import type { Candidate } from '../candidates/candidate.ts';

/** Why the fused order was kept. */
export interface RerankFailure {
  readonly code: string;
  readonly message: string;
}

/** The candidates in their new order, or as they were with the reason. */
export interface RerankOutcome {
  readonly candidates: readonly Candidate[];
  readonly failure?: RerankFailure;
}

/** Orders the first candidates of a search anew. Never throws: a reranker that fails leaves the order as it was. */
export type Rerank = (candidates: readonly Candidate[]) => Promise<RerankOutcome>;
