import { sql } from 'kysely';
import type { RawBuilder, Transaction } from 'kysely';
import type { Prices } from '../../../contracts/estimate.ts';
import { versionArtifactKinds } from '../../../contracts/library.ts';
import type { DocumentVersion } from '../../../contracts/library.ts';
import { toVersion } from './libraryRows.ts';
import type { VersionArtifactRow, VersionRow } from './libraryRows.ts';
import type { Schema } from '../schema.ts';

/** Newest first; all of the document, or the one named. */
export async function readVersions(transaction: Transaction<Schema>, tenant: string, documentId: string, prices: Prices, versionId?: RawBuilder<unknown>): Promise<DocumentVersion[]> {
  const { rows } = await sql<VersionRow>`
    select versions.*, coalesce(jobs.subject, '') as subject, case when visible.version_id = versions.id then to_jsonb(visible.policies) else coalesce(request.specification->'policies', '[]') end as policies
    from versions join documents visible on visible.tenant = versions.tenant and visible.id = versions.document_id
      left join jobs on jobs.tenant = versions.tenant and jobs.id = versions.job_id
      left join job_documents request on request.tenant = versions.tenant and request.job_id = versions.job_id and request.document_id = versions.document_id
    where versions.tenant = ${tenant} and versions.document_id = ${documentId} ${versionId === undefined ? sql`` : sql`and versions.id = ${versionId}`}
    order by versions.sequence desc`.execute(transaction);
  if (rows.length === 0) return [];
  const artifacts = await sql<VersionArtifactRow>`
    select * from version_artifacts where tenant = ${tenant} and document_id = ${documentId} and version_id = any(${rows.map(({ id }) => id)}::uuid[]) and kind = any(${[...versionArtifactKinds]}::text[])
    order by array_position(array['raw', 'text', 'chunks', 'vectors', 'manifest'], kind)`.execute(transaction);
  return rows.map((row) => toVersion(row, artifacts.rows, prices));
}
