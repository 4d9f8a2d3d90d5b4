import type { Principal } from '../contracts/principal.ts';

/** A query that was asked, and what of the caller decides on what is found. */
export interface AskedQuery {
  readonly query: string;
  readonly policies: Principal['policies'];
}

/** The last queries of each tenant, where a sample is kept. Throws REGISTRY_UNAVAILABLE. */
export interface QuerySamples {
  /** Older ones than the last few hundred go. */
  add(tenant: string, queries: readonly AskedQuery[]): Promise<void>;
  /** The newest first. */
  list(tenant: string, limit: number): Promise<AskedQuery[]>;
}
