import { sql } from 'kysely';
import type { Transaction } from 'kysely';
import { lockJob } from '../../jobs/jobLock.ts';
import type { Schema } from '../../schema.ts';
import type { RecordKeeping } from './recordKeeping.ts';
import { isSpent } from './spentVersions.ts';
import { countRows, takeRows } from './sweptRecords.ts';
import type { RecordSweep, SweptRecords } from './sweptRecords.ts';

/** A page of jobs that a sweep looks at: few enough for one transaction. */
export interface OldJob {
  readonly id: string;
  readonly finishedAt: Date;
}

const jobsAtOnce = 200;
const documentsAtOnce = 20_000;

/** Finished jobs of which something may go, in order of their ids, after one of them. */
export async function listOldJobs(transaction: Transaction<Schema>, tenant: string, keeping: RecordKeeping, after: string | null): Promise<OldJob[]> {
  const latest = keeping.jobs > keeping.logs ? keeping.jobs : keeping.logs;
  const { rows } = await sql<{ id: string; finished_at: Date; total: number }>`
    select id, finished_at, total from jobs where tenant = ${tenant} and finished_at <= ${latest} and (${after}::uuid is null or id > ${after}::uuid) order by id limit ${jobsAtOnce}`.execute(transaction);
  let documents = 0;
  const end = rows.findIndex(({ total }, place) => (documents += total) > documentsAtOnce && place > 0);
  return rows.slice(0, end === -1 ? rows.length : end).map(({ id, finished_at: finishedAt }) => ({ id, finishedAt }));
}

/**
 * Removes what is too old of these jobs, and the jobs of which nothing is left to tell. Locked before they are looked at again: one that
 * was taken up anew since is left alone.
 */
export async function sweepJobs(sweep: RecordSweep, keeping: RecordKeeping, jobs: readonly OldJob[]): Promise<SweptRecords> {
  const { transaction, tenant, dryRun } = sweep;
  if (!dryRun) for (const { id } of jobs) await lockJob(transaction, id);
  const { rows: still } = await sql<{ id: string; finished_at: Date }>`
    select id, finished_at from jobs where tenant = ${tenant} and id = any(${jobs.map(({ id }) => id)}::uuid[]) and finished_at is not null`.execute(transaction);
  const before = (moment: Date) => still.filter(({ finished_at: finishedAt }) => finishedAt <= moment).map(({ id }) => id);
  const [old, quiet] = [before(keeping.jobs), before(keeping.logs)];
  const ofJobs = (ids: readonly string[]) => sql`tenant = ${tenant} and job_id = any(${[...ids]}::uuid[])`;
  const requests = await takeRows(sweep, 'job_documents', sql`${ofJobs(old)} and not ${isNeeded(tenant, keeping)}`, sql`'request ' || job_id || ' ' || index`);
  const ended = await endedJobs(transaction, tenant, { old, keeping });
  const events = await countRows(sweep, 'job_events', ofJobs([...new Set([...quiet, ...ended])]));
  const addresses = await countRows(sweep, 'discovered_addresses', ofJobs([...new Set([...quiet, ...ended])]));
  if (!dryRun) for (const table of ['stage_uses', 'job_tallies'] as const) await countRows(sweep, table, ofJobs(ended));
  const gone = await takeRows(sweep, 'jobs', sql`tenant = ${tenant} and id = any(${ended}::uuid[])`, sql`'job ' || id`);
  return { counts: { jobs: gone.length, requests: requests.length, events, addresses }, names: [...requests, ...gone] };
}

/**
 * A request is kept as long as it tells something of what there is: by whom and with which labels a version was made that is still known,
 * or which source has brought a visible document last.
 */
function isNeeded(tenant: string, keeping: RecordKeeping) {
  return sql`(
    exists (select from versions where versions.tenant = ${tenant} and versions.document_id = job_documents.document_id and versions.job_id = job_documents.job_id and not ${isSpent(tenant, keeping)})
    or job_documents.state in ('succeeded', 'partial')
      and not exists (select from jobs where jobs.id = job_documents.job_id and jobs.dry_run)
      and exists (select from documents where documents.tenant = ${tenant} and documents.id = job_documents.document_id and documents.version_id is not null and documents.deleted_at is null)
      and not exists (
        select from job_documents later join jobs on jobs.id = later.job_id
        where later.tenant = ${tenant} and later.document_id = job_documents.document_id and later.sequence > job_documents.sequence and later.state in ('succeeded', 'partial') and not jobs.dry_run))`;
}

/** Of them those that nothing holds any more; the last run of a source stays, so that it is told when that was. */
async function endedJobs(transaction: Transaction<Schema>, tenant: string, { old, keeping }: { readonly old: readonly string[]; readonly keeping: RecordKeeping }): Promise<string[]> {
  const { rows } = await sql<{ id: string }>`
    select id from jobs where tenant = ${tenant} and id = any(${[...old]}::uuid[])
      and not exists (select from job_documents where job_documents.tenant = ${tenant} and job_documents.job_id = jobs.id and ${isNeeded(tenant, keeping)})
      and (source_id is null or not exists (select from sources where sources.tenant = ${tenant} and sources.id = jobs.source_id)
        or exists (select from jobs newer where newer.tenant = ${tenant} and newer.source_id = jobs.source_id and newer.created_at > jobs.created_at))`.execute(transaction);
  return rows.map(({ id }) => id);
}
