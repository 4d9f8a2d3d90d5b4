import type { Failure } from '../contracts/failure.ts';
import type { JobScope } from '../contracts/ingestion.ts';
import { isFinal } from '../contracts/jobs.ts';
import type { State } from '../contracts/jobs.ts';
import type { ActivityDependencies } from './dependencies.ts';
import { announce, failedResult } from './stage.ts';

type LifecycleDependencies = Pick<ActivityDependencies, 'jobs' | 'emit'>;

export async function startJob(dependencies: LifecycleDependencies, scope: JobScope): Promise<void> {
  await dependencies.jobs.markJobRunning(scope.tenant, scope.jobId);
}

export interface JobSummary {
  readonly state: State;
  readonly total: number;
  readonly succeeded: number;
  readonly partial: number;
  readonly failed: number;
  readonly unchanged: number;
}

/** Ends the job with the state that its documents give. */
export async function finishJob(dependencies: LifecycleDependencies, scope: JobScope): Promise<JobSummary> {
  const { state, counts } = await dependencies.jobs.finishJob(scope.tenant, scope.jobId);
  dependencies.emit({ type: 'job.finished', tenant: scope.tenant, jobId: scope.jobId, state });
  const { total, succeeded, partial, failed, unchanged } = counts;
  return { state, total, succeeded, partial, failed, unchanged };
}

/** Records documents whose stage failed for good after all its tries; those that ended before stay as they are. */
export async function recordFailure(dependencies: LifecycleDependencies, scope: JobScope, indexes: readonly number[], failure: Failure): Promise<void> {
  const results = indexes.map((index) => failedResult(index, failure));
  await dependencies.jobs.finishDocuments(scope.tenant, scope.jobId, results);
  for (const result of results) announce(dependencies, scope, result);
}

/** Which of the documents are still not finished: for units whose workflow was started by an earlier run of the job. */
export async function listUnfinished(dependencies: LifecycleDependencies, scope: JobScope, indexes: readonly number[]): Promise<number[]> {
  const tasks = await dependencies.jobs.loadTasks(scope.tenant, scope.jobId, indexes);
  return tasks.filter((task) => !isFinal(task.state)).map((task) => task.index);
}
