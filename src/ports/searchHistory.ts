export interface HistoryState {
  /** Milliseconds since 1970. All publications up to this moment are in the index, and whatever comes has a later one. */
  readonly moment: number;
  /** Since when nothing is missing of what was visible; null: no history is kept. */
  readonly since: number | null;
}

/** How far back searches may look. */
export interface SearchHistory {
  /** Waits, 5 s at the most, for publications of the tenant that are under way. Throws REGISTRY_UNAVAILABLE. */
  read(tenant: string): Promise<HistoryState>;
}
