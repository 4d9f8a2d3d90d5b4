import type { ArtifactReference } from '../contracts/artifacts.ts';

/** What dry runs leave in the artifact store. Throws REGISTRY_UNAVAILABLE. */
export interface DryRunContent {
  /**
   * For a page of the documents of a dry run (after an index): stored bytes that came with the request or were fetched while its source was
   * read, and that nothing else refers to. `last` is the index of the last document looked at, null where there was none; none of a job that is no dry run.
   */
  listErasable(tenant: string, jobId: string, after: number, limit: number): Promise<{ readonly erasable: readonly ArtifactReference[]; readonly last: number | null }>;
}
