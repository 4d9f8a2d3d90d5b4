import type { PendingWork } from './workOutbox.ts';

/** Starts what the outbox holds, or tells the running workflow that something changed; safe to repeat. Throws WORKFLOWS_UNAVAILABLE. */
export interface WorkflowStarter {
  start(work: PendingWork): Promise<void>;
  /** Tells the running workflow of a job that there is news; nothing where none runs. */
  wake(tenant: string, jobId: string): Promise<void>;
}
