import { sql } from 'kysely';
import type { RawBuilder, Transaction } from 'kysely';
import type { DeletionRequest, Holdings } from '../../../contracts/deletions.ts';
import { countHoldings } from './deletionRegistryHoldings.ts';
import { lockDeletion } from './deletionRegistryReads.ts';
import { lockJob } from '../jobs/jobLock.ts';
import type { Schema } from '../schema.ts';

type Beginning = { readonly documents: number; readonly before: Omit<Holdings, 'points'> };

export async function beginDeletion(transaction: Transaction<Schema>, tenant: string, deletionId: string): Promise<Beginning> {
  const deletion = await lockDeletion(transaction, tenant, deletionId);
  const { documents, holdings } = deletion;
  if (deletion.begun_at !== null) return { documents, before: { documents: 0, versions: 0, artifacts: 0, bytes: 0, ...holdings.before } };
  const doomed = await chooseDocuments(transaction, tenant, deletionId, deletion.request);
  const before = await countHoldings(transaction, tenant, deletionId);
  await endRequests(transaction, tenant, deletionId);
  await buryDocuments(transaction, tenant, deletionId);
  // A source that went on being read would bring everything back.
  if ('everything' in deletion.request) await transaction.deleteFrom('sources').where('tenant', '=', tenant).execute();
  await sql`
    update deletions set state = 'running', step = 'hide', begun_at = now(), documents = ${doomed}, holdings = ${JSON.stringify({ before })}
    where tenant = ${tenant} and id = ${deletionId}`.execute(transaction);
  return { documents: doomed, before };
}

/**
 * One number for all: higher than that of every request accepted before. Documents that requests only name go too: what is being ingested
 * of them does not come back, and what failed is forgotten.
 */
async function chooseDocuments(transaction: Transaction<Schema>, tenant: string, deletionId: string, request: DeletionRequest): Promise<number> {
  const { numAffectedRows } = await sql`
    with recursive doomed as (
      ${roots(tenant, request)}
      union select child.id from doomed, lateral (
        select id from documents where tenant = ${tenant} and parent_id = doomed.id and deleted_at is null
        union all select document_id from job_documents where tenant = ${tenant} and parent_id = doomed.id) as child
    ), number as (select nextval('document_sequence') as sequence)
    insert into deletion_documents (tenant, deletion_id, document_id, sequence)
    select ${tenant}, ${deletionId}, doomed.id, number.sequence from doomed, number`.execute(transaction);
  return Number(numAffectedRows ?? 0n);
}

/** Documents that are gone already are left out, unless they are named. */
function roots(tenant: string, request: DeletionRequest): RawBuilder<unknown> {
  if ('documents' in request) return sql`select distinct id from unnest(${[...request.documents]}::uuid[]) as named (id)`;
  const ofSource = 'sourceId' in request ? sql`and source_id = ${request.sourceId}` : sql``;
  return sql`
    select id from (
      select id from documents where tenant = ${tenant} and deleted_at is null ${ofSource}
      union select document_id from job_documents where tenant = ${tenant} ${ofSource}
        and not exists (
          select from deletion_documents gone
          where gone.tenant = ${tenant} and gone.document_id = job_documents.document_id and gone.sequence >= job_documents.sequence)
    ) as known`;
}

/**
 * Requests that have not come to writing points end here, so that they bring nothing back and cost no more. Those that may be writing
 * go on to their publication, which finds them superseded and takes their points away.
 */
async function endRequests(transaction: Transaction<Schema>, tenant: string, deletionId: string): Promise<void> {
  const endable = sql`
    doomed.tenant = ${tenant} and doomed.deletion_id = ${deletionId} and task.tenant = ${tenant} and task.document_id = doomed.document_id and task.sequence < doomed.sequence
    and (task.state = 'queued' or task.state = 'running' and coalesce(task.stage, '') not in ('upsert', 'publish'))`;
  const { rows: jobs } = await sql<{ id: string }>`
    select distinct task.job_id as id from job_documents task, deletion_documents doomed where ${endable} order by id`.execute(transaction);
  if (jobs.length === 0) return;
  for (const { id } of jobs) await lockJob(transaction, id);
  await sql`
    with ended as (
      update job_documents task set state = 'succeeded', outcome = 'superseded', finished_at = now(), started_at = coalesce(task.started_at, now())
      from deletion_documents doomed where ${endable} and task.job_id = any(${jobs.map(({ id }) => id)}::uuid[])
      returning task.*
    )
    insert into job_events (tenant, job_id, type, index, document_id, state, outcome)
    select tenant, job_id, 'document', index, document_id, state, outcome from ended order by job_id, index`.execute(transaction);
}

/** What remains of a document: its id, and the number below which no request may bring it back. Locked in the order of ids, as publications do. */
async function buryDocuments(transaction: Transaction<Schema>, tenant: string, deletionId: string): Promise<void> {
  const doomed = sql`select document_id from deletion_documents where tenant = ${tenant} and deletion_id = ${deletionId}`;
  await sql`
    insert into documents (tenant, id, source_key) select ${tenant}, document_id, '' from (${doomed} order by document_id) as named
    on conflict (tenant, id) do nothing`.execute(transaction);
  await sql`select from documents where tenant = ${tenant} and id in (${doomed}) order by id for update`.execute(transaction);
  await sql`
    update documents set sequence = doomed.sequence, created_sequence = null, version_id = null, version_digest = null, chunks = null,
      title = null, source = null, source_key = '', ingested_policies = documents.policies, set_policies = null, label_change = null, deleted_at = coalesce(documents.deleted_at, now()), updated_at = now()
    from deletion_documents doomed
    where doomed.tenant = ${tenant} and doomed.deletion_id = ${deletionId} and documents.tenant = ${tenant} and documents.id = doomed.document_id
      and coalesce(documents.sequence, 0) < doomed.sequence`.execute(transaction);
  // Erasure goes before history: nothing of it is expected in the index any more.
  await sql`
    update versions set kept = false from deletion_documents doomed
    where doomed.tenant = ${tenant} and doomed.deletion_id = ${deletionId} and versions.tenant = ${tenant} and versions.kept and versions.document_id = doomed.document_id and versions.sequence <= doomed.sequence`.execute(transaction);
}
