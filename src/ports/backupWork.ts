import type { BackupRun, RestoreScope } from '../contracts/backups.ts';

export interface StartedBackupWork {
  readonly workflowId: string;
  /** Of its first run. */
  readonly runId: string;
}

/** Starts backups, verifications and restores. Throws WORKFLOWS_UNAVAILABLE, and CONFLICT where one of the same kind is under way. */
export interface BackupWork {
  create(by: string): Promise<StartedBackupWork>;
  verify(backupId: string, deep: boolean): Promise<StartedBackupWork>;
  restore(scope: RestoreScope): Promise<StartedBackupWork>;
  /** What came of it. Undefined where nobody knows of such a run: none was started, or it ended too long ago. */
  find(work: StartedBackupWork): Promise<BackupRun | undefined>;
}
