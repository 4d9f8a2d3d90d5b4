import { ApplicationFailure, CancellationScope, condition, continueAsNew, isCancellation, upsertSearchAttributes, workflowInfo } from '@temporalio/workflow';
import type { JobSummary } from '../activities/jobLifecycle.ts';
import type { IngestUnit, JobScope } from '../contracts/ingestion.ts';
import { bookkeeping } from './activityProxies.ts';
import { ofCode } from './failures.ts';
import { ingestCarriedUnit, ingestUnit } from './ingestUnit.ts';
import { searchAttributes } from './names.ts';

export interface BatchLimits {
  /** Units in work at once. */
  readonly window: number;
  /** Documents planned with one look at the registry. */
  readonly documentsPerPage: number;
  /** Units after which a run ends at the next page; a unit costs about seven events, and a history should stay under 10,000. */
  readonly unitsPerRun: number;
}

export interface IngestBatchInput {
  readonly scope: JobScope;
  readonly limits: BatchLimits;
  /** Index of the last document that an earlier run planned; -1 at first. */
  readonly after: number;
  /** Units that an earlier run started and did not see the end of. */
  readonly carried: readonly IngestUnit[];
}

/**
 * One ingestion job: a window slides over its documents, so that a slow one delays no other,
 * and the workflow continues as new before its history grows long. It fails when all its documents failed.
 */
export async function ingestBatch(input: IngestBatchInput): Promise<JobSummary> {
  try {
    await ingestAll(input);
  } catch (thrown) {
    if (!isCancellation(thrown)) throw thrown;
    await CancellationScope.nonCancellable(async () => {
      await recordCancelled(input);
      await finish(input.scope);
    });
    throw thrown;
  }
  const summary = await finish(input.scope);
  if (summary.state === 'failed') throw ApplicationFailure.create({ type: 'JobFailed', message: `All ${summary.total} documents failed.`, nonRetryable: true, details: [summary] });
  return summary;
}

async function ingestAll({ scope, limits, after: start, carried }: IngestBatchInput): Promise<void> {
  const inWork = new Set<IngestUnit>();
  let after = start;
  let failure: unknown;
  let started = 0;

  const begin = async (unit: IngestUnit, ingest: typeof ingestUnit): Promise<void> => {
    await condition(() => inWork.size < limits.window || failure !== undefined);
    if (failure !== undefined) throw toError(failure);
    started += 1;
    inWork.add(unit);
    void ingest(scope, unit)
      .catch((thrown: unknown) => (failure ??= thrown))
      .finally(() => inWork.delete(unit));
  };

  if (after < 0) await bookkeeping.startJob(scope);
  for (const unit of carried) await begin(unit, ingestCarriedUnit);

  for (let last = false; !last; ) {
    if (started >= limits.unitsPerRun || workflowInfo().continueAsNewSuggested) {
      await continueAsNew<typeof ingestBatch>({ scope, limits, after, carried: [...inWork] });
    }
    const page = await bookkeeping.planUnits(scope, after, limits.documentsPerPage);
    for (const unit of page.units) await begin(unit, ingestUnit);
    ({ after, last } = page);
  }

  await condition(() => inWork.size === 0 || failure !== undefined);
  if (failure !== undefined) throw toError(failure);
}

async function finish(scope: JobScope): Promise<JobSummary> {
  const summary = await bookkeeping.finishJob(scope);
  upsertSearchAttributes([{ key: searchAttributes.state, value: summary.state }]);
  return summary;
}

/** Documents that no child had taken up when the job was cancelled. */
async function recordCancelled({ scope, limits }: IngestBatchInput): Promise<void> {
  for (let after = -1, last = false; !last; ) {
    const page = await bookkeeping.planUnits(scope, after, limits.documentsPerPage);
    const indexes = page.units.flatMap((unit) => unit.indexes);
    await bookkeeping.recordFailure(scope, indexes, ofCode('CANCELLED', 'The job was cancelled before the document was done.'));
    ({ after, last } = page);
  }
}

const toError = (thrown: unknown): Error => (thrown instanceof Error ? thrown : new Error(String(thrown)));
