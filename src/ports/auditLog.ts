import type { AuditChainPage, AuditFilter, AuditHead, AuditPage } from '../contracts/audit.ts';

/** The append-only log of each tenant, chained by hashes. Throws REGISTRY_UNAVAILABLE, and INTERNAL where the store refuses an entry. */
export interface AuditLog {
  /** Appends these entries (JSON) in their order, all or none, and tells the head of the chain with them. */
  append(tenant: string, contents: readonly string[]): Promise<AuditHead>;
  /** Newest first. `cursor`: the `next` of the page before. */
  list(tenant: string, filter: AuditFilter, cursor: string | undefined, limit: number): Promise<AuditPage>;
  /** The entries after a place in the chain, oldest first, with the head as of the same moment. */
  readChain(tenant: string, after: number, limit: number): Promise<AuditChainPage>;
}
