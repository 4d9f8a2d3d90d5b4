import type { DocumentProgress, VersionManifest } from '../../contracts/ingestion.ts';
import type { JobTask } from '../../ports/jobRegistry.ts';
import type { ActivityDependencies } from '../dependencies.ts';

/** A stored version that stages work at once more; `progress` becomes what the stage makes. */
export interface AsideTask {
  readonly manifest: VersionManifest;
  progress: DocumentProgress;
}

/** Takes tokens out of a budget before the model gets them; throws where they do not fit. */
export type SpendTokens = (tokens: number) => Promise<void>;

/** The stages as they are, beside the jobs that the versions once came with: nothing is recorded of those, and nobody hears of it. */
export function besideJob<Dependencies extends ActivityDependencies>(dependencies: Dependencies, tasks: readonly AsideTask[], spendTokens: SpendTokens = () => Promise.resolve()): Dependencies {
  const toTask = ({ manifest, progress }: AsideTask): JobTask => ({ index: progress.index, sequence: manifest.sequence, specification: { ...manifest.specification, index: progress.index }, state: 'running', progress });
  return {
    ...dependencies,
    emit: () => undefined,
    jobs: {
      ...dependencies.jobs,
      beginStage: (_tenant, _jobId, indexes) => Promise.resolve(tasks.filter(({ progress }) => indexes.includes(progress.index)).map(toTask)),
      endStage(_tenant, _jobId, ready) {
        const made = new Map(ready.map(({ index, progress }) => [index, progress]));
        for (const task of tasks) task.progress = made.get(task.progress.index) ?? task.progress;
        return Promise.resolve();
      },
      spendTokens: (_tenant, _jobId, tokens) => spendTokens(tokens),
    },
  };
}
