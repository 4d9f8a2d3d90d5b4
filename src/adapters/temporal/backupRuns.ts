import { TerminatedFailure, WorkflowNotFoundError } from '@temporalio/common';
import { WorkflowFailedError } from '@temporalio/client';
import type { Client, WorkflowExecutionDescription } from '@temporalio/client';
import type { BackupRun } from '../../contracts/backups.ts';
import { errorTable } from '../../contracts/errors.ts';
import { failureSchema } from '../../contracts/failure.ts';
import type { Failure } from '../../contracts/failure.ts';
import type { StartedBackupWork } from '../../ports/backupWork.ts';

/**
 * What came of a run and of those that went on with it, as Temporal tells: work that ends before it has written anything is known there alone.
 * Undefined where there is no such run.
 */
export async function findBackupRun(client: Client, { workflowId, runId }: StartedBackupWork): Promise<BackupRun | undefined> {
  try {
    const { status, runId: latest, raw } = await client.workflow.getHandle(workflowId).describe();
    const first = raw.workflowExecutionInfo?.firstRunId;
    const isLatest = latest === runId || first === runId;
    // There is one at a time: where another one was begun, this one is over.
    if (isLatest && status.name === 'RUNNING') return { workflowId, runId, state: 'running', failure: null, retried: retriedOf(raw.pendingActivities) };
    await client.workflow.getHandle(workflowId, runId).result();
    return { workflowId, runId, state: 'finished', failure: null, retried: null };
  } catch (thrown) {
    if (thrown instanceof WorkflowNotFoundError) return undefined;
    if (!(thrown instanceof WorkflowFailedError)) throw thrown;
    return { workflowId, runId, state: 'failed', failure: toldBy(thrown.cause), retried: null };
  }
}

type PendingActivities = WorkflowExecutionDescription['raw']['pendingActivities'];

/** What the step that is under way has failed by, so that whoever waits knows what is waited for. */
function retriedOf(pending: PendingActivities): Failure | null {
  const lastFailure = pending?.find((activity) => activity.lastFailure != null)?.lastFailure;
  if (lastFailure == null) return null;
  const { data: code = 'INTERNAL' } = failureSchema.shape.code.safeParse(lastFailure.applicationFailureInfo?.type);
  // Where payloads are encrypted the message is too.
  const message = lastFailure.encodedAttributes == null ? (lastFailure.message ?? '') : errorTable[code].title;
  return { code, message, remedy: errorTable[code].remedy };
}

/** The failure that an activity or the workflow itself told of, or what ended the workflow. */
function toldBy(cause: Error | undefined): Failure {
  for (let each: unknown = cause; each instanceof Error; each = each.cause) {
    const details: unknown = 'details' in each ? each.details : undefined;
    const told = failureSchema.safeParse(Array.isArray(details) ? details[0] : undefined);
    if (told.success) return told.data;
  }
  const code = cause instanceof TerminatedFailure ? 'CANCELLED' : 'INTERNAL';
  return { code, message: `The work was ended from outside: ${cause?.message ?? 'nothing is told of it'}.`, remedy: errorTable[code].remedy };
}
