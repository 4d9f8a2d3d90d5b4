/** What may give the fused results a new order; `none` stands in the configuration for none at all. */
export const rerankProviders = ['cohere', 'endpoint', 'tei', 'judge', 'cross-encoder'] as const;
export type RerankProvider = (typeof rerankProviders)[number];

/** Why the fused order was kept; `circuit-open`: the reranker failed before, or asked to wait, and was not called. */
export const rerankFailureReasons = ['timeout', 'failed', 'circuit-open'] as const;
export type RerankFailureReason = (typeof rerankFailureReasons)[number];

/** `half-open`: one call at a time tries whether the reranker is back. */
export type CircuitState = 'closed' | 'half-open' | 'open';
