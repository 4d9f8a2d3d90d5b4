import { WorkflowExecutionAlreadyStartedError } from '@temporalio/common';
import { ApplicationFailure, CancellationScope, ChildWorkflowFailure, executeChild, getExternalWorkflowHandle, isCancellation, ParentClosePolicy, sleep } from '@temporalio/workflow';
import type { IngestUnit, JobScope } from '../../contracts/ingestion.ts';
import { bookkeeping } from '../activityProxies.ts';
import { failureOf, ofCode } from '../failures.ts';
import type { ingestDocument } from '../ingestDocument.ts';
import type { ingestSlice } from '../ingestSlice.ts';
import { documentWorkflowId, shownAs, sliceWorkflowId } from '../names.ts';
import { stopSignal } from '../signals.ts';

const firstWaitSeconds = 1;
const longestWaitSeconds = 30;
/** About half a minute: a stage that is cut off notices within seconds. */
const looksAtStopping = 5;

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
    try {
      await sleep(waitSeconds * 1000);
      if ((await bookkeeping.listUnfinished(scope, unit.indexes)).length === 0) return;
    } catch (thrown) {
      if (isCancellation(thrown)) await CancellationScope.nonCancellable(() => stopElsewhere(scope, unit));
      throw thrown;
    }
  }
}

/** As `ingestUnit`, for a unit whose child an earlier run of the job started: it may have ended meanwhile. */
export async function ingestCarriedUnit(scope: JobScope, unit: IngestUnit): Promise<void> {
  if ((await bookkeeping.listUnfinished(scope, unit.indexes)).length > 0) await ingestUnit(scope, unit);
}

export function unitWorkflowId(scope: JobScope, { documentId, indexes: [firstIndex = 0] }: IngestUnit): string {
  return documentId === undefined ? sliceWorkflowId(scope.tenant, scope.jobId, firstIndex) : documentWorkflowId(scope.tenant, documentId);
}

async function executeUnit(scope: JobScope, unit: IngestUnit): Promise<void> {
  const options = {
    workflowId: unitWorkflowId(scope, unit),
    // Children outlive a run of the batch that continues as new.
    parentClosePolicy: ParentClosePolicy.ABANDON,
    typedSearchAttributes: shownAs(scope.tenant, unit.source),
  };
  if (unit.documentId === undefined) await executeChild<typeof ingestSlice>('ingestSlice', { ...options, args: [{ scope, indexes: unit.indexes }] });
  else await executeChild<typeof ingestDocument>('ingestDocument', { ...options, args: [{ scope, index: unit.indexes[0] ?? 0 }] });
}

/** A child that this run did not start is not cancelled with it: it is told, and what it does is waited for. */
async function stopElsewhere(scope: JobScope, unit: IngestUnit): Promise<void> {
  for (let look = 0; look < looksAtStopping; look += 1) {
    try {
      await getExternalWorkflowHandle(unitWorkflowId(scope, unit)).signal(stopSignal, scope.jobId);
    } catch {
      return;
    }
    await sleep(2 ** look * 1000);
    if ((await bookkeeping.listUnfinished(scope, unit.indexes)).length === 0) return;
  }
}

/** A child records its own failure; one that was terminated or timed out could not. */
async function recordUnrecorded(scope: JobScope, unit: IngestUnit, thrown: unknown): Promise<void> {
  if (isCancellation(thrown)) throw thrown;
  if (thrown instanceof ChildWorkflowFailure && thrown.cause instanceof ApplicationFailure) return;
  const failure = thrown instanceof ChildWorkflowFailure ? ofCode('CANCELLED', `The workflow of the document was stopped: ${thrown.cause?.message ?? thrown.message}.`) : failureOf(thrown);
  await bookkeeping.recordFailure(scope, unit.indexes, failure);
}
