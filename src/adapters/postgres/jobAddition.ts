import { sql } from 'kysely';
import type { Transaction } from 'kysely';
import type { AddedDocument, AddedHandle, JobSteering } from '../../ports/jobSteering.ts';
import { appendDocuments } from './appendDocuments.ts';
import type { Database } from './database.ts';
import type { Schema } from './schema.ts';
import { applyChange, lockSteered, refuseCancelled, refuseFinished, reopened } from './steeredJob.ts';
import type { SteeredJob } from './steeredJob.ts';

export function createJobAddition(database: Database): Pick<JobSteering, 'add'> {
  return {
    async add(tenant, jobId, documents, { reopen = false, again = false } = {}) {
      return database.withTenant(tenant, async (transaction) => {
        const job = await lockSteered(transaction, tenant, jobId);
        if (!reopen) {
          refuseFinished(job);
          refuseCancelled(job);
        }
        const repeated = again ? await queueAgain(transaction, job, documents) : 0;
        const { added } = await appendDocuments(transaction, job, documents.map((document) => ({ document, failure: null })));
        // A finished job stays so where nothing joined: this was a repeated call.
        if (added + repeated > 0) await applyChange(transaction, job, reopened(job));
        return findHandles(transaction, job, documents);
      });
    },
  };
}

/** Documents that the job is done with become what is given now, under a new number; answers how many. */
async function queueAgain(transaction: Transaction<Schema>, job: SteeredJob, documents: readonly AddedDocument[]): Promise<number> {
  const { rows } = await sql`
    with queued as (
      update job_documents set state = 'queued', stage = null, outcome = null, version_id = null, chunks = null, pages = null, lost_pages = '{}', failure = null,
        progress = null, preview = null, started_at = null, finished_at = null, rounds = rounds + 1, sequence = nextval('document_sequence'),
        specification = document || jsonb_build_object('index', index), source_id = (document->>'sourceId')::uuid, parent_id = (document->>'parentId')::uuid
      from jsonb_array_elements(${JSON.stringify(documents)}::jsonb) as document
      where tenant = ${job.tenant} and job_id = ${job.id} and document_id = (document->>'documentId')::uuid and state not in ('queued', 'running')
      returning index, document_id
    )
    insert into job_events (tenant, job_id, type, index, document_id, state)
    select ${job.tenant}, ${job.id}, 'document', index, document_id, 'queued' from queued order by index
    returning index`.execute(transaction);
  return rows.length;
}

async function findHandles(transaction: Transaction<Schema>, job: SteeredJob, documents: readonly AddedDocument[]): Promise<AddedHandle[]> {
  const rows = await transaction
    .selectFrom('job_documents')
    .select(['index', 'document_id'])
    .where('tenant', '=', job.tenant)
    .where('job_id', '=', job.id)
    .where('document_id', '=', sql<string>`any(${documents.map(({ documentId }) => documentId)}::uuid[])`)
    .execute();
  const indexes = new Map(rows.map((row) => [row.document_id, row.index]));
  return documents.flatMap(({ documentId }) => {
    const index = indexes.get(documentId);
    return index === undefined ? [] : [{ index, documentId }];
  });
}
