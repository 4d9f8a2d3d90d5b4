import { sql } from 'kysely';
import type { Transaction } from 'kysely';
import type { Deletion, DeletionRequest } from '../../../contracts/deletions.ts';
import { CatalystError } from '../../../contracts/errors.ts';
import type { NewDeletion } from '../../../ports/deletionRegistry.ts';
import type { JobOwner } from '../../../ports/jobRegistry.ts';
import { lockDeletion, toDeletion } from './deletionRegistryReads.ts';
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
