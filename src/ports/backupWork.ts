import type { RestoreScope } from '../contracts/backups.ts';

/** Starts backups, verifications and restores. Throws WORKFLOWS_UNAVAILABLE, and CONFLICT where one of the same kind is under way. */
export interface BackupWork {
  create(by: string): Promise<{ readonly workflowId: string }>;
  verify(backupId: string, deep: boolean): Promise<{ readonly workflowId: string }>;
  restore(scope: RestoreScope): Promise<{ readonly workflowId: string }>;
}
