/** By which embedding contract (its fingerprint) the index is made that serves now. Throws INDEX_UNAVAILABLE and INDEX_REJECTED. */
export interface ServingContract {
  /** As this process last saw it; undefined where the collection was not made by this product. */
  known(): Promise<string | undefined>;
  /** Asked anew. */
  refresh(): Promise<string | undefined>;
}
