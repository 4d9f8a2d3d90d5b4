import { ApplicationFailure, CancellationScope, isCancellation, upsertSearchAttributes } from '@temporalio/workflow';
import type { JobSummary } from '../activities/job/jobLifecycle.ts';
import { bookkeeping, settling } from './activityProxies.ts';
import type { IngestBatchInput } from './batch/batchInput.ts';
import { openRun, untilRefreshed } from './batch/batchRun.ts';
import type { BatchRun } from './batch/batchRun.ts';
import { cancelBatch } from './batch/cancelBatch.ts';
import { followControl, hearSignals, readControl } from './batch/followControl.ts';
import { ingestPlanned, takeUp } from './batch/ingestPlanned.ts';
import { ingestCarriedUnit } from './batch/ingestUnit.ts';
import { readSource } from './batch/readSource.ts';
import { removeMissing } from './batch/removeMissing.ts';
import { searchAttributes } from './names.ts';

/**
 * One ingestion job: a window slides over its documents, so that a slow one delays no other, while its source, if it has one, is read
 * step by step; the workflow continues as new before its history grows long. The registry holds what the job was told (pause, budget,
 * concurrency, cancellation, more or retried documents); a signal only says that something changed. It fails when all its documents failed.
 */
export async function ingestBatch(input: IngestBatchInput): Promise<JobSummary> {
  const run = openRun(input);
  hearSignals(run);
  try {
    const { fromSource, discovering } = await readControl(run);
    run.fromSource = fromSource;
    run.discovering = discovering;
    failRunWith(run, followControl(run));
    return failedIfAllFailed(await run.work.run(() => ingestAll(run)));
  } catch (thrown) {
    if (!isCancellation(thrown)) throw thrown;
    return CancellationScope.nonCancellable(() => cancelBatch(run, thrown));
  }
}

async function ingestAll(run: BatchRun): Promise<JobSummary> {
  for (const unit of run.input.carried) takeUp(run, unit, ingestCarriedUnit);
  failRunWith(run, readSource(run));
  for (;;) {
    await ingestPlanned(run);
    if (run.scope.dryRun === true) await settling.eraseDryRun(run.scope);
    else if (run.fromSource) await removeMissing(run.scope);
    const summary = await finish(run);
    await untilRefreshed(run);
    // Documents that joined or were queued again in the last moment are ingested too.
    if (summary.unfinished === 0 && !run.replan) return summary;
    run.replan = true;
  }
}

/** What goes on beside the planner must not fail unheard. */
function failRunWith(run: BatchRun, beside: Promise<void>): void {
  beside.catch((thrown: unknown) => (run.failure ??= thrown));
}

async function finish({ scope }: BatchRun): Promise<JobSummary> {
  const summary = await bookkeeping.finishJob(scope);
  upsertSearchAttributes([{ key: searchAttributes.state, value: summary.state }]);
  return summary;
}

function failedIfAllFailed(summary: JobSummary): JobSummary {
  if (summary.state !== 'failed') return summary;
  const message = summary.total === 0 ? 'The source could not be read.' : `All ${summary.total} documents failed.`;
  throw ApplicationFailure.create({ type: 'JobFailed', message, nonRetryable: true, details: [summary] });
}
