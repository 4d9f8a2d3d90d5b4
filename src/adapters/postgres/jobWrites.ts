import { sql } from 'kysely';
import type { Transaction } from 'kysely';
import { CatalystError } from '../../contracts/errors.ts';
import type { DocumentResult, JobCounts, State } from '../../contracts/jobs.ts';
import type { JobRegistry, StagedDocument } from '../../ports/jobRegistry.ts';
import type { Database } from './database.ts';
import { readJob, toTask } from './jobReads.ts';
import type { TaskRow } from './jobReads.ts';
import type { Schema } from './schema.ts';

type Writes = Pick<JobRegistry, 'accept' | 'markJobRunning' | 'beginStage' | 'endStage' | 'finishDocuments' | 'finishJob'>;

export function createJobWrites(database: Database): Writes {
  return {
    async accept(principal, job) {
      await database.withTenant(principal.tenant, async (transaction) => {
        const { tenant, subject } = principal;
        await transaction.insertInto('jobs').values({ tenant, id: job.jobId, subject, workflow_id: job.workflowId, total: job.documents.length }).execute();
        await sql`
          insert into job_documents (tenant, job_id, index, document_id, specification)
          select ${tenant}, ${job.jobId}, (document->>'index')::integer, (document->>'documentId')::uuid, document
          from jsonb_array_elements(${JSON.stringify(job.documents)}::jsonb) as document`.execute(transaction);
        await transaction.insertInto('job_outbox').values({ tenant, subject, job_id: job.jobId, workflow_id: job.workflowId }).execute();
      });
    },

    async markJobRunning(tenant, jobId) {
      await database.withTenant(tenant, async (transaction) => {
        await lockJobEvents(transaction, jobId);
        const { numUpdatedRows } = await transaction
          .updateTable('jobs')
          .set({ state: 'running', started_at: sql`coalesce(started_at, now())` })
          .where('tenant', '=', tenant)
          .where('id', '=', jobId)
          .where('state', '=', 'queued')
          .executeTakeFirst();
        if (numUpdatedRows > 0n) await transaction.insertInto('job_events').values({ tenant, job_id: jobId, type: 'job', state: 'running' }).execute();
      });
    },

    async beginStage(tenant, jobId, indexes, stage) {
      return database.withTenant(tenant, async (transaction) => {
        if (stage === 'acquire') await announceRunning(transaction, tenant, jobId, indexes);
        const { rows } = await sql<TaskRow>`
          update job_documents set state = 'running', stage = ${stage}, started_at = coalesce(started_at, now())
          where tenant = ${tenant} and job_id = ${jobId} and index = any(${[...indexes]}::integer[]) and state in ('queued', 'running')
          returning index, sequence, specification, state, progress`.execute(transaction);
        return rows.map(toTask).sort((left, right) => left.index - right.index);
      });
    },

    async endStage(tenant, jobId, ready, finished) {
      await database.withTenant(tenant, async (transaction) => {
        if (finished.length > 0) await recordResults(transaction, tenant, jobId, finished);
        if (ready.length > 0) await keepProgress(transaction, tenant, jobId, ready);
      });
    },

    async finishDocuments(tenant, jobId, results) {
      if (results.length > 0) await database.withTenant(tenant, (transaction) => recordResults(transaction, tenant, jobId, results));
    },

    async finishJob(tenant, jobId) {
      return database.withTenant(tenant, async (transaction) => {
        await lockJobEvents(transaction, jobId);
        const job = await readJob(transaction, tenant, jobId);
        if (job === undefined) throw new CatalystError('NOT_FOUND', `There is no job ${jobId}.`);
        if (job.finishedAt !== null) return job;
        const state = finalState(job.counts);
        await transaction.updateTable('jobs').set({ state, finished_at: sql`now()` }).where('tenant', '=', tenant).where('id', '=', jobId).execute();
        await transaction.insertInto('job_events').values({ tenant, job_id: jobId, type: 'job', state }).execute();
        return (await readJob(transaction, tenant, jobId)) ?? job;
      });
    },
  };
}

async function keepProgress(transaction: Transaction<Schema>, tenant: string, jobId: string, ready: readonly StagedDocument[]): Promise<void> {
  await sql`
    update job_documents set progress = ready.progress
    from jsonb_to_recordset(${JSON.stringify(ready)}::jsonb) as ready (index integer, progress jsonb)
    where tenant = ${tenant} and job_id = ${jobId} and job_documents.index = ready.index and state = 'running'`.execute(transaction);
}

/** The artifacts of a document that failed stay named, for whoever looks into it. */
async function recordResults(transaction: Transaction<Schema>, tenant: string, jobId: string, results: readonly DocumentResult[]): Promise<void> {
  await lockJobEvents(transaction, jobId);
  await sql`
    with result as (
      select * from jsonb_to_recordset(${JSON.stringify(results)}::jsonb)
        as result (index integer, state text, outcome text, "versionId" uuid, chunks integer, pages integer, "lostPages" integer[], failure jsonb)
    ), finished as (
      update job_documents set state = result.state, outcome = result.outcome, version_id = result."versionId", chunks = result.chunks, pages = result.pages,
        lost_pages = result."lostPages", failure = nullif(result.failure, 'null'::jsonb), finished_at = now(), started_at = coalesce(started_at, now()),
        progress = case when result.state = 'failed' then progress end
      from result where tenant = ${tenant} and job_id = ${jobId} and job_documents.index = result.index and job_documents.state in ('queued', 'running')
      returning job_documents.*
    )
    insert into job_events (tenant, job_id, type, index, document_id, state, outcome, failure)
    select tenant, job_id, 'document', index, document_id, state, outcome, failure from finished order by index`.execute(transaction);
}

/** All succeeded or all failed give that state; anything between, also a document that lost pages, is partial. */
function finalState(counts: JobCounts): State {
  if (counts.queued + counts.running > 0) throw new CatalystError('INTERNAL', `The job cannot end: ${counts.queued + counts.running} documents are not finished.`);
  if (counts.succeeded === counts.total) return 'succeeded';
  return counts.failed === counts.total ? 'failed' : 'partial';
}

/** Events of a job are written one transaction after the other, so that their ids are in order of commit and a reader never skips one. */
async function lockJobEvents(transaction: Transaction<Schema>, jobId: string): Promise<void> {
  await sql`select pg_advisory_xact_lock(hashtextextended(${jobId}, 0))`.execute(transaction);
}

async function announceRunning(transaction: Transaction<Schema>, tenant: string, jobId: string, indexes: readonly number[]): Promise<void> {
  await lockJobEvents(transaction, jobId);
  await sql`
    insert into job_events (tenant, job_id, type, index, document_id, state)
    select tenant, job_id, 'document', index, document_id, 'running' from job_documents
    where tenant = ${tenant} and job_id = ${jobId} and index = any(${[...indexes]}::integer[]) and state = 'queued' order by index`.execute(transaction);
}
