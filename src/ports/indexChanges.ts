import type { CompactionRequest, ReindexRequest } from '../contracts/generations.ts';

/** Starts changes of the index as a whole. Throws WORKFLOWS_UNAVAILABLE, and CONFLICT where one of the same kind is under way. */
export interface IndexChanges {
  compact(by: string, request: CompactionRequest): Promise<{ readonly workflowId: string }>;
  reindex(by: string, request: ReindexRequest): Promise<{ readonly workflowId: string }>;
  /** Null: the shared collection. */
  rollBack(by: string, tenant: string | null): Promise<{ readonly workflowId: string }>;
}
