import type { AcquiredDocument, JobScope } from '../../contracts/ingestion.ts';
import type { ActivityDependencies } from '../dependencies.ts';

/** Removes what the index has of versions that are being made, and what recuts have made of them: they are written as they come. */
export async function removePoints({ jobs, generations, index }: Pick<ActivityDependencies, 'jobs' | 'generations' | 'index'>, { tenant, jobId }: JobScope, indexes: readonly number[]): Promise<void> {
  const versions = (await jobs.loadTasks(tenant, jobId, indexes)).flatMap(({ state, progress }) => {
    const { documentId, versionId } = (progress ?? {}) as Partial<AcquiredDocument>;
    return state !== 'running' || documentId === undefined || versionId === undefined ? [] : [{ documentId, versionId }];
  });
  await generations.forgetRecutsOf(tenant, versions);
  await index.deleteKept(tenant, versions);
}
