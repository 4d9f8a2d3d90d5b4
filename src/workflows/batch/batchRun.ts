import { CancellationScope, condition, workflowInfo } from '@temporalio/workflow';
import type { IngestUnit, JobScope } from '../../contracts/ingestion.ts';
import type { JobControl } from '../../contracts/steering.ts';
import { toError } from '../failures.ts';
import type { IngestBatchInput } from './batchInput.ts';

/** What the next run has to know of this one. */
interface PendingRun {
  readonly input: IngestBatchInput;
  /** Index of the last document that was planned. */
  after: number;
  /** Documents before `after` may wait again: plan from the start. */
  replan: boolean;
  /** The registry holds news of the job that were not read yet. */
  changed: boolean;
  /** They are being read. */
  refreshing: boolean;
  readonly inWork: Set<IngestUnit>;
  /** Workflow ids of units that wait for the job to go on. */
  readonly resting: Set<string>;
}

/** The state of one run of `ingestBatch`: the planner, the reader of the source and the listener of signals share it. */
export interface BatchRun extends PendingRun {
  scope: JobScope;
  control: JobControl;
  /** The job finds its documents itself. */
  fromSource: boolean;
  /** The source was not read to the end. */
  discovering: boolean;
  /** The reader of the source is at work. */
  reading: boolean;
  /** There may be news at the source before the time to look again has come. */
  nudged: boolean;
  /** Documents joined at the end. */
  joined: boolean;
  /** The run is about to hand over to the next. */
  yielding: boolean;
  /** Units and steps of discovery begun in this run: what its history grows by. */
  begun: number;
  /** Why the run cannot go on. */
  failure: unknown;
  /** Everything that ends when the job is cancelled. */
  readonly work: CancellationScope;
}

export function openRun(input: IngestBatchInput): BatchRun {
  const { scope, after, resting = [] } = input;
  return {
    input,
    scope,
    after,
    replan: false,
    changed: false,
    refreshing: false,
    inWork: new Set(),
    resting: new Set(resting),
    control: { paused: null, cancelled: null, concurrency: null, dryRun: false },
    fromSource: false,
    discovering: false,
    reading: false,
    nudged: false,
    joined: false,
    yielding: false,
    begun: 0,
    failure: undefined,
    work: new CancellationScope(),
  };
}

/** The run that takes over from this one. */
export function nextRun({ input, after, replan, changed, refreshing, inWork, resting }: PendingRun): IngestBatchInput {
  const { scope, limits } = input;
  return { scope, limits, after: replan || changed || refreshing ? -1 : after, carried: [...inWork], resting: [...resting] };
}

export function isIdle(run: BatchRun): boolean {
  return run.inWork.size === 0 && !run.discovering;
}

export function mustHandOver(run: BatchRun): boolean {
  return run.begun >= run.input.limits.unitsPerRun || workflowInfo().continueAsNewSuggested;
}

export function throwFailure(run: BatchRun): void {
  if (run.failure !== undefined) throw toError(run.failure);
}

/** Something may begin: the job does not rest, as far as the registry was read to the end. */
export function mayBegin(run: BatchRun): boolean {
  return run.control.paused === null && !run.changed && !run.refreshing;
}

/** Until what the registry says now is known. */
export async function untilRefreshed(run: BatchRun): Promise<void> {
  await condition(() => run.failure !== undefined || (!run.changed && !run.refreshing));
  throwFailure(run);
}
