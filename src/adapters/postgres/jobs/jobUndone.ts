import { sql } from 'kysely';
import type { Transaction } from 'kysely';
import { errorTable } from '../../../contracts/errors.ts';
import type { Failure } from '../../../contracts/failure.ts';
import type { Schema } from '../schema.ts';

const takenBack: Failure = { code: 'UNDONE', message: 'The job was cancelled, and what it had made of the document was taken back.', remedy: errorTable.UNDONE.remedy };

/**
 * In a job that is being undone, whatever it made and search no longer shows did not succeed. What a later job replaced before the
 * cancellation, and what somebody deleted, was not taken back by it: that stays as it was told.
 */
export async function recordUndone(transaction: Transaction<Schema>, tenant: string, jobId: string): Promise<void> {
  await sql`
    with undone as (
      update job_documents set state = 'failed', outcome = null, version_id = null, chunks = null, pages = null, lost_pages = '{}', failure = ${JSON.stringify(takenBack)}::jsonb, finished_at = now()
      from jobs
      where jobs.tenant = ${tenant} and jobs.id = ${jobId} and jobs.finished_at is null and jobs.cancellation->>'mode' = 'undo'
        and job_documents.tenant = ${tenant} and job_documents.job_id = ${jobId} and outcome in ('created', 'updated')
        and not exists (
          select from documents where documents.tenant = ${tenant} and documents.id = job_documents.document_id and documents.version_id = job_documents.version_id and deleted_at is null)
        and not exists (
          select from versions where versions.tenant = ${tenant} and versions.document_id = job_documents.document_id and versions.id = job_documents.version_id
            and replaced_at < (jobs.cancellation->>'at')::timestamptz)
        and not exists (
          select from deletion_documents as deleted join deletions on deletions.tenant = ${tenant} and deletions.id = deleted.deletion_id
          where deleted.tenant = ${tenant} and deleted.document_id = job_documents.document_id and deleted.sequence > job_documents.sequence and deletions.reason <> 'undo')
      returning job_documents.*
    )
    insert into job_events (tenant, job_id, type, index, document_id, state, failure)
    select tenant, job_id, 'document', index, document_id, state, failure from undone order by index`.execute(transaction);
}
