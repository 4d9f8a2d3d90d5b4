import { sql } from 'kysely';
import type { RawBuilder } from 'kysely';
import type { DeadLetterSelection } from '../../../contracts/deadLetters.ts';

/**
 * True for those rows of `job_documents as dead` that are dead letters: failed, not by a cancellation or in a dry run, and neither asked for
 * again nor deleted since. A later request that was cancelled or undone leaves the earlier failure as it is.
 */
export function deadLetterCondition(tenant: string, selection: DeadLetterSelection): RawBuilder<boolean> {
  const { codes, jobId, documents } = selection;
  return sql<boolean>`
    dead.tenant = ${tenant} and dead.state = 'failed' and dead.failure_code not in ('CANCELLED', 'UNDONE')
    and not exists (select from jobs where jobs.tenant = ${tenant} and jobs.id = dead.job_id and dry_run)
    and not exists (
      select from job_documents as later join jobs on jobs.id = later.job_id
      where later.tenant = ${tenant} and later.document_id = dead.document_id and later.sequence > dead.sequence
        and not (later.state = 'failed' and later.failure_code in ('CANCELLED', 'UNDONE')) and not jobs.dry_run)
    and not exists (
      select from deletion_documents as deleted where deleted.tenant = ${tenant} and deleted.document_id = dead.document_id and deleted.sequence > dead.sequence)
    ${codes === undefined ? sql`` : sql`and dead.failure_code = any(${[...codes]}::text[])`}
    ${jobId === undefined ? sql`` : sql`and dead.job_id = ${jobId}`}
    ${documents === undefined ? sql`` : sql`and (dead.job_id, dead.index) in (select * from unnest(${documents.map((document) => document.jobId)}::uuid[], ${documents.map(({ index }) => index)}::integer[]))`}`;
}
