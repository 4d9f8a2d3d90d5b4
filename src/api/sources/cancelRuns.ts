import { CatalystError } from '../../contracts/errors.ts';
import { isFinal } from '../../contracts/jobs.ts';
import type { Principal } from '../../contracts/principal.ts';
import type { ApiDependencies } from '../dependencies.ts';
import { startAcceptedWork } from '../startAcceptedWork.ts';

type CancelDependencies = Pick<ApiDependencies, 'reports' | 'steering' | 'workflowStarter' | 'outbox' | 'emit'>;

/** Runs overlap rarely, and older ones have ended: only so many of the newest are looked at. */
const newestRuns = 50;

/** Cancels the runs of a source that are in work, so that they bring no more documents. */
export async function cancelRuns(dependencies: CancelDependencies, { tenant, subject }: Principal, sourceId: string): Promise<void> {
  const { jobs } = await dependencies.reports.listJobs(tenant, { sourceId }, undefined, newestRuns);
  for (const { id } of jobs.filter(({ state }) => !isFinal(state))) {
    await dependencies.steering.cancel(tenant, id, { mode: 'keep', by: subject }).catch((error: unknown) => {
      // It has ended meanwhile.
      if (!(error instanceof CatalystError) || error.code !== 'JOB_NOT_RUNNING') throw error;
    });
    await startAcceptedWork(dependencies, id);
  }
}
