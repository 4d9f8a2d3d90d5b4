import { sql } from 'kysely';
import type { Transaction } from 'kysely';
import type { Deletion, DeletionRequest } from '../../../contracts/deletions.ts';
import { CatalystError } from '../../../contracts/errors.ts';
import type { NewDeletion } from '../../../ports/deletionRegistry.ts';
import type { JobOwner } from '../../../ports/jobRegistry.ts';
import { findDeletion, lockDeletion, toDeletion } from './deletionRegistryReads.ts';
import type { Schema } from '../schema.ts';
import { requestWork } from '../workOutbox.ts';

export async function acceptDeletion(transaction: Transaction<Schema>, { tenant, subject }: JobOwner, deletion: NewDeletion): Promise<Deletion> {
  const { id, workflowId, request, reason } = deletion;
  const { numInsertedOrUpdatedRows } = await transaction
    .insertInto('deletions')
    .values({ tenant, id, subject, request: JSON.stringify(request), reason, workflow_id: workflowId, holdings: '{}' })
    .onConflict((conflict) => conflict.columns(['tenant', 'id']).doNothing())
    .executeTakeFirst();
  if ((numInsertedOrUpdatedRows ?? 0n) > 0n) {
    await requireKnown(transaction, tenant, request);
    await requestWork(transaction, { id, kind: 'deletion', tenant, subject, workflowId });
  }
  return toDeletion(await lockDeletion(transaction, tenant, id));
}

export async function acceptDeletionAgain(transaction: Transaction<Schema>, owner: JobOwner, { id, workflowId, documents }: { readonly id: string; readonly workflowId: string; readonly documents: readonly string[] }): Promise<number | undefined> {
  const { tenant } = owner;
  if ((await findDeletion(transaction, tenant, id)) !== undefined) return undefined;
  const here = await listHere(transaction, tenant, documents);
  if (here.length > 0) await acceptDeletion(transaction, owner, { id, workflowId, request: { documents: here }, reason: 'restore' });
  return here.length;
}

/** Documents that are not deleted, and those that requests may still bring in. */
async function listHere(transaction: Transaction<Schema>, tenant: string, documents: readonly string[]): Promise<string[]> {
  const { rows } = await sql<{ id: string }>`
    select id from unnest(${[...documents]}::uuid[]) as wanted (id)
    where exists (select from documents where documents.tenant = ${tenant} and documents.id = wanted.id and deleted_at is null)
      or exists (select from job_documents task where task.tenant = ${tenant} and task.document_id = wanted.id and not exists (
        select from deletion_documents gone where gone.tenant = ${tenant} and gone.document_id = wanted.id and gone.sequence >= task.sequence))
    order by id`.execute(transaction);
  return rows.map(({ id }) => id);
}

async function requireKnown(transaction: Transaction<Schema>, tenant: string, request: DeletionRequest): Promise<void> {
  if ('everything' in request) return;
  if ('sourceId' in request) {
    const { rows } = await sql`
      select where exists (select from sources where tenant = ${tenant} and id = ${request.sourceId})
        or exists (select from documents where tenant = ${tenant} and source_id = ${request.sourceId})
        or exists (select from jobs where tenant = ${tenant} and source_id = ${request.sourceId})`.execute(transaction);
    if (rows.length === 0) throw new CatalystError('NOT_FOUND', `There is no source ${request.sourceId}.`);
    return;
  }
  const { rows } = await sql<{ id: string }>`
    select id from unnest(${[...request.documents]}::uuid[]) as wanted (id)
    where not exists (select from documents where documents.tenant = ${tenant} and documents.id = wanted.id)
      and not exists (select from job_documents where job_documents.tenant = ${tenant} and job_documents.document_id = wanted.id)`.execute(transaction);
  const [unknown] = rows;
  if (unknown !== undefined) throw new CatalystError('NOT_FOUND', `There is no document ${unknown.id}${rows.length > 1 ? `, nor ${rows.length - 1} others of the request` : ''}.`);
}
