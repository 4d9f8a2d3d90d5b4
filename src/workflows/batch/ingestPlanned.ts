import { condition, continueAsNew } from '@temporalio/workflow';
import type { IngestUnit } from '../../contracts/ingestion.ts';
import type { JobControl } from '../../contracts/steering.ts';
import { bookkeeping } from '../activityProxies.ts';
import type { IngestBatch } from './batchInput.ts';
import { isIdle, mayBegin, mustHandOver, nextRun, throwFailure } from './batchRun.ts';
import type { BatchRun } from './batchRun.ts';
import { indexRanges } from './indexRanges.ts';
import { ingestUnit } from './ingestUnit.ts';

/** Plans documents page by page and keeps a window of units in work, until nothing is left to plan, to discover or in work. */
export async function ingestPlanned(run: BatchRun): Promise<void> {
  for (;;) {
    if (mustHandOver(run)) await handOver(run);
    run.joined = false;
    const page = await bookkeeping.planUnits(run.scope, run.after, run.input.limits.documentsPerPage, indexRanges(run.inWork, run.after));
    if (differ(page.control, run.control)) run.changed = true;
    for (const unit of page.units) await begin(run, unit);
    run.after = page.after;
    if (!page.last) continue;
    await condition(() => run.failure !== undefined || run.replan || run.joined || isIdle(run) || mustHandOver(run));
    throwFailure(run);
    if (run.replan) {
      run.replan = false;
      run.after = -1;
    } else if (!run.joined && isIdle(run)) return;
  }
}

/** Begins a unit once there is room for it, and the job does not rest. A long wait may be handed over: the next run plans the page again. */
async function begin(run: BatchRun, unit: IngestUnit): Promise<void> {
  const hasRoom = () => mayBegin(run) && run.inWork.size < (run.control.concurrency ?? run.input.limits.window);
  await condition(() => run.failure !== undefined || hasRoom() || mustHandOver(run));
  throwFailure(run);
  if (mustHandOver(run)) await handOver(run);
  run.begun += 1;
  takeUp(run, unit, ingestUnit);
}

/** The unit is in work until it ends; what stops it for good stops the run. */
export function takeUp(run: BatchRun, unit: IngestUnit, ingest: typeof ingestUnit): void {
  run.inWork.add(unit);
  void ingest(run.scope, unit)
    .catch((thrown: unknown) => (run.failure ??= thrown))
    .finally(() => run.inWork.delete(unit));
}

/** The next run takes over what is in work, and the source between two of its steps. */
async function handOver(run: BatchRun): Promise<never> {
  run.yielding = true;
  await condition(() => !run.reading);
  return continueAsNew<IngestBatch>(nextRun(run));
}

function differ(seen: JobControl, known: JobControl): boolean {
  return (seen.paused === null) !== (known.paused === null) || (seen.cancelled === null) !== (known.cancelled === null) || seen.concurrency !== known.concurrency;
}
