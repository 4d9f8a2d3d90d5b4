import { ContinueAsNew, continueAsNew, isCancellation, workflowInfo } from '@temporalio/workflow';
import { backupIdOf } from '../contracts/workflowIds.ts';
import { backingUp } from './activityProxies.ts';
import { failureOf } from './failures.ts';

export interface CreateBackupInput {
  readonly by: string;
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
  if (input.id === undefined && !(await backingUp.beginBackup(id, input.by)).configured) return;
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
