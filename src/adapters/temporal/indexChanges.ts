import type { Client } from '@temporalio/client';
import { ScheduleAlreadyRunning, ScheduleOverlapPolicy, WorkflowExecutionAlreadyStartedError } from '@temporalio/client';
import { CatalystError } from '../../contracts/errors.ts';
import type { IndexChanges } from '../../ports/indexChanges.ts';
import { compactionScheduleId, indexCompactionWorkflowId, indexRollbackWorkflowId, shownAs, taskQueues } from '../../workflows/names.ts';
import { translateTemporalError } from './connection.ts';

const startDeadlineMs = 10_000;
/** As operators see whose work it is. */
const allTenants = 'all';

export function createIndexChanges(client: Client): IndexChanges {
  const start = async (workflowType: 'compactIndex' | 'rollBackIndex', workflowId: string, input: object): Promise<{ workflowId: string }> => {
    try {
      await client.withDeadline(Date.now() + startDeadlineMs, () =>
        client.workflow.start(workflowType, { workflowId, taskQueue: taskQueues.ingest, workflowIdReusePolicy: 'ALLOW_DUPLICATE', typedSearchAttributes: shownAs(allTenants, 'index'), args: [input] }),
      );
      return { workflowId };
    } catch (thrown) {
      if (thrown instanceof WorkflowExecutionAlreadyStartedError) throw new CatalystError('CONFLICT', `The workflow ${workflowId} is under way already.`, { cause: thrown });
      throw translateTemporalError(thrown);
    }
  };
  return {
    compact: (by, force) => start('compactIndex', indexCompactionWorkflowId, { by, force }),
    rollBack: (by) => start('rollBackIndex', indexRollbackWorkflowId, { by }),
  };
}

/** Looks every night whether the index is to be made anew, unless an operator has made the schedule his own: one that is there stays as it is. */
export async function ensureCompactionSchedule(client: Client): Promise<void> {
  try {
    await client.schedule.create({
      scheduleId: compactionScheduleId,
      spec: { cronExpressions: ['30 2 * * *'], jitter: '30m' },
      policies: { overlap: ScheduleOverlapPolicy.SKIP, catchupWindow: '12h' },
      action: { type: 'startWorkflow', workflowType: 'compactIndex', workflowId: indexCompactionWorkflowId, taskQueue: taskQueues.ingest, args: [{ by: 'schedule' }], typedSearchAttributes: shownAs(allTenants, 'index') },
    });
  } catch (thrown) {
    if (thrown instanceof ScheduleAlreadyRunning) return;
    throw translateTemporalError(thrown);
  }
}
