import { CatalystError, toCatalystError } from '../../contracts/errors.ts';
import { toFailure } from '../../contracts/failure.ts';
import type { Failure } from '../../contracts/failure.ts';
import type { DocumentProgress, JobScope, StageResult } from '../../contracts/ingestion.ts';
import type { DocumentResult, Stage } from '../../contracts/jobs.ts';
import type { JobTask, StageUse } from '../../ports/jobRegistry.ts';
import { currentActivity } from '../activityContext.ts';
import type { ActivityDependencies } from '../dependencies.ts';

/** A document's own outcome within a stage: it goes on, or it ended here. */
export type StageOutcome<Ready> = { readonly ready: Ready } | { readonly finished: DocumentResult };

export interface StageRun<Ready> {
  readonly outcomes: readonly StageOutcome<Ready>[];
  /** Documents whose result was found rather than made. */
  readonly reused: number;
  /** What the step needed besides time. */
  readonly use?: Partial<Pick<StageUse, 'bytes' | 'tokens' | 'credits' | 'processorSeconds'>>;
}

type StageDependencies = Pick<ActivityDependencies, 'jobs' | 'steering' | 'emit'>;

/**
 * The frame of every stage: takes up the documents, runs the step, keeps what it made, records those that ended in it,
 * and tells what happened. What the step throws concerns all documents (an outage) and leaves them to the next try, or to the time when
 * a job that it paused goes on.
 */
export async function runStage<Ready extends DocumentProgress>(
  dependencies: StageDependencies,
  scope: JobScope,
  stage: Stage,
  indexes: readonly number[],
  step: (tasks: readonly JobTask[]) => Promise<StageRun<Ready>>,
): Promise<StageResult> {
  const startedAt = performance.now();
  const { attempt: tries, workflow } = currentActivity() ?? {};
  const tasks = await dependencies.jobs.beginStage(scope.tenant, scope.jobId, indexes, stage, workflow);
  if (tasks.length === 0) return { ready: [], finished: [] };
  const { outcomes, reused, use = {} } = await pausing(dependencies, scope, () => step(tasks));
  const ready = outcomes.flatMap((outcome) => ('ready' in outcome ? [{ index: outcome.ready.index, progress: outcome.ready }] : []));
  const finished = outcomes.flatMap((outcome) => ('finished' in outcome ? [withAttempts(outcome.finished, tries)] : []));
  const seconds = (performance.now() - startedAt) / 1000;
  await dependencies.jobs.endStage(scope.tenant, scope.jobId, ready, finished, { stage, seconds, bytes: 0, tokens: 0, credits: 0, ...use });
  const failed = finished.filter((result) => result.state === 'failed').length;
  for (const result of finished) announce(dependencies, scope, result);
  dependencies.emit({ type: 'stage.finished', tenant: scope.tenant, jobId: scope.jobId, stage, documents: tasks.length, failed, reused, latencyMs: performance.now() - startedAt });
  return { ready: ready.map(({ index }) => index), finished: finished.map(({ index, state, failure }) => ({ index, state, failure })) };
}

/** A failure that must not cost a document, but wait for a decision, pauses the job: that is stored before anybody hears of the failure. */
export async function pausing<Result>(dependencies: StageDependencies, scope: JobScope, step: () => Promise<Result>): Promise<Result> {
  try {
    return await step();
  } catch (thrown) {
    const error = toCatalystError(thrown);
    if (error.code === 'BUDGET_EXHAUSTED') await pauseJob(dependencies, scope, 'budget', error);
    if (error.code === 'TENANT_BUDGET_EXHAUSTED') await pauseJob(dependencies, scope, 'tenant-budget', error);
    if (error.code === 'FETCHER_CREDITS_EXHAUSTED') await pauseJob(dependencies, scope, 'credits', error);
    throw thrown;
  }
}

/** All that is in work comes to the same end at about the same time: the first pauses the job, and is told of. */
async function pauseJob({ jobs, steering, emit }: StageDependencies, { tenant, jobId }: JobScope, reason: 'budget' | 'tenant-budget' | 'credits', error: CatalystError): Promise<void> {
  const { paused } = await jobs.loadControl(tenant, jobId);
  if (paused !== null) return;
  await steering.pause(tenant, jobId, { reason, detail: error.message, remedy: error.class.remedy, by: null });
  emit({ type: 'job.paused', tenant, jobId, reason, detail: error.message });
}

function withAttempts(result: DocumentResult, attempts: number | undefined): DocumentResult {
  return result.failure === null || attempts === undefined ? result : { ...result, failure: { ...result.failure, attempts } };
}

/** The documents as the stage before left them; `made` is what that stage adds. */
export function progressOf<Input extends DocumentProgress>(tasks: readonly JobTask[], made: keyof Input): Input[] {
  return tasks.map(({ index, progress }) => {
    if (progress === null || !(made in progress)) throw new CatalystError('INTERNAL', `Document ${index} of the job has not been through the stage before.`);
    return progress as Input;
  });
}

/** Tells that a document ended. */
export function announce(dependencies: Pick<ActivityDependencies, 'emit'>, scope: JobScope, result: DocumentResult): void {
  const { index, state, outcome, failure, chunks } = result;
  dependencies.emit({ type: 'document.finished', tenant: scope.tenant, jobId: scope.jobId, index, state, outcome, chunks: chunks ?? 0, ...(failure === null ? {} : { code: failure.code }) });
}

/** Runs a step for one document: a failure that a retry cannot mend ends this document alone, unless it stops the whole job. */
export async function attempt<Ready>(index: number, step: () => Promise<StageOutcome<Ready>>): Promise<StageOutcome<Ready>> {
  try {
    return await step();
  } catch (thrown) {
    const { retryable, pausesJob } = toCatalystError(thrown).class;
    if (retryable || pausesJob === true) throw thrown;
    return { finished: failedResult(index, toFailure(thrown)) };
  }
}

export function failedResult(index: number, failure: Failure): DocumentResult {
  return { index, state: 'failed', outcome: null, versionId: null, chunks: null, pages: null, lostPages: [], failure };
}
