import { sql } from 'kysely';
import type { Transaction } from 'kysely';
import { CatalystError } from '../../../contracts/errors.ts';
import type { JobRegistry, StagedDocument, StageUse } from '../../../ports/jobRegistry.ts';
import type { Database } from '../database.ts';
import { unknownJob } from './jobErrors.ts';
import { lockJob, lookUpRows } from './jobLock.ts';
import { toTask } from './jobReads.ts';
import { indexesOf, recordResults } from './jobResults.ts';
import type { TaskRow } from './jobReads.ts';
import type { Schema } from '../schema.ts';

export function createJobStages(database: Database): Pick<JobRegistry, 'beginStage' | 'endStage' | 'finishDocuments'> {
  return {
    async beginStage(tenant, jobId, indexes, stage, run) {
      return database.withTenant(tenant, async (transaction) => {
        // Only the first stage of a document changes its state.
        if (stage === 'acquire' || stage === 'preview') await lockJob(transaction, jobId);
        else await lookUpRows(transaction);
        await refusePaused(transaction, tenant, jobId);
        if (stage === 'acquire' || stage === 'preview') await announceRunning(transaction, tenant, jobId, indexes);
        const workflow = run === undefined ? null : JSON.stringify(run);
        const { rows } = await sql<TaskRow>`
          update job_documents set state = 'running', stage = ${stage}, started_at = coalesce(started_at, now()), workflow = coalesce(${workflow}::jsonb, workflow)
          where tenant = ${tenant} and job_id = ${jobId} and index = any(${[...indexes]}::integer[]) and state in ('queued', 'running')
          returning index, sequence, specification, state, progress`.execute(transaction);
        return rows.map(toTask).sort((left, right) => left.index - right.index);
      });
    },

    async endStage(tenant, jobId, ready, finished, use) {
      await database.withTenant(tenant, async (transaction) => {
        if (finished.length === 0) await lookUpRows(transaction);
        else await recordResults(transaction, tenant, jobId, finished);
        if (ready.length > 0) await keepProgress(transaction, tenant, jobId, ready);
        if (use !== undefined) await recordUse(transaction, tenant, jobId, ready.length + finished.length, use);
      });
    },

    async finishDocuments(tenant, jobId, results) {
      if (results.length === 0) return [];
      return database.withTenant(tenant, (transaction) => recordResults(transaction, tenant, jobId, results));
    },
  };
}

async function refusePaused(transaction: Transaction<Schema>, tenant: string, jobId: string): Promise<void> {
  const job = await transaction.selectFrom('jobs').select('pause').where('tenant', '=', tenant).where('id', '=', jobId).executeTakeFirst();
  if (job === undefined) throw unknownJob(jobId);
  if (job.pause !== null) throw new CatalystError('JOB_PAUSED', `The job rests: ${job.pause.detail}`);
}

async function keepProgress(transaction: Transaction<Schema>, tenant: string, jobId: string, ready: readonly StagedDocument[]): Promise<void> {
  await sql`
    update job_documents set progress = ready.progress
    from jsonb_to_recordset(${JSON.stringify(ready)}::jsonb) as ready (index integer, progress jsonb)
    where tenant = ${tenant} and job_id = ${jobId} and job_documents.index = ready.index and job_documents.index = any(${indexesOf(ready)}::integer[]) and state = 'running'`.execute(transaction);
}

async function announceRunning(transaction: Transaction<Schema>, tenant: string, jobId: string, indexes: readonly number[]): Promise<void> {
  await sql`
    insert into job_events (tenant, job_id, type, index, document_id, state)
    select tenant, job_id, 'document', index, document_id, 'running' from job_documents
    where tenant = ${tenant} and job_id = ${jobId} and index = any(${[...indexes]}::integer[]) and state = 'queued' order by index`.execute(transaction);
}

/** Tokens count for the budget where they are spent, before they are used: not here again. */
async function recordUse(transaction: Transaction<Schema>, tenant: string, jobId: string, documents: number, use: StageUse): Promise<void> {
  const { stage, seconds, credits, processorSeconds = 0 } = use;
  const acquired = stage === 'acquire' || stage === 'preview' ? use.bytes : 0;
  // The job before what is entered of the stage: whoever spends at once locks them in this order.
  if (acquired > 0 || credits > 0) await sql`update jobs set spent_bytes = spent_bytes + ${acquired}, spent_credits = spent_credits + ${credits} where tenant = ${tenant} and id = ${jobId}`.execute(transaction);
  await transaction
    .insertInto('stage_uses')
    .values({ tenant, job_id: jobId, stage, documents, seconds, bytes: String(use.bytes), tokens: String(use.tokens), credits, processor_seconds: processorSeconds })
    .execute();
}
