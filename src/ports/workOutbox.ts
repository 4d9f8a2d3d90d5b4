/** Work that was accepted, whose workflow may not know of it yet: a job that is new or was changed, a deletion, a sweep, an audit of consistency; or a change of labels that the index may not know of. */
export interface PendingWork {
  readonly kind: 'job' | 'deletion' | 'sweep' | 'labels' | 'consistency';
  readonly tenant: string;
  readonly subject: string;
  /** Identifier of the job, deletion, sweep, audit or change. */
  readonly id: string;
  readonly workflowId: string;
  /** Raised with every change: a row is removed only as it was read. */
  readonly revision: number;
}

/** Written in the same transaction as what it stands for. Throws REGISTRY_UNAVAILABLE. */
export interface WorkOutbox {
  /** Rows older than `olderThanSeconds`, of all tenants, oldest first. */
  list(olderThanSeconds: number, limit: number): Promise<PendingWork[]>;
  /** The row of one piece of work; undefined where the workflow knows of all. */
  find(id: string): Promise<PendingWork | undefined>;
  /** Removes the row unless it was changed since it was read. */
  remove(work: Pick<PendingWork, 'id' | 'revision'>): Promise<void>;
}
