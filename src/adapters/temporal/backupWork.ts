import { WorkflowExecutionAlreadyStartedError } from '@temporalio/client';
import { CatalystError } from '../../contracts/errors.ts';
import type { BackupWork } from '../../ports/backupWork.ts';
import { allTenants, backupWork, backupWorkflowIds, shownAs, taskQueues } from '../../workflows/names.ts';
import { translateTemporalError } from './connection.ts';
import type { TemporalClients } from './connection.ts';

const startDeadlineMs = 10_000;

export function createBackupWork(clients: TemporalClients): BackupWork {
  const start = async (workflowType: 'createBackup' | 'verifyBackup' | 'restoreBackup', workflowId: string, input: object): Promise<{ workflowId: string }> => {
    try {
      const client = clients.actingFor({ kind: 'platform', workflowId: backupWork });
      await client.withDeadline(Date.now() + startDeadlineMs, () =>
        client.workflow.start(workflowType, { workflowId, taskQueue: taskQueues.ingest, workflowIdReusePolicy: 'ALLOW_DUPLICATE', typedSearchAttributes: shownAs(allTenants, 'backup'), args: [input] }),
      );
      return { workflowId };
    } catch (thrown) {
      if (thrown instanceof WorkflowExecutionAlreadyStartedError) throw new CatalystError('CONFLICT', `The workflow ${workflowId} is under way already.`, { cause: thrown });
      throw translateTemporalError(thrown);
    }
  };
  return {
    create: (by) => start('createBackup', backupWorkflowIds.create, { by }),
    verify: (id, deep) => start('verifyBackup', `${backupWorkflowIds.verify}/${id}`, { id, deep }),
    restore: (scope) => start('restoreBackup', backupWorkflowIds.restore, { scope }),
  };
}
