import { ContinueAsNew, continueAsNew, isCancellation, workflowInfo } from '@temporalio/workflow';
import { backupIdOf } from '../contracts/workflowIds.ts';
import { backingUp } from './activityProxies.ts';
import { asApplicationFailure, failureOf, ofCode } from './failures.ts';

export interface CreateBackupInput {
  readonly by: string;
  /** Somebody asked for it and may wait: where no backups are configured, that is a failure, and not a night without work. */
  readonly isAwaited?: boolean;
  /** Of a run that goes on with the set of an earlier one. */
  readonly id?: string;
}

/**
 * One consistent set: the rows of one moment, then all objects (which were stored before a row named them), then what the index is; the manifest is
 * written last, and the set is looked at once. At the end what is too old is removed.
 */
export async function createBackup(input: CreateBackupInput): Promise<void> {
  const { startTime, runId } = workflowInfo();
  const id = input.id ?? backupIdOf(startTime, runId);
  if (input.id === undefined && !(await backingUp.beginBackup(id, input.by)).configured) {
    if (input.isAwaited === true) throw asApplicationFailure(ofCode('BACKUP_NOT_CONFIGURED', 'The worker has no backup bucket, though the API has one.'));
    return;
  }
  try {
    if (input.id === undefined) await backingUp.dumpRegistry(id);
    while (!(await backingUp.copyObjects(id)).finished) {
      if (workflowInfo().continueAsNewSuggested) await continueAsNew<typeof createBackup>({ ...input, id });
    }
    await backingUp.describeIndex(id);
    await backingUp.finishBackup(id);
    await backingUp.verifyBackup(id, false);
    await backingUp.removeOldBackups();
  } catch (thrown) {
    if (isCancellation(thrown) || thrown instanceof ContinueAsNew) throw thrown;
    await backingUp.failBackup(id, failureOf(thrown));
    throw thrown;
  }
}
