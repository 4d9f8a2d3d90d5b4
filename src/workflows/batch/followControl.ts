import { condition, getExternalWorkflowHandle, setHandler, upsertSearchAttributes } from '@temporalio/workflow';
import type { JobStart } from '../../activities/job/jobLifecycle.ts';
import type { JobControl } from '../../contracts/steering.ts';
import { bookkeeping } from '../activityProxies.ts';
import { searchAttributes } from '../names.ts';
import { changedSignal, goOnSignal, restingSignal } from '../signals.ts';
import type { BatchRun } from './batchRun.ts';
import { unitWorkflowId } from './ingestUnit.ts';

/** Hears of changes to the job: the registry holds them, a signal only says that there are some. */
export function hearSignals(run: BatchRun): void {
  setHandler(changedSignal, () => {
    run.changed = true;
    run.nudged = true;
  });
  setHandler(restingSignal, (workflowId) => {
    run.resting.add(workflowId);
    run.changed = true;
  });
}

/** Reads every change and follows it, for as long as the run lasts. What was read last counts: one reading follows the other. */
export async function followControl(run: BatchRun): Promise<void> {
  for (;;) {
    await condition(() => run.changed);
    await readControl(run);
    run.replan = true;
  }
}

/** Takes the job into work and learns how it is to go. */
export async function readControl(run: BatchRun): Promise<JobStart> {
  run.changed = false;
  run.refreshing = true;
  try {
    const start = await bookkeeping.startJob(run.input.scope);
    follow(run, start.control);
    return start;
  } finally {
    run.refreshing = false;
  }
}

function follow(run: BatchRun, control: JobControl): void {
  const rested = run.control.paused !== null;
  run.control = control;
  run.scope = control.dryRun ? { ...run.input.scope, dryRun: true } : run.input.scope;
  if (rested !== (control.paused !== null)) upsertSearchAttributes([{ key: searchAttributes.state, value: rested ? 'running' : 'paused' }]);
  if (control.cancelled !== null) run.work.cancel();
  else if (control.paused === null) wake(run, rested);
}

/** Those that said that they rest; after a pause all in work, since one that began to rest just now may not have said so yet. */
function wake(run: BatchRun, all: boolean): void {
  const workflowIds = new Set([...run.resting, ...(all ? [...run.inWork].map((unit) => unitWorkflowId(run.scope, unit)) : [])]);
  run.resting.clear();
  // One that has ended meanwhile cannot be told.
  for (const workflowId of workflowIds) getExternalWorkflowHandle(workflowId).signal(goOnSignal).catch(() => undefined);
}
