import { sql } from 'kysely';
import type { Transaction } from 'kysely';
import type { DocumentResult } from '../../../contracts/jobs.ts';
import { lockJob } from './jobLock.ts';
import type { Schema } from '../schema.ts';

/** Without statistics each result is compared with each document of the call: that must stay few. */
const resultsAtOnce = 250;

/** The artifacts of a document that failed stay named, for whoever looks into it; those of a superseded one so that its deletion finds them. */
export async function recordResults(transaction: Transaction<Schema>, tenant: string, jobId: string, results: readonly DocumentResult[]): Promise<number[]> {
  await lockJob(transaction, jobId);
  const recorded: number[] = [];
  for (let start = 0; start < results.length; start += resultsAtOnce) {
    recorded.push(...(await recordSome(transaction, tenant, jobId, results.slice(start, start + resultsAtOnce))));
  }
  return recorded;
}

async function recordSome(transaction: Transaction<Schema>, tenant: string, jobId: string, results: readonly DocumentResult[]): Promise<number[]> {
  const { rows } = await sql<{ index: number }>`
    with result as (
      select * from jsonb_to_recordset(${JSON.stringify(results)}::jsonb)
        as result (index integer, state text, outcome text, "versionId" uuid, chunks integer, pages integer, "lostPages" integer[], failure jsonb, preview jsonb)
    ), finished as (
      update job_documents set state = result.state, outcome = result.outcome, version_id = result."versionId", chunks = result.chunks, pages = result.pages,
        lost_pages = result."lostPages", failure = nullif(result.failure, 'null'::jsonb), preview = result.preview, finished_at = now(), started_at = coalesce(started_at, now()),
        progress = case when result.state = 'failed' or result.outcome = 'superseded' then progress end
      from result where tenant = ${tenant} and job_id = ${jobId} and job_documents.index = result.index and job_documents.index = any(${indexesOf(results)}::integer[]) and job_documents.state in ('queued', 'running')
      returning job_documents.*
    )
    insert into job_events (tenant, job_id, type, index, document_id, state, outcome, failure)
    select tenant, job_id, 'document', index, document_id, state, outcome, failure from finished order by index
    returning index`.execute(transaction);
  return rows.map(({ index }) => index);
}

/** Named once more beside the join: a search for known indexes is never taken for dearer than reading the whole job. */
export function indexesOf(documents: readonly { readonly index: number }[]): number[] {
  return documents.map(({ index }) => index);
}
