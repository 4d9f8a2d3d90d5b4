import { WorkflowExecutionAlreadyStartedError } from '@temporalio/client';
import { CatalystError } from '../../contracts/errors.ts';
import type { BackupWork, StartedBackupWork } from '../../ports/backupWork.ts';
import { allTenants, backupWork, backupWorkflowIds, shownAs, taskQueues } from '../../workflows/names.ts';
import { findBackupRun } from './backupRuns.ts';
import { translateTemporalError } from './connection.ts';
import type { TemporalClients } from './connection.ts';

const startDeadlineMs = 10_000;

export function createBackupWork(clients: TemporalClients): BackupWork {
  const start = async (workflowType: 'createBackup' | 'verifyBackup' | 'restoreBackup', workflowId: string, input: object): Promise<StartedBackupWork> => {
    try {
      const client = clients.actingFor({ kind: 'platform', workflowId: backupWork });
      const { firstExecutionRunId } = await client.withDeadline(Date.now() + startDeadlineMs, () =>
        client.workflow.start(workflowType, { workflowId, taskQueue: taskQueues.ingest, workflowIdReusePolicy: 'ALLOW_DUPLICATE', typedSearchAttributes: shownAs(allTenants, 'backup'), args: [input] }),
      );
      return { workflowId, runId: firstExecutionRunId };
    } catch (thrown) {
      if (thrown instanceof WorkflowExecutionAlreadyStartedError) throw new CatalystError('CONFLICT', `The workflow ${workflowId} is under way already.`, { cause: thrown });
      throw translateTemporalError(thrown);
    }
  };
  return {
    create: (by) => start('createBackup', backupWorkflowIds.create, { by, isAwaited: true }),
    verify: (id, deep) => start('verifyBackup', `${backupWorkflowIds.verify}/${id}`, { id, deep }),
    restore: (scope) => start('restoreBackup', backupWorkflowIds.restore, { scope }),
    async find(work) {
      const client = clients.ofNamespace(clients.namespaces.common);
      try {
        return await client.withDeadline(Date.now() + startDeadlineMs, () => findBackupRun(client, work));
      } catch (thrown) {
        throw translateTemporalError(thrown);
      }
    },
  };
}
