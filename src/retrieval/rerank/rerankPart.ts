/** What a reranker says of one candidate. */
export interface RerankPart {
  /** Provider and model, or `built-in`. */
  readonly by: string;
  readonly score: number;
  /** Ranks among the reranked, from 1. */
  readonly before: number;
  readonly after: number;
  /** How many were scored; absent where that says nothing. */
  readonly among?: number;
}
