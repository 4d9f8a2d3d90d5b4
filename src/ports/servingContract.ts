/** By which embedding contract (its fingerprint) the index of a tenant is made that serves now. Throws INDEX_UNAVAILABLE and INDEX_REJECTED. */
export interface ServingContract {
  /** As this process last saw it; undefined where the collection was not made by this product. */
  known(tenant: string): Promise<string | undefined>;
  /** Asked anew. */
  refresh(tenant: string): Promise<string | undefined>;
}
