import type { Generated, GeneratedAlways } from 'kysely';
import type { ArtifactReference } from '../../../contracts/artifacts.ts';
import type { FetchRecord } from '../../../contracts/fetched.ts';
import type { Digest } from '../../../contracts/identifiers.ts';
import type { VersionArtifactKind } from '../../../contracts/library.ts';
import type { Json } from '../jsonColumn.ts';
import type { DocumentsTable } from './documentsTable.ts';

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
  /** Of passages that were cut anew. */
  points: number | null;
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

export interface DocumentTables {
  documents: DocumentsTable;
  versions: VersionsTable;
  version_artifacts: VersionArtifactsTable;
  stage_outputs: StageOutputsTable;
  uploads: UploadsTable;
}
