import { sql } from 'kysely';
import type { Transaction } from 'kysely';
import { findUses, meetsAny } from '../sweeps/artifactUses.ts';
import type { ArtifactUse } from '../sweeps/artifactUses.ts';
import { lockDeletion } from './deletionRegistryReads.ts';
import { findOwnRanges, isAnothers } from './deletionRegistryRelease.ts';
import type { DoomedPage } from './deletionRegistryRelease.ts';
import type { Schema } from '../schema.ts';
import { removeVaultUses } from '../vault/removeUses.ts';

/** All in one transaction, so that what is counted here is counted once however often the step is repeated. */
export async function removeRecords(transaction: Transaction<Schema>, page: DoomedPage): Promise<void> {
  const { tenant, deletionId, documentIds } = page;
  if (documentIds.length === 0) return;
  const { holdings } = await lockDeletion(transaction, tenant, deletionId);
  const shared = (holdings.shared ?? 0) + (await countShared(transaction, page));
  await sql`update deletions set holdings = ${JSON.stringify({ ...holdings, shared })} where tenant = ${tenant} and id = ${deletionId}`.execute(transaction);
  await removeVaultUses(transaction, tenant, isTaken(page, 'vault_uses'));
  await removeVersions(transaction, page);
  await scrubRequests(transaction, page);
}

/** Ranges that others use; one that several documents of the deletion have is counted with the last of them. */
async function countShared(transaction: Transaction<Schema>, page: DoomedPage): Promise<number> {
  const ranges = await findOwnRanges(transaction, page);
  const uses = await findUses(transaction, page.tenant, [...new Set(ranges.map(({ uri }) => uri))]);
  const own = new Set(page.documentIds);
  const goesLater = (use: ArtifactUse) => (use.by === 'version' || use.by === 'request') && use.deleted && !own.has(use.documentId);
  const [isShared, isCountedLater] = [meetsAny(uses, isAnothers), meetsAny(uses, goesLater)];
  return ranges.filter((range) => isShared(range) && !isCountedLater(range)).length;
}

/** Named by array and by primary key, so that no plan depends on how well the tables are known to the planner. */
function isTaken({ tenant, deletionId, documentIds }: DoomedPage, table: 'versions' | 'job_documents' | 'vault_uses') {
  const of = (column: string) => sql.ref(`${table}.${column}`);
  return sql`${of('tenant')} = ${tenant} and ${of('document_id')} = any(${[...documentIds]}::uuid[]) and ${of('sequence')} <= (
    select doomed.sequence from deletion_documents doomed where doomed.tenant = ${tenant} and doomed.deletion_id = ${deletionId} and doomed.document_id = ${of('document_id')})`;
}

async function removeVersions(transaction: Transaction<Schema>, page: DoomedPage): Promise<void> {
  const { tenant, deletionId, documentIds } = page;
  const { rows } = await sql<{ document_id: string; id: string; digest: string }>`
    delete from versions where ${isTaken(page, 'versions')} returning document_id, id, digest`.execute(transaction);
  if (rows.length === 0) return;
  await sql`
    delete from version_artifacts
    where tenant = ${tenant} and document_id = any(${[...documentIds]}::uuid[]) and version_id = any(${rows.map(({ id }) => id)}::uuid[])`.execute(transaction);
  const removed = [...Map.groupBy(rows, (row) => row.document_id)].map(([documentId, versions]) => ({ documentId, versions: versions.map(({ id, digest }) => `${id} ${digest}`) }));
  await sql`
    update deletion_documents set removed = deletion_documents.removed || gone.versions
    from jsonb_to_recordset(${JSON.stringify(removed)}::jsonb) as gone ("documentId" uuid, versions jsonb)
    where tenant = ${tenant} and deletion_id = ${deletionId} and document_id = gone."documentId"`.execute(transaction);
}

const remark = JSON.stringify('The document was deleted.');

/** What stays of a request: ids, times, states and codes. One that is still in work keeps where its artifacts lie, until its publication ends it. */
async function scrubRequests(transaction: Transaction<Schema>, page: DoomedPage): Promise<void> {
  const { rows } = await sql<{ job_id: string; document_id: string }>`
    update job_documents set
      specification = jsonb_strip_nulls(jsonb_build_object('index', index, 'documentId', document_id, 'sourceKey', '',
        'source', jsonb_build_object('type', specification->'source'->'type', 'location', ''),
        'origin', jsonb_build_object('type', 'artifact', 'uri', 's3://deleted'), 'metadata', '{}'::jsonb, 'tags', '[]'::jsonb, 'policies', '[]'::jsonb,
        'sourceId', source_id, 'parentId', parent_id)),
      failure = case when failure is not null then jsonb_set(failure, '{message}', ${remark}::jsonb) end,
      progress = case when finished_at is null then progress - array['fileName', 'url', 'sourceTitle', 'fetched'] end,
      preview = null
    where ${isTaken(page, 'job_documents')}
    returning job_id, document_id`.execute(transaction);
  // Also of tries that failed before a last one that did not.
  for (const [jobId, own] of Map.groupBy(rows, (row) => row.job_id)) {
    await sql`
      update job_events set failure = jsonb_set(failure, '{message}', ${remark}::jsonb)
      where tenant = ${page.tenant} and job_id = ${jobId} and document_id = any(${own.map((row) => row.document_id)}::uuid[]) and failure is not null`.execute(transaction);
  }
}
