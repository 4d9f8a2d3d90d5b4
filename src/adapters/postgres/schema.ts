import type { ColumnType, Generated } from 'kysely';
import type { ArtifactReference } from '../../contracts/artifacts.ts';
import type { Failure } from '../../contracts/failure.ts';
import type { DocumentProgress } from '../../contracts/ingestion.ts';
import type { Digest } from '../../contracts/identifiers.ts';
import type { Outcome, Stage, State } from '../../contracts/jobs.ts';
import type { DocumentSpecification } from '../../contracts/specification.ts';

/** A JSON column: read as a value, written as text. */
type Json<Value> = ColumnType<Value, string, string>;

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
  progress: Json<DocumentProgress> | null;
  started_at: Date | null;
  finished_at: Date | null;
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

interface DocumentsTable {
  tenant: string;
  id: string;
  source_key: string;
  title: string | null;
  version_id: string | null;
  version_digest: Digest | null;
  /** Of the visible version. */
  sequence: string | null;
  /** Of the version that made the document. */
  created_sequence: string | null;
  chunks: number | null;
  created_at: Generated<Date>;
  updated_at: Generated<Date>;
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
  manifest: Json<ArtifactReference>;
  published_at: Generated<Date>;
  replaced_at: Date | null;
}

interface StageOutputsTable {
  tenant: string;
  key: Digest;
  reference: Json<ArtifactReference>;
  created_at: Generated<Date>;
}

interface UploadsTable {
  tenant: string;
  id: string;
  file_name: string;
  media_type: string;
  bytes: string;
  reference: Json<ArtifactReference>;
  created_at: Generated<Date>;
}

interface JobOutboxTable {
  job_id: string;
  tenant: string;
  subject: string;
  workflow_id: string;
  created_at: Generated<Date>;
}

export interface Schema {
  jobs: JobsTable;
  job_documents: JobDocumentsTable;
  job_events: JobEventsTable;
  documents: DocumentsTable;
  versions: VersionsTable;
  stage_outputs: StageOutputsTable;
  uploads: UploadsTable;
  job_outbox: JobOutboxTable;
}
