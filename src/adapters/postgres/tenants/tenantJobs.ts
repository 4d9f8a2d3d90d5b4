import { sql } from 'kysely';
import type { Transaction } from 'kysely';
import { suspension } from '../../../contracts/steering.ts';
import { applyChange, lockSteered, withoutPause } from '../jobs/steeredJob.ts';
import type { JobPatch, SteeredJob } from '../jobs/steeredJob.ts';
import type { Schema } from '../schema.ts';

/** Jobs that somebody paused before stay as they are. */
export function pauseJobs(transaction: Transaction<Schema>, tenant: string, reason: string): Promise<string[]> {
  return changeJobs(transaction, tenant, (job) =>
    job.pause === null && job.cancellation === null
      ? { pause: JSON.stringify({ reason: 'request', detail: `The tenant is suspended: ${reason}`, remedy: 'The job goes on when the tenant is resumed.', by: suspension, since: job.at.toISOString() }) }
      : undefined,
  );
}

export function resumeJobs(transaction: Transaction<Schema>, tenant: string): Promise<string[]> {
  return changeJobs(transaction, tenant, (job) => (job.pause?.by === suspension ? withoutPause(job) : undefined));
}

export function cancelJobs(transaction: Transaction<Schema>, tenant: string, by: string): Promise<string[]> {
  return changeJobs(transaction, tenant, (job) => (job.cancellation === null ? { ...withoutPause(job), cancellation: JSON.stringify({ mode: 'keep', by, at: job.at.toISOString() }) } : undefined));
}

/** Jobs in work, in the order of their ids; those that were changed. Their workflows are told by way of the outbox. */
async function changeJobs(transaction: Transaction<Schema>, tenant: string, decide: (job: SteeredJob) => JobPatch | undefined): Promise<string[]> {
  const { rows } = await sql<{ id: string }>`select id from jobs where tenant = ${tenant} and finished_at is null order by id`.execute(transaction);
  const changed: string[] = [];
  for (const { id } of rows) {
    const job = await lockSteered(transaction, tenant, id);
    const patch = job.finished_at === null ? decide(job) : undefined;
    if (patch === undefined) continue;
    await applyChange(transaction, job, patch);
    changed.push(id);
  }
  return changed;
}
