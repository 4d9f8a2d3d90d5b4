import { condition, isCancellation } from '@temporalio/workflow';
import { discovery } from '../activityProxies.ts';
import { failureOf, pausesJob } from '../failures.ts';
import { mayBegin, untilRefreshed } from './batchRun.ts';
import type { BatchRun } from './batchRun.ts';

/** Reads the source of the job step by step, while its documents are ingested; between two steps it can be handed over to the next run. */
export async function readSource(run: BatchRun): Promise<void> {
  run.reading = true;
  try {
    while (run.discovering) {
      await condition(() => run.yielding || mayBegin(run));
      if (run.yielding) return;
      await takeStep(run);
    }
  } finally {
    run.reading = false;
  }
}

async function takeStep(run: BatchRun): Promise<void> {
  run.nudged = false;
  run.begun += 1;
  try {
    const { added, finished, waitMs } = await discovery.discoverStep(run.scope);
    if (added > 0) run.joined = true;
    run.discovering = !finished;
    if (!finished && waitMs > 0) await condition(() => run.yielding || run.nudged, waitMs);
  } catch (thrown) {
    if (isCancellation(thrown)) throw thrown;
    if (pausesJob(thrown)) {
      // The pause is in the registry already.
      run.changed = true;
      await untilRefreshed(run);
      return;
    }
    await discovery.failDiscovery(run.scope, failureOf(thrown));
    run.discovering = false;
  }
}
