import { sql } from 'kysely';
import type { Transaction } from 'kysely';
import { CatalystError } from '../../../contracts/errors.ts';
import type { State } from '../../../contracts/jobs.ts';
import { unknownJob } from './jobErrors.ts';
import { lockJob } from './jobLock.ts';
import type { JobRow } from './jobRows.ts';
import type { Schema } from '../schema.ts';
import type { Rest } from './jobTables.ts';
import { requestWork } from '../workOutbox.ts';

/** A job whose row is locked for a change, and the time by the database. */
export type SteeredJob = JobRow & { readonly at: Date };

/** Changes of the row; JSON as text. */
export type JobPatch = Partial<{
  pause: string | null;
  cancellation: string | null;
  budget: string | null;
  concurrency: number | null;
  rests: string;
  state: State;
  finished_at: null;
}>;

/** How many times of rest a job remembers: the pace is reckoned from its last hour or less. */
const rememberedRests = 50;

export async function lockSteered(transaction: Transaction<Schema>, tenant: string, jobId: string): Promise<SteeredJob> {
  await lockJob(transaction, jobId);
  const job = await transaction
    .selectFrom('jobs')
    .selectAll()
    .select(sql<Date>`clock_timestamp()`.as('at'))
    .where('tenant', '=', tenant)
    .where('id', '=', jobId)
    .forNoKeyUpdate()
    .executeTakeFirst();
  if (job === undefined) throw unknownJob(jobId);
  return job;
}

/** Records the change, tells of it in the events, and asks for the workflow to be told. */
export async function applyChange(transaction: Transaction<Schema>, job: SteeredJob, patch: JobPatch): Promise<void> {
  const { tenant, id, subject } = job;
  if (Object.keys(patch).length > 0) {
    await transaction.updateTable('jobs').set(patch).where('tenant', '=', tenant).where('id', '=', id).execute();
    await transaction.insertInto('job_events').values({ tenant, job_id: id, type: 'job', state: patch.state ?? job.state }).execute();
  }
  await requestWork(transaction, { id, kind: 'job', tenant, subject, workflowId: job.workflow_id });
}

export function refuseFinished(job: SteeredJob): void {
  if (job.finished_at !== null) throw new CatalystError('JOB_NOT_RUNNING', `Job ${job.id} is finished.`);
}

export function refuseCancelled(job: SteeredJob): void {
  if (job.cancellation !== null && job.finished_at === null) throw new CatalystError('JOB_NOT_RUNNING', `Job ${job.id} is being cancelled.`);
}

/** What ends the pause of a job, and remembers how long it was. */
export function withoutPause(job: SteeredJob): JobPatch {
  return job.pause === null ? {} : { pause: null, rests: restsWith(job, job.pause.since) };
}

/** What takes a finished job back into work. */
export function reopened(job: SteeredJob): JobPatch {
  return job.finished_at === null ? {} : { state: 'queued', finished_at: null, pause: null, rests: restsWith(job, job.finished_at.toISOString()) };
}

function restsWith(job: SteeredJob, from: string): string {
  const rest: Rest = { from, to: job.at.toISOString() };
  return JSON.stringify([...job.rests, rest].slice(-rememberedRests));
}
