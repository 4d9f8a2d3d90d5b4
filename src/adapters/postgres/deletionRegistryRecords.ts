import { sql } from 'kysely';
import type { Transaction } from 'kysely';
import { findUses, meetsAny } from './artifactUses.ts';
import type { ArtifactUse } from './artifactUses.ts';
import { lockDeletion } from './deletionRegistryReads.ts';
import { findOwnRanges, isAnothers } from './deletionRegistryRelease.ts';
import type { DoomedPage } from './deletionRegistryRelease.ts';
import type { Schema } from './schema.ts';

/** All in one transaction, so that what is counted here is counted once however often the step is repeated. */
export async function removeRecords(transaction: Transaction<Schema>, page: DoomedPage): Promise<void> {
  const { tenant, deletionId, documentIds } = page;
  if (documentIds.length === 0) return;
  const { holdings } = await lockDeletion(transaction, tenant, deletionId);
  const shared = (holdings.shared ?? 0) + (await countShared(transaction, page));
  await sql`update deletions set holdings = ${JSON.stringify({ ...holdings, shared })} where tenant = ${tenant} and id = ${deletionId}`.execute(transaction);
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

async function removeVersions(transaction: Transaction<Schema>, { tenant, deletionId, documentIds }: DoomedPage): Promise<void> {
  await sql`
    with doomed as (
      select document_id, sequence from deletion_documents where tenant = ${tenant} and deletion_id = ${deletionId} and document_id = any(${[...documentIds]}::uuid[])
    ), gone as (
      delete from versions using doomed where versions.tenant = ${tenant} and versions.document_id = doomed.document_id and versions.sequence <= doomed.sequence
      returning versions.document_id, versions.id, versions.digest
    ), artifacts as (
      delete from version_artifacts using gone where version_artifacts.tenant = ${tenant} and version_artifacts.document_id = gone.document_id and version_artifacts.version_id = gone.id
    ), listed as (
      select document_id, jsonb_agg(id || ' ' || digest order by id) as removed from gone group by document_id
    )
    update deletion_documents set removed = deletion_documents.removed || listed.removed from listed
    where tenant = ${tenant} and deletion_id = ${deletionId} and deletion_documents.document_id = listed.document_id`.execute(transaction);
}

/** What stays of a request: ids, times, states and codes. One that is still in work keeps where its artifacts lie, until its publication ends it. */
async function scrubRequests(transaction: Transaction<Schema>, { tenant, deletionId, documentIds }: DoomedPage): Promise<void> {
  const remark = JSON.stringify('The document was deleted.');
  await sql`
    with scrubbed as (
      update job_documents task set
        specification = jsonb_strip_nulls(jsonb_build_object('index', task.index, 'documentId', task.document_id, 'sourceKey', '',
          'source', jsonb_build_object('type', task.specification->'source'->'type', 'location', ''),
          'origin', jsonb_build_object('type', 'artifact', 'uri', 's3://deleted'), 'metadata', '{}'::jsonb, 'tags', '[]'::jsonb, 'policies', '[]'::jsonb,
          'sourceId', task.source_id, 'parentId', task.parent_id)),
        failure = case when task.failure is not null then jsonb_set(task.failure, '{message}', ${remark}::jsonb) end,
        progress = case when task.finished_at is null then task.progress - array['fileName', 'url', 'sourceTitle', 'fetched'] end,
        preview = null
      from deletion_documents doomed
      where doomed.tenant = ${tenant} and doomed.deletion_id = ${deletionId} and doomed.document_id = any(${[...documentIds]}::uuid[])
        and task.tenant = ${tenant} and task.document_id = doomed.document_id and task.sequence <= doomed.sequence
      returning task.job_id, task.document_id
    )
    update job_events set failure = jsonb_set(job_events.failure, '{message}', ${remark}::jsonb) from scrubbed
    where job_events.tenant = ${tenant} and job_events.job_id = scrubbed.job_id and job_events.document_id = scrubbed.document_id and job_events.failure is not null`.execute(transaction);
}
