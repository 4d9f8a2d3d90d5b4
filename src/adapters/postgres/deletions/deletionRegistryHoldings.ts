import { sql } from 'kysely';
import type { Transaction } from 'kysely';
import type { Holdings } from '../../../contracts/deletions.ts';
import type { Schema } from '../schema.ts';

/** What the registry holds of the documents of a deletion now; what came after its number is not counted. */
export async function countHoldings(transaction: Transaction<Schema>, tenant: string, deletionId: string): Promise<Omit<Holdings, 'points'>> {
  const { rows } = await sql<Record<'documents' | 'versions' | 'artifacts' | 'bytes', string>>`
    with doomed as (
      select document_id, sequence from deletion_documents where tenant = ${tenant} and deletion_id = ${deletionId}
    ), version as (
      select versions.document_id, versions.id from versions join doomed on doomed.document_id = versions.document_id and versions.sequence <= doomed.sequence where versions.tenant = ${tenant}
    ), range as (
      select distinct artifact.uri, artifact.start, artifact.length from version_artifacts artifact
      join version on version.document_id = artifact.document_id and version.id = artifact.version_id where artifact.tenant = ${tenant}
    )
    select
      (select count(*) from documents join doomed on doomed.document_id = documents.id
        where documents.tenant = ${tenant} and documents.deleted_at is null and documents.sequence <= doomed.sequence) as documents,
      (select count(*) from version) as versions, (select count(*) from range) as artifacts, (select coalesce(sum(length), 0) from range) as bytes`.execute(transaction);
  const [row] = rows;
  return { documents: Number(row?.documents ?? 0), versions: Number(row?.versions ?? 0), artifacts: Number(row?.artifacts ?? 0), bytes: Number(row?.bytes ?? 0) };
}
