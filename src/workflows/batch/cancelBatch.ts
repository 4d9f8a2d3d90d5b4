import { ApplicationFailure, condition, continueAsNew, upsertSearchAttributes } from '@temporalio/workflow';
import type { JobSummary } from '../../activities/job/jobLifecycle.ts';
import { bookkeeping, discovery, settling } from '../activityProxies.ts';
import { ofCode, toError } from '../failures.ts';
import { searchAttributes } from '../names.ts';
import { firstRun } from './batchInput.ts';
import type { IngestBatch } from './batchInput.ts';
import type { BatchRun } from './batchRun.ts';
import { undoJob } from './undoJob.ts';

/**
 * Ends a job that was cancelled: what is in work ends first, the rest is recorded; what is done stays, or is undone.
 * A job that was cancelled by its registry ends with its summary, one that an operator cancelled in Temporal as cancelled.
 */
export async function cancelBatch(run: BatchRun, cancellation: unknown): Promise<JobSummary> {
  const cancelledByRegistry = run.control.cancelled;
  await condition(() => run.inWork.size === 0 && !run.reading);
  if (run.discovering) await discovery.cancelDiscovery(run.input.scope);
  await recordCancelled(run);
  if (run.scope.dryRun === true) await settling.eraseDryRun(run.scope);
  const obstacle = cancelledByRegistry?.mode === 'undo' ? await settle(undoJob(run.input.scope)) : undefined;
  const summary = await bookkeeping.finishJob(run.input.scope);
  upsertSearchAttributes([{ key: searchAttributes.state, value: summary.state }]);
  if (obstacle !== undefined) throw ApplicationFailure.create({ type: 'UndoFailed', message: `The job is cancelled, but not all of it was undone: ${obstacle.message}`, nonRetryable: true, details: [summary], cause: obstacle });
  if (cancelledByRegistry === null) throw cancellation;
  await condition(() => !run.changed && !run.refreshing);
  // Taken back into work, by a retry of its documents, while it was still ending.
  if (run.control.cancelled === null) await continueAsNew<IngestBatch>(firstRun(run.input.scope, run.input.limits.window));
  return summary;
}

/** Documents that no child had taken up. */
async function recordCancelled({ input: { scope, limits } }: BatchRun): Promise<void> {
  for (let after = -1, last = false; !last; ) {
    const page = await bookkeeping.planUnits(scope, after, limits.documentsPerPage, []);
    const indexes = page.units.flatMap((unit) => unit.indexes);
    if (indexes.length > 0) await bookkeeping.recordFailure(scope, indexes, ofCode('CANCELLED', 'The job was cancelled before the document was done.'));
    ({ after, last } = page);
  }
}

async function settle(work: Promise<void>): Promise<Error | undefined> {
  try {
    await work;
    return undefined;
  } catch (thrown) {
    return toError(thrown);
  }
}
