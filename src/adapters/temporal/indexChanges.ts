import { WorkflowExecutionAlreadyStartedError } from '@temporalio/client';
import { CatalystError } from '../../contracts/errors.ts';
import type { IndexChanges } from '../../ports/indexChanges.ts';
import { allTenants, indexCompactionWorkflowId, indexReindexWorkflowId, indexRollbackWorkflowId, indexWork, shownAs, taskQueues } from '../../workflows/names.ts';
import { translateTemporalError } from './connection.ts';
import type { TemporalClients } from './connection.ts';

const startDeadlineMs = 10_000;

export function createIndexChanges(clients: TemporalClients): IndexChanges {
  const start = async (workflowType: 'compactIndex' | 'reindexIndex' | 'rollBackIndex', workflowId: string, input: object): Promise<{ workflowId: string }> => {
    try {
      const client = clients.actingFor({ kind: 'platform', workflowId: indexWork });
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
    compact: (by, request) => start('compactIndex', indexCompactionWorkflowId, { by, ...request }),
    reindex: (by, { maximumTokens, tenant, recut, giveUp, ...trial }) => start('reindexIndex', indexReindexWorkflowId, { by, trial, ...(maximumTokens === undefined ? {} : { maximumTokens }), ...(tenant === undefined ? {} : { tenant }), ...(recut ? { recut } : {}), ...(giveUp ? { giveUp } : {}) }),
    rollBack: (by, tenant) => start('rollBackIndex', indexRollbackWorkflowId, { by, ...(tenant === null ? {} : { tenant }) }),
  };
}
