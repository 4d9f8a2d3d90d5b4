/** Whether a dependency answers. `check` resolves with a short detail (version) or throws a CatalystError. */
export interface HealthCheck {
  readonly name: 'temporal' | 'postgres' | 's3' | 'qdrant' | 'embedder' | 'next-embedder' | 'reranker';
  /** The product goes on without it, with less: readiness is then degraded, not unavailable. */
  readonly optional?: true;
  check(signal: AbortSignal): Promise<string>;
}
