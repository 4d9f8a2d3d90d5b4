import { CancellationScope, condition, getExternalWorkflowHandle, isCancellation, setHandler, workflowInfo } from '@temporalio/workflow';
import type { JobScope } from '../contracts/ingestion.ts';
import { pausesJob } from './failures.ts';
import { goOnSignal, restingSignal, stopSignal } from './signals.ts';

/** A unit that was not woken looks by itself after this time, so that none rests for ever. */
const longestRest = '10m';

export interface BatchListener {
  /** Takes a step; where the job rests, waits until it goes on and takes the step again. */
  readonly whenAllowed: <Result>(step: () => Promise<Result>) => Promise<Result>;
  /** Runs the work of the unit; it is cancelled when the job is. */
  readonly untilStopped: <Result>(work: () => Promise<Result>) => Promise<Result>;
}

/** What a unit hears from the batch of its job: to rest, to go on, to stop. */
export function listenToBatch(scope: JobScope): BatchListener {
  let woken = false;
  const stoppable = new CancellationScope();
  setHandler(goOnSignal, () => {
    woken = true;
  });
  setHandler(stopSignal, (jobId) => {
    if (jobId === scope.jobId) stoppable.cancel();
  });
  return {
    whenAllowed: async (step) => {
      for (;;) {
        // Before the step: a call to go on that comes while it still runs must not be forgotten.
        woken = false;
        try {
          return await step();
        } catch (thrown) {
          if (!pausesJob(thrown)) throw thrown;
        }
        await tellBatch();
        await condition(() => woken, longestRest);
      }
    },
    untilStopped: (work) => stoppable.run(work),
  };
}

/** The batch may have ended, or been terminated: then the unit looks by itself. */
async function tellBatch(): Promise<void> {
  const { parent, workflowId } = workflowInfo();
  if (parent === undefined) return;
  try {
    await getExternalWorkflowHandle(parent.workflowId).signal(restingSignal, workflowId);
  } catch (thrown) {
    if (isCancellation(thrown)) throw thrown;
  }
}
