export interface IndexState {
  /** Changes with every change of what searches may answer. */
  readonly epoch: string;
  /** Changes with every change of how the tenant's searches go: synonyms, settings. */
  readonly settings: string;
}

/**
 * The state of what a tenant's searches may answer, as a text that changes with every change of it: publication, deletion, settings.
 *
 * Its promise: a change is acknowledged (to Temporal, to the caller, in the registry) only after the epoch has been raised, and the epoch
 * is raised only after the index has been changed. So what was computed by someone who began after reading epoch E holds every change
 * that had been acknowledged when any reader still read E.
 */
export interface IndexEpoch {
  /**
   * The read begins after the call: never the answer of a read that was under way already. Calls that come together may share one.
   * Throws REGISTRY_UNAVAILABLE, also where the registry does not answer within a moment.
   */
  read(tenant: string): Promise<IndexState>;
}
