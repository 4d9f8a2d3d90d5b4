import type { AcquiredDocument } from '../../contracts/ingestion.ts';
import type { JobTask } from '../../ports/jobRegistry.ts';
import type { ActivityDependencies } from '../dependencies.ts';
import { progressOf } from './stage.ts';
import type { StageRun } from './stage.ts';

/**
 * Runs a stage for those documents that may still be shown. The others, overtaken by a newer request or a deletion, end here, and their
 * points are removed: what they were made of may be gone already, so that nothing of it is read.
 */
export async function withoutSuperseded<Ready>(
  { documents, index }: Pick<ActivityDependencies, 'documents' | 'index'>,
  tenant: string,
  tasks: readonly JobTask[],
  step: (tasks: readonly JobTask[]) => Promise<StageRun<Ready>>,
): Promise<StageRun<Ready>> {
  const pending = progressOf<AcquiredDocument>(tasks, 'versionId');
  const overtaken = new Set(await documents.listSuperseded(tenant, pending));
  if (overtaken.size === 0) return step(tasks);
  const superseded = pending.filter(({ versionId }) => overtaken.has(versionId));
  await index.deleteVersions(tenant, superseded);
  const current = tasks.filter((_, position) => !overtaken.has(pending[position]?.versionId ?? ''));
  const rest: StageRun<Ready> = current.length === 0 ? { outcomes: [], reused: 0 } : await step(current);
  const ended = superseded.map(({ index: position, versionId }) => ({
    finished: { index: position, state: 'succeeded', outcome: 'superseded', versionId, chunks: null, pages: null, lostPages: [], failure: null } as const,
  }));
  return { ...rest, outcomes: [...rest.outcomes, ...ended] };
}
