import type { PendingWork } from './workOutbox.ts';

/** Starts what the outbox holds, or tells the running workflow that something changed; safe to repeat. Throws WORKFLOWS_UNAVAILABLE. */
export interface WorkflowStarter {
  start(work: PendingWork): Promise<void>;
}
