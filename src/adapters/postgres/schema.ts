import type { ColumnType, Generated, GeneratedAlways } from 'kysely';
import type { ArtifactReference } from '../../contracts/artifacts.ts';
import type { DeletionReceipt, DeletionRequest, DeletionStep, Holdings } from '../../contracts/deletions.ts';
import type { ErrorCode } from '../../contracts/errors.ts';
import type { Failure } from '../../contracts/failure.ts';
import type { FetchRecord } from '../../contracts/fetched.ts';
import type { DocumentProgress } from '../../contracts/ingestion.ts';
import type { Digest } from '../../contracts/identifiers.ts';
import type { Outcome, Preview, Stage, State } from '../../contracts/jobs.ts';
import type { VersionArtifactKind } from '../../contracts/library.ts';
import type { SearchSettings } from '../../contracts/searchSettings.ts';
import type { SourceRequest } from '../../contracts/sources.ts';
import type { DocumentSpecification } from '../../contracts/specification.ts';
import type { Budget, JobCancellation, JobPause } from '../../contracts/steering.ts';
import type { RetentionChange, SweepReport } from '../../contracts/sweeps.ts';
import type { Synonyms } from '../../contracts/synonyms.ts';
import type { JobSource, WorkflowRun } from '../../ports/jobRegistry.ts';
import type { ObjectVerdict } from '../../ports/sweepRegistry.ts';
import type { AuditTables } from './audit/auditTables.ts';
import type { BackupTables } from './backup/restoresTable.ts';
import type { ConsistencyTables } from './consistency/consistencyTables.ts';
import type { GenerationTables } from './generations/generationTables.ts';
import type { DocumentsTable } from './documents/documentsTable.ts';
import type { IdempotencyKeysTable } from './idempotency/idempotencyTable.ts';
import type { BudgetAlertsTable } from './usage/budgetAlertsTable.ts';
import type { UsageEntriesTable, UsageSumsTable } from './usage/usageTables.ts';
import type { LimitClocksTable, LimitSlotsTable, RateCountsTable } from './limits/limitTables.ts';
import type { ApiKeysTable } from './keys/apiKeysTable.ts';
import type { TenantTables } from './tenants/tenantAccountsTable.ts';
import type { VaultTables } from './vault/vaultTables.ts';

/** A JSON column: read as a value, written as text. */
type Json<Value> = ColumnType<Value, string, string>;

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

interface VersionsTable {
  tenant: string;
  document_id: string;
  id: string;
  digest: Digest;
  sequence: string;
  job_id: string;
  chunks: number;
  pages: number | null;
  title: string | null;
  tokens: Generated<number>;
  fetched: Json<FetchRecord> | null;
  published_at: Generated<Date>;
  replaced_at: Date | null;
  /** Replaced, and still found by searches as of an earlier time. */
  kept: Generated<boolean>;
  /** Labels that it was ingested with, where it is kept. */
  kept_policies: readonly string[] | null;
}

interface VersionArtifactsTable {
  tenant: string;
  document_id: string;
  version_id: string;
  kind: VersionArtifactKind;
  uri: string;
  start: string;
  length: string;
  digest: Digest;
  media_type: string;
}

interface StageOutputsTable {
  tenant: string;
  key: Digest;
  reference: Json<ArtifactReference>;
  uri: GeneratedAlways<string>;
  created_at: Generated<Date>;
}

interface UploadsTable {
  tenant: string;
  id: string;
  file_name: string;
  media_type: string;
  bytes: string;
  reference: Json<ArtifactReference>;
  uri: GeneratedAlways<string>;
  created_at: Generated<Date>;
}

