import type { PendingJob } from './jobStarter.ts';

/** Accepted jobs whose workflow start is not yet confirmed; written in the same transaction as the job. Throws REGISTRY_UNAVAILABLE. */
export interface JobOutbox {
  /** Jobs accepted more than `olderThanSeconds` ago, of all tenants, oldest first. */
  list(olderThanSeconds: number, limit: number): Promise<PendingJob[]>;
  remove(jobId: string): Promise<void>;
}
