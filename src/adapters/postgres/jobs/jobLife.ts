import { sql } from 'kysely';
import { errorTable } from '../../../contracts/errors.ts';
import type { Prices } from '../../../contracts/estimate.ts';
import type { Failure } from '../../../contracts/failure.ts';
import type { Job, State } from '../../../contracts/jobs.ts';
import type { JobRegistry } from '../../../ports/jobRegistry.ts';
import type { Database } from '../database.ts';
import { unknownJob } from './jobErrors.ts';
import { lockJob } from './jobLock.ts';
import { readJob } from './jobSummaries.ts';
import { recordUndone } from './jobUndone.ts';

export function createJobLife(database: Database, prices: Prices): Pick<JobRegistry, 'markJobRunning' | 'loadControl' | 'finishJob'> {
  return {
    async markJobRunning(tenant, jobId) {
      await database.withTenant(tenant, async (transaction) => {
        await lockJob(transaction, jobId);
        const { rows } = await sql`
          update jobs set state = 'running', started_at = coalesce(started_at, now()), finished_at = null
          where tenant = ${tenant} and id = ${jobId} and (state = 'queued' or finished_at is not null
            and exists (select from job_documents where job_documents.tenant = ${tenant} and job_id = ${jobId} and job_documents.state in ('queued', 'running')))
          returning id`.execute(transaction);
        if (rows.length > 0) await transaction.insertInto('job_events').values({ tenant, job_id: jobId, type: 'job', state: 'running' }).execute();
      });
    },

    async loadControl(tenant, jobId) {
      const row = await database.withTenant(tenant, (transaction) =>
        transaction.selectFrom('jobs').select(['pause', 'cancellation', 'concurrency', 'dry_run']).where('tenant', '=', tenant).where('id', '=', jobId).executeTakeFirst(),
      );
      if (row === undefined) throw unknownJob(jobId);
      return { paused: row.pause, cancelled: row.cancellation, concurrency: row.concurrency, dryRun: row.dry_run };
    },

    async finishJob(tenant, jobId) {
      return database.withTenant(tenant, async (transaction) => {
        await lockJob(transaction, jobId);
        await recordUndone(transaction, tenant, jobId);
        const job = await readJob(transaction, tenant, jobId, prices);
        if (job === undefined) throw unknownJob(jobId);
        // Documents that joined or were queued again in the last moment: the job goes on.
        if (job.finishedAt !== null || job.counts.queued + job.counts.running > 0) return job;
        const state = finalState(job);
        const discovery = job.discovery?.state === 'running' ? { discovery_state: 'failed' as const, discovery_failure: JSON.stringify(cutOff) } : {};
        await transaction.updateTable('jobs').set({ state, finished_at: sql`now()`, pause: null, ...discovery }).where('tenant', '=', tenant).where('id', '=', jobId).execute();
        await transaction.insertInto('job_events').values({ tenant, job_id: jobId, type: 'job', state }).execute();
        return (await readJob(transaction, tenant, jobId, prices)) ?? job;
      });
    },
  };
}

const cutOff: Failure = { code: 'CANCELLED', message: 'The job ended before its source was read to the end.', remedy: errorTable.CANCELLED.remedy };

/** All succeeded or all failed give that state; anything between, also a document that lost pages or a source that was not read to the end, is partial. */
function finalState({ counts, discovery }: Job): State {
  const sawAll = discovery === null || discovery.state === 'finished';
  if (counts.failed === counts.total && (counts.total > 0 || !sawAll)) return 'failed';
  return sawAll && counts.succeeded === counts.total ? 'succeeded' : 'partial';
}
