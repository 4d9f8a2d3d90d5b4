import { WorkflowExecutionAlreadyStartedError } from '@temporalio/common';
import { ApplicationFailure, CancellationScope, ChildWorkflowFailure, executeChild, getExternalWorkflowHandle, isCancellation, ParentClosePolicy, sleep } from '@temporalio/workflow';
import type { IngestUnit, JobScope } from '../../contracts/ingestion.ts';
import { bookkeeping } from '../activityProxies.ts';
import { failureOf, ofCode } from '../failures.ts';
import type { ingestDocument } from '../ingestDocument.ts';
import type { ingestSlice } from '../ingestSlice.ts';
import { documentWorkflowId, shownAs, sliceWorkflowId } from '../names.ts';
import { goOnSignal, stopSignal } from '../signals.ts';

const firstWaitSeconds = 1;
const longestWaitSeconds = 30;
/** About half a minute: a stage that is cut off notices within seconds. */
const looksAtStopping = 5;

/**
 * Runs the child workflow of a unit to its end. Where that id is running already (another job has the document,
 * or an earlier run of this job started the child), it waits and looks again.
 */
export function ingestUnit(scope: JobScope, unit: IngestUnit): Promise<void> {
  return ingest(scope, unit, { elsewhere: false });
}

/** As `ingestUnit`, for a unit whose child an earlier run of the job started: it may have ended meanwhile. */
export function ingestCarriedUnit(scope: JobScope, unit: IngestUnit): Promise<void> {
  return ingest(scope, unit, { elsewhere: true });
}

/** `elsewhere`: the child may be running without this run having started it. */
async function ingest(scope: JobScope, unit: IngestUnit, child: { elsewhere: boolean }): Promise<void> {
  try {
    if (child.elsewhere && (await isFinished(scope, unit))) return;
    for (let waitSeconds = firstWaitSeconds; ; waitSeconds = Math.min(waitSeconds * 2, longestWaitSeconds)) {
      if (await hasRun(scope, unit)) return;
      child.elsewhere = true;
      if (waitSeconds === firstWaitSeconds) await wakeElsewhere(scope, unit);
      await sleep(waitSeconds * 1000);
      if (await isFinished(scope, unit)) return;
    }
  } catch (thrown) {
    if (child.elsewhere && isCancellation(thrown)) await CancellationScope.nonCancellable(() => stopElsewhere(scope, unit));
    throw thrown;
  }
}

/** False where the id is taken. */
async function hasRun(scope: JobScope, unit: IngestUnit): Promise<boolean> {
  try {
    await executeUnit(scope, unit);
  } catch (thrown) {
    if (thrown instanceof WorkflowExecutionAlreadyStartedError) return false;
    await recordUnrecorded(scope, unit, thrown);
  }
  return true;
}

async function isFinished(scope: JobScope, { indexes }: IngestUnit): Promise<boolean> {
  return (await bookkeeping.listUnfinished(scope, indexes)).length === 0;
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

/** One that rests may have told so to a batch that is no more. */
async function wakeElsewhere(scope: JobScope, unit: IngestUnit): Promise<void> {
  try {
    await getExternalWorkflowHandle(unitWorkflowId(scope, unit)).signal(goOnSignal);
  } catch (thrown) {
    if (isCancellation(thrown)) throw thrown;
  }
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
    if (await isFinished(scope, unit)) return;
  }
}

/** A child records its own failure; one that was terminated or timed out could not. */
async function recordUnrecorded(scope: JobScope, unit: IngestUnit, thrown: unknown): Promise<void> {
  if (isCancellation(thrown)) throw thrown;
  if (thrown instanceof ChildWorkflowFailure && thrown.cause instanceof ApplicationFailure) return;
  const failure = thrown instanceof ChildWorkflowFailure ? ofCode('CANCELLED', `The workflow of the document was stopped: ${thrown.cause?.message ?? thrown.message}.`) : failureOf(thrown);
  await bookkeeping.recordFailure(scope, unit.indexes, failure);
}
