import type { Failure } from '../../contracts/failure.ts';
import type { JobScope } from '../../contracts/ingestion.ts';
import { isFinal } from '../../contracts/jobs.ts';
import type { State } from '../../contracts/jobs.ts';
import type { JobControl } from '../../contracts/steering.ts';
import type { ActivityDependencies } from '../dependencies.ts';
import { announce, failedResult } from '../stages/stage.ts';

type LifecycleDependencies = Pick<ActivityDependencies, 'jobs' | 'emit'>;

/** How a job is to go, as the registry says now. */
export interface JobStart {
  readonly control: JobControl;
  /** It finds its documents itself. */
  readonly fromSource: boolean;
  /** Its source was not read to the end. */
  readonly discovering: boolean;
}

/** Takes a job into work, or back into work; one that is in work stays as it is. */
export async function startJob({ jobs, discoveries }: Pick<ActivityDependencies, 'jobs' | 'discoveries'>, { tenant, jobId }: JobScope): Promise<JobStart> {
  await jobs.markJobRunning(tenant, jobId);
  const control = await jobs.loadControl(tenant, jobId);
  const position = await discoveries.load(tenant, jobId, 0);
  return { control, fromSource: position !== undefined, discovering: position?.state === 'running' };
}

export interface JobSummary {
  readonly state: State;
  readonly total: number;
  readonly succeeded: number;
  readonly partial: number;
  readonly failed: number;
  readonly unchanged: number;
  /** Documents that joined or were queued again meanwhile: the job is not done. */
  readonly unfinished: number;
}

/** Ends the job with the state that its documents give. */
export async function finishJob(dependencies: LifecycleDependencies, scope: JobScope): Promise<JobSummary> {
  const { state, counts } = await dependencies.jobs.finishJob(scope.tenant, scope.jobId);
  const { total, succeeded, partial, failed, unchanged, queued, running } = counts;
  const unfinished = queued + running;
  if (unfinished === 0) dependencies.emit({ type: 'job.finished', tenant: scope.tenant, jobId: scope.jobId, state });
  return { state, total, succeeded, partial, failed, unchanged, unfinished };
}

/** Records documents whose stage failed for good after all its tries; those that ended before stay as they are. */
export async function recordFailure(dependencies: LifecycleDependencies, scope: JobScope, indexes: readonly number[], failure: Failure): Promise<void> {
  const results = indexes.map((index) => failedResult(index, failure));
  const recorded = new Set(await dependencies.jobs.finishDocuments(scope.tenant, scope.jobId, results));
  for (const result of results) if (recorded.has(result.index)) announce(dependencies, scope, result);
}

/** Which of the documents are still not finished: for units whose workflow was started by an earlier run of the job. */
export async function listUnfinished(dependencies: LifecycleDependencies, scope: JobScope, indexes: readonly number[]): Promise<number[]> {
  const tasks = await dependencies.jobs.loadTasks(scope.tenant, scope.jobId, indexes);
  return tasks.filter((task) => !isFinal(task.state)).map((task) => task.index);
}
