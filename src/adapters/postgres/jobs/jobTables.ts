import type { ColumnType, Generated, GeneratedAlways } from 'kysely';
import type { ErrorCode } from '../../../contracts/errors.ts';
import type { Failure } from '../../../contracts/failure.ts';
import type { DocumentProgress } from '../../../contracts/ingestion.ts';
import type { Outcome, Preview, Stage, State } from '../../../contracts/jobs.ts';
import type { DocumentSpecification } from '../../../contracts/specification.ts';
import type { Budget, JobCancellation, JobPause } from '../../../contracts/steering.ts';
import type { JobSource, WorkflowRun } from '../../../ports/jobRegistry.ts';
import type { Json } from '../jsonColumn.ts';

/** ISO times. */
export interface Rest {
  readonly from: string;
  readonly to: string;
}

interface JobsTable {
  tenant: string;
  id: string;
  subject: string;
  workflow_id: string;
  state: Generated<State>;
  total: number;
  created_at: Generated<Date>;
  started_at: Date | null;
  finished_at: Date | null;
  source: Json<JobSource> | null;
  source_id: string | null;
  budget: Json<Budget> | null;
  concurrency: number | null;
  dry_run: Generated<boolean>;
  pause: Json<JobPause> | null;
  /** When the job did not work: paused, or finished until it was taken up again; the last ones. */
  rests: ColumnType<readonly Rest[], string | undefined, string>;
  cancellation: Json<JobCancellation> | null;
  spent_bytes: Generated<string>;
  spent_tokens: Generated<string>;
  spent_credits: Generated<number>;
  spent_embeddings: Generated<string>;
  discovery_state: 'running' | 'finished' | 'failed' | null;
  discovery_cursor: Json<unknown> | null;
  discovery_step: Generated<number>;
  /** Documents that the source named; attachments and others that joined do not count. */
  discovery_found: Generated<number>;
  discovery_gaps: ColumnType<readonly string[], string | undefined, string>;
  discovery_failure: Json<Failure> | null;
  /** Documents deleted because the source no longer has them. */
  missing: Generated<number>;
}

interface JobDocumentsTable {
  tenant: string;
  job_id: string;
  index: number;
  document_id: string;
  sequence: Generated<string>;
  specification: Json<DocumentSpecification>;
  state: Generated<State>;
  stage: Stage | null;
  outcome: Outcome | null;
  version_id: string | null;
  chunks: number | null;
  pages: number | null;
  lost_pages: Generated<number[]>;
  failure: Json<Failure> | null;
  failure_code: GeneratedAlways<ErrorCode | null>;
  progress: Json<DocumentProgress> | null;
  rounds: Generated<number>;
  source_id: string | null;
  parent_id: string | null;
  workflow: Json<WorkflowRun> | null;
  preview: Json<Preview> | null;
  started_at: Date | null;
  finished_at: Date | null;
}

/** Kept by triggers; `''` for no outcome or no failure. */
interface JobTalliesTable {
  tenant: string;
  job_id: string;
  state: State;
  outcome: Outcome | '';
  code: ErrorCode | '';
  documents: number;
  chunks: string;
}

interface JobEventsTable {
  id: Generated<string>;
  tenant: string;
  job_id: string;
  type: 'document' | 'job';
  index: number | null;
  document_id: string | null;
  state: State;
  outcome: Outcome | null;
  failure: Json<Failure> | null;
  at: Generated<Date>;
}

/** What the stages of a job needed. */
interface StageUsesTable {
  tenant: string;
  job_id: string;
  stage: Stage;
  documents: number;
  seconds: number;
  bytes: string;
  tokens: string;
  credits: number;
  processor_seconds: Generated<number>;
  at: Generated<Date>;
}

export interface JobTables {
  jobs: JobsTable;
  job_documents: JobDocumentsTable;
  job_tallies: JobTalliesTable;
  job_events: JobEventsTable;
  stage_uses: StageUsesTable;
}
