import type { ArtifactReference } from '../../contracts/artifacts.ts';
import type { JobScope, StageResult } from '../../contracts/ingestion.ts';
import { isLoss } from '../../contracts/isLoss.ts';
import type { ActivityDependencies } from '../dependencies.ts';

/** A stage for documents of one job. */
export type StageStep = (indexes: readonly number[]) => Promise<StageResult>;

type RemakingDependencies = Pick<ActivityDependencies, 'jobs' | 'stageOutputs' | 'artifacts'>;

/**
 * Runs a stage; where what the stages before had found or stored is gone, runs those again, and then the stage once more.
 * That happens when a deletion or a sweep erases the same content at the very moment: documents with equal content share their outputs,
 * and one that has just found or stored them, but has not recorded it yet, does not hold them.
 */
export async function remakeLost(dependencies: RemakingDependencies, scope: JobScope, indexes: readonly number[], before: readonly StageStep[], stage: StageStep): Promise<StageResult> {
  try {
    return await stage(indexes);
  } catch (thrown) {
    if (!isLoss(thrown)) throw thrown;
    await forgetLost(dependencies, scope, indexes);
  }
  const finished: StageResult['finished'][number][] = [];
  let ready = indexes;
  for (const step of [...before, stage]) {
    if (ready.length === 0) break;
    const result = await step(ready);
    finished.push(...result.finished);
    ready = result.ready;
  }
  return { ready, finished };
}

/** Outputs that cannot be read are not found again. */
async function forgetLost({ jobs, stageOutputs, artifacts }: RemakingDependencies, { tenant, jobId }: JobScope, indexes: readonly number[]): Promise<void> {
  const lost: ArtifactReference[] = [];
  for (const { progress } of await jobs.loadTasks(tenant, jobId, indexes)) {
    for (const kind of ['text', 'chunks', 'vectors'] as const) {
      const reference = (progress as Partial<Record<typeof kind, ArtifactReference>> | null)?.[kind];
      if (reference !== undefined && !(await isReadable(artifacts, tenant, reference))) lost.push(reference);
    }
  }
  await stageOutputs.forgetPlaces(tenant, lost);
}

async function isReadable(artifacts: RemakingDependencies['artifacts'], tenant: string, reference: ArtifactReference): Promise<boolean> {
  try {
    await artifacts.getAll(tenant, [reference]);
    return true;
  } catch (thrown) {
    if (isLoss(thrown)) return false;
    throw thrown;
  }
}
