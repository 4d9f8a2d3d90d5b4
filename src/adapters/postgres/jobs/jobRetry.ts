import { sql } from 'kysely';
import type { Transaction } from 'kysely';
import type { JobSteering } from '../../../ports/jobSteering.ts';
import type { Database } from '../database.ts';
import { deadLetterCondition } from './deadLetterCondition.ts';
import type { Schema } from '../schema.ts';
import { applyChange, lockSteered, refuseCancelled, reopened } from './steeredJob.ts';
import type { SteeredJob } from './steeredJob.ts';

/** Failed documents of a job to queue again; null: whatever it is. */
interface Wanted {
  readonly codes: readonly string[] | null;
  readonly indexes: readonly number[] | null;
}

export function createJobRetry(database: Database): Pick<JobSteering, 'retry' | 'replay'> {
  return {
    async retry(tenant, jobId, { codes = null, indexes = null }) {
      return database.withTenant(tenant, async (transaction) => {
        const job = await lockSteered(transaction, tenant, jobId);
        refuseCancelled(job);
        return retryJob(transaction, job, { codes, indexes });
      });
    },

    async replay(tenant, selection) {
      return database.withTenant(tenant, async (transaction) => {
        const { rows } = await sql<{ job_id: string; indexes: number[] }>`
          select job_id, array_agg(index) as indexes from job_documents as dead where ${deadLetterCondition(tenant, selection)} group by job_id order by job_id`.execute(transaction);
        let documents = 0;
        const jobs: string[] = [];
        for (const { job_id: jobId, indexes } of rows) {
          const job = await lockSteered(transaction, tenant, jobId);
          if (job.cancellation !== null && job.finished_at === null) continue;
          const queued = await retryJob(transaction, job, { codes: selection.codes ?? null, indexes });
          documents += queued;
          if (queued > 0) jobs.push(jobId);
        }
        return { documents, jobs };
      });
    },
  };
}

async function retryJob(transaction: Transaction<Schema>, job: SteeredJob, { codes, indexes }: Wanted): Promise<number> {
  const { rows } = await sql`
    with queued as (
      update job_documents set state = 'queued', stage = null, failure = null, rounds = rounds + 1, started_at = null, finished_at = null
      where tenant = ${job.tenant} and job_id = ${job.id} and state = 'failed' and failure_code <> 'UNDONE'
        and (${codes === null} or failure_code = any(${codes === null ? [] : [...codes]}::text[]))
        and not exists (
          select from deletion_documents as deleted
          where deleted.tenant = ${job.tenant} and deleted.document_id = job_documents.document_id and deleted.sequence > job_documents.sequence)
        and (${indexes === null} or index = any(${indexes === null ? [] : [...indexes]}::integer[]))
      returning index, document_id
    )
    insert into job_events (tenant, job_id, type, index, document_id, state)
    select ${job.tenant}, ${job.id}, 'document', index, document_id, 'queued' from queued order by index
    returning index`.execute(transaction);
  if (rows.length === 0) return 0;
  const queued = rows.length;
  await applyChange(transaction, job, job.finished_at === null ? {} : { ...reopened(job), cancellation: null });
  return queued;
}
