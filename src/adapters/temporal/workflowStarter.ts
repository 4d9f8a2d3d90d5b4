import type { Client } from '@temporalio/client';
import { WorkflowExecutionAlreadyStartedError } from '@temporalio/client';
import type { WorkflowStarter } from '../../ports/workflowStarter.ts';
import type { PendingWork } from '../../ports/workOutbox.ts';
import type { IngestBatchInput } from '../../workflows/ingestBatch.ts';
import { searchAttributes, taskQueues } from '../../workflows/names.ts';
import { translateTemporalError } from './connection.ts';

const startDeadlineMs = 10_000;
/** About 7,000 events a run at most. */
const historyLimits = { documentsPerPage: 500, unitsPerRun: 1_000 } as const;

/** Starts the workflow of an accepted job. The workflow id is the job's, so that a second start changes nothing. */
export function createWorkflowStarter(client: Client, settings: { readonly window: number }): WorkflowStarter {
  return {
    async start(work) {
      try {
        await client.withDeadline(Date.now() + startDeadlineMs, () => startJob(client, work, settings.window));
      } catch (thrown) {
        if (thrown instanceof WorkflowExecutionAlreadyStartedError) return;
        throw translateTemporalError(thrown);
      }
    },
  };
}

async function startJob(client: Client, { tenant, subject, id, workflowId }: PendingWork, window: number): Promise<void> {
  const input: IngestBatchInput = { scope: { tenant, subject, jobId: id }, limits: { ...historyLimits, window }, after: -1, carried: [] };
  await client.workflow.start('ingestBatch', {
    workflowId,
    taskQueue: taskQueues.ingest,
    args: [input],
    // Children and activities inherit it: a tenant with a long queue does not hold up the others.
    priority: { fairnessKey: tenant },
    workflowIdReusePolicy: 'REJECT_DUPLICATE',
    typedSearchAttributes: [
      { key: searchAttributes.tenant, value: tenant },
      { key: searchAttributes.state, value: 'running' },
      { key: searchAttributes.source, value: 'batch' },
    ],
  });
}
