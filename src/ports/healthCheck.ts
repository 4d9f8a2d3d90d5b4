/** Whether a dependency answers. `check` resolves with a short detail (version) or throws a CatalystError. */
export interface HealthCheck {
  readonly name: 'temporal' | 'postgres' | 's3' | 'qdrant' | 'embedder';
  check(signal: AbortSignal): Promise<string>;
}
