import { sql } from 'kysely';
import type { Transaction } from 'kysely';
import type { Prices } from '../../../contracts/estimate.ts';
import { stages } from '../../../contracts/jobs.ts';
import type { Stage } from '../../../contracts/jobs.ts';
import type { JobReports, ProgressSample } from '../../../ports/jobReports.ts';
import type { Database } from '../database.ts';
import { toCounts, toSpending } from './jobRows.ts';
import type { JobRow } from './jobRows.ts';
import type { Schema } from '../schema.ts';
import { documentsPerSecond, workIntervals } from './workIntervals.ts';
import type { WorkIntervals } from './workIntervals.ts';

export function createProgressReport(database: Database, prices: Prices): Pick<JobReports, 'progress'> {
  return {
    async progress(tenant, jobId) {
      return database.withTenant(tenant, async (transaction) => {
        const job = await transaction.selectFrom('jobs').selectAll().select(sql<Date>`now()`.as('at')).where('tenant', '=', tenant).where('id', '=', jobId).executeTakeFirst();
        return job === undefined ? undefined : readProgress(transaction, job, job.at, prices);
      });
    },
  };
}

async function readProgress(transaction: Transaction<Schema>, job: JobRow, at: Date, prices: Prices): Promise<ProgressSample> {
  const tallies = await transaction.selectFrom('job_tallies').selectAll().where('tenant', '=', job.tenant).where('job_id', '=', job.id).execute();
  const intervals = workIntervals(job, at);
  const finishedPerInterval = await countFinished(transaction, job, intervals);
  return {
    progress: {
      jobId: job.id,
      at: at.toISOString(),
      state: job.state,
      pause: job.pause,
      counts: toCounts(job, tallies),
      stages: await countStages(transaction, job),
      documentsPerSecond: documentsPerSecond(finishedPerInterval, intervals.seconds),
      spent: toSpending(job, prices),
    },
    openEnded: job.discovery_state === 'running',
    finishedPerInterval,
    intervalSeconds: intervals.seconds,
  };
}

/** Documents in work are bounded by the window, however many the job has. */
async function countStages(transaction: Transaction<Schema>, { tenant, id }: JobRow): Promise<{ stage: Stage; running: number }[]> {
  const { rows } = await sql<{ stage: Stage; running: number }>`
    select stage, count(*)::integer as running from job_documents where tenant = ${tenant} and job_id = ${id} and state = 'running' and stage is not null group by stage`.execute(transaction);
  return rows.sort((left, right) => stages.indexOf(left.stage) - stages.indexOf(right.stage));
}

async function countFinished(transaction: Transaction<Schema>, { tenant, id }: JobRow, { starts, seconds }: WorkIntervals): Promise<number[]> {
  if (starts.length === 0) return [];
  const { rows } = await sql<{ finished: number }>`
    select (
      select count(*)::integer from job_documents
      where tenant = ${tenant} and job_id = ${id} and finished_at >= start and finished_at < start + make_interval(secs => ${seconds})
    ) as finished
    from unnest(${starts.map((start) => new Date(start).toISOString())}::timestamptz[]) with ordinality as intervals (start, place) order by place`.execute(transaction);
  return rows.map(({ finished }) => finished);
}
