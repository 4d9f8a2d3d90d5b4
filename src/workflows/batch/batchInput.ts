import type { JobSummary } from '../../activities/job/jobLifecycle.ts';
import type { IngestUnit, JobScope } from '../../contracts/ingestion.ts';

export interface BatchLimits {
  /** Units in work at once, unless the job says otherwise. */
  readonly window: number;
  /** Documents planned with one look at the registry. */
  readonly documentsPerPage: number;
  /** Units and steps of discovery after which a run ends at the next page; one costs about seven events, and a history should stay under 10,000. */
  readonly unitsPerRun: number;
}

/** About 7,000 events a run at most. */
export const historyLimits = { documentsPerPage: 500, unitsPerRun: 1_000 } as const;

export interface IngestBatchInput {
  readonly scope: JobScope;
  readonly limits: BatchLimits;
  /** Index of the last document that an earlier run planned; -1 at first. */
  readonly after: number;
  /** Units that an earlier run started and did not see the end of. */
  readonly carried: readonly IngestUnit[];
  /** Workflow ids of units that rest, as an earlier run heard. */
  readonly resting?: readonly string[];
}

/** The workflow, for those that continue it. */
export type IngestBatch = (input: IngestBatchInput) => Promise<JobSummary>;

/** The first run of a job's workflow. */
export function firstRun(scope: JobScope, window: number): IngestBatchInput {
  return { scope, limits: { ...historyLimits, window }, after: -1, carried: [] };
}
