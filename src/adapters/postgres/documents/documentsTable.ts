import type { ColumnType, Generated, GeneratedAlways } from 'kysely';
import type { Source } from '../../../contracts/documents.ts';
import type { Digest } from '../../../contracts/identifiers.ts';

export interface DocumentsTable {
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
  source: ColumnType<Source, string, string> | null;
  source_id: string | null;
  parent_id: string | null;
  /** Of the visible version, as it was ingested. */
  ingested_policies: Generated<readonly string[]>;
  /** By hand; they go before those of any version. */
  set_policies: readonly string[] | null;
  /** Those that count. */
  policies: GeneratedAlways<readonly string[]>;
  /** Of the change by hand that the index may not know of yet. */
  label_change: string | null;
  deleted_at: Date | null;
  created_at: Generated<Date>;
  updated_at: Generated<Date>;
}
