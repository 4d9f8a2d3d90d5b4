import type { Client } from '@temporalio/client';
import { WorkflowExecutionAlreadyStartedError, WorkflowNotFoundError } from '@temporalio/client';
import type { WorkflowStarter } from '../../ports/workflowStarter.ts';
import type { PendingWork } from '../../ports/workOutbox.ts';
import { firstRun } from '../../workflows/batch/batchInput.ts';
import { jobWorkflowId, shownAs, taskQueues } from '../../workflows/names.ts';
import { changedSignal } from '../../workflows/signals.ts';
import { translateTemporalError } from './connection.ts';
import type { TemporalClients } from './connection.ts';

const startDeadlineMs = 10_000;

/**
 * Starts the workflow of accepted work, or tells the one that runs that something changed. Its id is that of the work, so that there is
 * one at a time; one that has ended is started anew, and ends at once where nothing is left to do. It is signed for the tenant and subject of
 * the outbox, which nobody writes but with what they accept.
 */
export function createWorkflowStarter(clients: TemporalClients, settings: { readonly window: number }): WorkflowStarter {
  return {
    async start(work) {
      try {
        const { tenant, subject, workflowId } = work;
        const client = clients.actingFor({ kind: 'tenant', tenant, subject, workflowId });
        await client.withDeadline(Date.now() + startDeadlineMs, () => (work.kind === 'job' ? tellJob(client, work, settings.window) : startUpkeep(client, work)));
      } catch (thrown) {
        if (thrown instanceof WorkflowExecutionAlreadyStartedError) return;
        throw translateTemporalError(thrown);
      }
    },

    async wake(tenant, jobId) {
      try {
        const client = clients.of(tenant);
        await client.withDeadline(Date.now() + startDeadlineMs, () => client.workflow.getHandle(jobWorkflowId(tenant, jobId)).signal(changedSignal));
      } catch (thrown) {
        if (!(thrown instanceof WorkflowNotFoundError)) throw translateTemporalError(thrown);
      }
    },
  };
}

async function tellJob(client: Client, { tenant, subject, id, workflowId }: PendingWork, window: number): Promise<void> {
  await client.workflow.signalWithStart('ingestBatch', {
    ...startOptions(tenant, workflowId, 'batch'),
    args: [firstRun({ tenant, subject, jobId: id }, window)],
    signal: changedSignal,
  });
}

/** They read all they need when they begin: those that run need no telling. */
async function startUpkeep(client: Client, { kind, tenant, id, workflowId }: PendingWork): Promise<void> {
  const [workflowType, scope] = upkeepOf(kind, tenant, id);
  await client.workflow.start(workflowType, { ...startOptions(tenant, workflowId, kind), args: [{ scope }] });
}

function upkeepOf(kind: PendingWork['kind'], tenant: string, id: string) {
  if (kind === 'deletion') return ['deleteDocuments', { tenant, deletionId: id }] as const;
  return kind === 'consistency' ? (['auditIndex', { tenant, auditId: id }] as const) : (['sweepArtifacts', { tenant, sweepId: id }] as const);
}

function startOptions(tenant: string, workflowId: string, source: string) {
  return {
    workflowId,
    taskQueue: taskQueues.ingest,
    // Children and activities inherit it: a tenant with a long queue does not hold up the others.
    priority: { fairnessKey: tenant },
    workflowIdReusePolicy: 'ALLOW_DUPLICATE',
    typedSearchAttributes: shownAs(tenant, source),
  } as const;
}
