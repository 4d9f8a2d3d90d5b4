import { CancellationScope, getExternalWorkflowHandle, isCancellation, workflowInfo } from '@temporalio/workflow';
import type { JobScope, SourceScope } from '../contracts/ingestion.ts';
import { sourceRuns } from './activityProxies.ts';
import { firstRun } from './batch/batchInput.ts';
import { executeOnce } from './executeOnce.ts';
import { jobWorkflowId, shownAs } from './names.ts';
import { changedSignal } from './signals.ts';

/**
 * A run of a registered source, as its schedule starts it: makes the job and lasts as long as the job does, so that what the schedule says
 * of overlapping runs holds. When it is cancelled, by the schedule or an operator, the job is cancelled; what it did stays.
 */
export async function runSource(source: SourceScope): Promise<{ readonly jobId: string }> {
  const { scope, window } = await CancellationScope.nonCancellable(() => sourceRuns.acceptSourceRun(source, workflowInfo().runId));
  const workflowId = jobWorkflowId(scope.tenant, scope.jobId);
  const job = CancellationScope.nonCancellable(() =>
    executeOnce('ingestBatch', { workflowId, args: [firstRun(scope, window)], typedSearchAttributes: shownAs(scope.tenant, 'schedule'), priority: { fairnessKey: scope.tenant } }),
  );
  try {
    await Promise.race([job, CancellationScope.current().cancelRequested]);
  } catch (thrown) {
    if (isCancellation(thrown)) await CancellationScope.nonCancellable(() => cancelJob(scope, workflowId, job));
    throw thrown;
  }
  return { jobId: scope.jobId };
}

async function cancelJob(scope: JobScope, workflowId: string, job: Promise<void>): Promise<void> {
  await sourceRuns.cancelSourceRun(scope);
  // One that does not run yet reads it when it starts; one that has ended needs no word.
  await getExternalWorkflowHandle(workflowId).signal(changedSignal).catch(() => undefined);
  await job.catch(() => undefined);
}
