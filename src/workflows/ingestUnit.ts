import { WorkflowExecutionAlreadyStartedError } from '@temporalio/common';
import { ApplicationFailure, ChildWorkflowFailure, executeChild, isCancellation, ParentClosePolicy, sleep } from '@temporalio/workflow';
import type { IngestUnit, JobScope } from '../contracts/ingestion.ts';
import { bookkeeping } from './activityProxies.ts';
import { failureOf, ofCode } from './failures.ts';
import type { ingestDocument } from './ingestDocument.ts';
import type { ingestSlice } from './ingestSlice.ts';
import { documentWorkflowId, searchAttributes, sliceWorkflowId } from './names.ts';

const firstWaitSeconds = 1;
const longestWaitSeconds = 30;

/**
 * Runs the child workflow of a unit to its end. Where that id is running already (another job has the document,
 * or an earlier run of this job started the child), it waits and looks again.
 */
export async function ingestUnit(scope: JobScope, unit: IngestUnit): Promise<void> {
  for (let waitSeconds = firstWaitSeconds; ; waitSeconds = Math.min(waitSeconds * 2, longestWaitSeconds)) {
    try {
      await executeUnit(scope, unit);
      return;
    } catch (thrown) {
      if (!(thrown instanceof WorkflowExecutionAlreadyStartedError)) return recordUnrecorded(scope, unit, thrown);
    }
    await sleep(waitSeconds * 1000);
    if ((await bookkeeping.listUnfinished(scope, unit.indexes)).length === 0) return;
  }
}

/** As `ingestUnit`, for a unit whose child an earlier run of the job started: it may have ended meanwhile. */
export async function ingestCarriedUnit(scope: JobScope, unit: IngestUnit): Promise<void> {
  if ((await bookkeeping.listUnfinished(scope, unit.indexes)).length > 0) await ingestUnit(scope, unit);
}

async function executeUnit(scope: JobScope, unit: IngestUnit): Promise<void> {
  const [firstIndex = 0] = unit.indexes;
  const options = {
    // Children outlive a run of the batch that continues as new.
    parentClosePolicy: ParentClosePolicy.ABANDON,
    typedSearchAttributes: [
      { key: searchAttributes.tenant, value: scope.tenant },
      { key: searchAttributes.state, value: 'running' },
      { key: searchAttributes.source, value: unit.source },
    ],
  };
  if (unit.documentId === undefined) {
    await executeChild<typeof ingestSlice>('ingestSlice', { ...options, workflowId: sliceWorkflowId(scope.tenant, scope.jobId, firstIndex), args: [{ scope, indexes: unit.indexes }] });
  } else {
    await executeChild<typeof ingestDocument>('ingestDocument', { ...options, workflowId: documentWorkflowId(scope.tenant, unit.documentId), args: [{ scope, index: firstIndex }] });
  }
}

/** A child records its own failure; one that was terminated or timed out could not. */
async function recordUnrecorded(scope: JobScope, unit: IngestUnit, thrown: unknown): Promise<void> {
  if (isCancellation(thrown)) throw thrown;
  if (thrown instanceof ChildWorkflowFailure && thrown.cause instanceof ApplicationFailure) return;
  const failure = thrown instanceof ChildWorkflowFailure ? ofCode('CANCELLED', `The workflow of the document was stopped: ${thrown.cause?.message ?? thrown.message}.`) : failureOf(thrown);
  await bookkeeping.recordFailure(scope, unit.indexes, failure);
}
