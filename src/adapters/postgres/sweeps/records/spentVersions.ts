import { sql } from 'kysely';
import type { RawBuilder } from 'kysely';
import type { RecordKeeping } from './recordKeeping.ts';

/** Of a row of `versions`: it was replaced long ago, and none of its artifacts is left. */
export function isSpent(tenant: string, { jobs }: RecordKeeping): RawBuilder<boolean> {
  return sql<boolean>`(versions.replaced_at is not null and versions.replaced_at <= ${jobs}
    and not exists (select from version_artifacts artifact where artifact.tenant = ${tenant} and artifact.document_id = versions.document_id and artifact.version_id = versions.id)
    and not exists (select from documents where documents.tenant = ${tenant} and documents.id = versions.document_id and documents.version_id = versions.id))`;
}
