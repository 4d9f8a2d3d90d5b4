import type { AuditedPoint } from '../consistency/auditedPoints.ts';
import type { IndexPoint } from './vectorIndex.ts';

/** What the points of the index hold besides what tells whose they are, as digests: to compare a point that is with one that should be. */
export type PointDigests = Pick<AuditedPoint, 'content' | 'vectors'>;

export interface ReadPoints {
  readonly points: readonly AuditedPoint[];
  /** Characters of the answers. */
  readonly bytes: number;
}

/** The index as the consistency audit of a tenant reads it; through the alias of that tenant. Throws INDEX_UNAVAILABLE and INDEX_REJECTED. */
export interface IndexAudit {
  /** All points that say they are of these documents, whichever tenant they name, among those that lie where the tenant's do: documents are of one tenant each. `deep`: with digests of what they hold. */
  readDocuments(tenant: string, documents: readonly string[], deep: boolean): Promise<ReadPoints>;
  /** Points that name this tenant, in the order of their ids, without what they hold. */
  readTenant(tenant: string, offset: string | null, limit: number): Promise<ReadPoints & { readonly next: string | null }>;
  countTenant(tenant: string): Promise<number>;
  /** Of a point as it would be written. */
  digestsOf(point: IndexPoint): PointDigests;
  /** Removes these points from where the tenant's lie, each only as long as it names the tenant and the document that it was read with. */
  removePoints(tenant: string, points: readonly AuditedPoint[]): Promise<void>;
}