interface DiscoveredAddressesTable {
  tenant: string;
  job_id: string;
  address: string;
  depth: number;
  looked: Generated<boolean>;
  number: Generated<string>;
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

interface SourcesTable {
  tenant: string;
  id: string;
  request: Json<SourceRequest>;
  created_at: Generated<Date>;
  updated_at: Generated<Date>;
}

interface DeletionsTable {
  tenant: string;
  id: string;
  subject: string;
  request: Json<DeletionRequest>;
  reason: string;
  workflow_id: string;
  state: Generated<'queued' | 'running' | 'finished' | 'failed'>;
  step: DeletionStep | null;
  documents: Generated<number>;
  /** Counts as they are found on the way to the receipt. */
  holdings: Json<{ readonly before?: Partial<Holdings>; readonly after?: Partial<Holdings>; readonly shared?: number; readonly others?: DeletionReceipt['others'] }>;
  receipt: Json<DeletionReceipt> | null;
  created_at: Generated<Date>;
  /** When it was fixed which documents go. */
  begun_at: Date | null;
  unsearchable_at: Date | null;
  finished_at: Date | null;
}

interface DeletionDocumentsTable {
  tenant: string;
  deletion_id: string;
  document_id: string;
  sequence: Generated<string>;
  /** `versionId digest` of each version removed. */
  removed: Json<readonly string[]>;
}

interface SweepsTable {
  tenant: string;
  id: string;
  subject: string;
  dry_run: boolean;
  workflow_id: string;
  state: Generated<'queued' | 'running' | 'finished' | 'failed'>;
  report: Json<SweepReport> | null;
  created_at: Generated<Date>;
  finished_at: Date | null;
}

interface SweepPagesTable {
  tenant: string;
  sweep_id: string;
  page: number;
  /** What was condemned of the page, for a try that was cut off before it was removed. */
  condemned: Json<readonly ObjectVerdict[]> | null;
  report: Json<SweepReport> | null;
}

interface RetentionPoliciesTable {
  tenant: string;
  /** What the tenant chose; the rest goes by its default. */
  policy: Json<RetentionChange>;
  updated_at: Generated<Date>;
  /** Since when all that was replaced is still found as of then; null: nothing is kept. */
  history_since: Date | null;
}

interface SynonymsTable {
  tenant: string;
  synonyms: Json<Synonyms>;
  updated_at: Generated<Date>;
}

interface SearchSettingsTable {
  tenant: string;
  settings: Json<SearchSettings>;
  revision: string;
  updated_at: Generated<Date>;
}

interface TenantsTable {
  tenant: string;
  first_seen: Generated<Date>;
}

interface IndexEpochsTable {
  tenant: string;
  epoch: string;
  settings_epoch: Generated<string>;
}

interface WorkOutboxTable {
  id: string;
  kind: 'job' | 'deletion' | 'sweep' | 'labels' | 'consistency';
  tenant: string;
  subject: string;
  workflow_id: string;
  revision: Generated<string>;
  created_at: Generated<Date>;
}

export interface Schema extends AuditTables, BackupTables, ConsistencyTables, GenerationTables, TenantTables, VaultTables {
  jobs: JobsTable;
  job_documents: JobDocumentsTable;
  job_tallies: JobTalliesTable;
  job_events: JobEventsTable;
  discovered_addresses: DiscoveredAddressesTable;
  stage_uses: StageUsesTable;
  documents: DocumentsTable;
  versions: VersionsTable;
  version_artifacts: VersionArtifactsTable;
  stage_outputs: StageOutputsTable;
  uploads: UploadsTable;
  sources: SourcesTable;
  deletions: DeletionsTable;
  deletion_documents: DeletionDocumentsTable;
  sweeps: SweepsTable;
  sweep_pages: SweepPagesTable;
  retention_policies: RetentionPoliciesTable;
  index_epochs: IndexEpochsTable;
  synonyms: SynonymsTable;
  search_settings: SearchSettingsTable;
  api_keys: ApiKeysTable;
  idempotency_keys: IdempotencyKeysTable;
  tenants: TenantsTable;
  work_outbox: WorkOutboxTable;
  limit_clocks: LimitClocksTable;
  limit_slots: LimitSlotsTable;
  rate_counts: RateCountsTable;
  day_counts: RateCountsTable;
  usage_entries: UsageEntriesTable;
  usage_sums: UsageSumsTable;
  budget_alerts: BudgetAlertsTable;
}
