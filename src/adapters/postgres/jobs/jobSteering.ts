import type { JobSteering } from '../../../ports/jobSteering.ts';
import type { Database } from '../database.ts';
import { createJobAddition } from './jobAddition.ts';
import { createJobRetry } from './jobRetry.ts';
import { applyChange, lockSteered, refuseCancelled, refuseFinished, withoutPause } from './steeredJob.ts';
import type { JobPatch, SteeredJob } from './steeredJob.ts';

export function createJobSteering(database: Database): JobSteering {
  const change = (tenant: string, jobId: string, decide: (job: SteeredJob) => JobPatch): Promise<void> =>
    database.withTenant(tenant, async (transaction) => {
      const job = await lockSteered(transaction, tenant, jobId);
      await applyChange(transaction, job, decide(job));
    });

  return {
    ...createJobAddition(database),
    ...createJobRetry(database),

    pause: (tenant, jobId, pause) =>
      change(tenant, jobId, (job) => {
        refuseFinished(job);
        refuseCancelled(job);
        return job.pause === null ? { pause: JSON.stringify({ ...pause, since: job.at.toISOString() }) } : {};
      }),

    resume: (tenant, jobId) =>
      change(tenant, jobId, (job) => {
        refuseFinished(job);
        return withoutPause(job);
      }),

    approve: (tenant, jobId, budget) =>
      change(tenant, jobId, (job) => {
        refuseFinished(job);
        return { ...withoutPause(job), budget: budget === null ? null : JSON.stringify(budget) };
      }),

    setConcurrency: (tenant, jobId, concurrency) =>
      change(tenant, jobId, (job) => {
        refuseFinished(job);
        return { concurrency };
      }),

    cancel: (tenant, jobId, cancellation) =>
      change(tenant, jobId, (job) => {
        if (job.cancellation !== null) return {};
        refuseFinished(job);
        return { ...withoutPause(job), cancellation: JSON.stringify({ ...cancellation, at: job.at.toISOString() }) };
      }),
  };
}
