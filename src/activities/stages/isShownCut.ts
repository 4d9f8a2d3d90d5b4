import type { VersionPoints } from '../../ports/vectorIndex.ts';
import type { ActivityDependencies } from '../dependencies.ts';
import { servingRecut } from '../servingRecut.ts';

/** Whether the index shows the version that is visible now with passages that were cut anew, and has this number of them. */
export async function isShownCut(dependencies: Pick<ActivityDependencies, 'generations' | 'generationIndex'>, tenant: string, { documentId, versionId }: VersionPoints, count: number): Promise<boolean> {
  const recut = await servingRecut(dependencies, tenant);
  if (recut === null) return false;
  const [shown] = await dependencies.generations.findDocuments(tenant, [documentId]);
  return shown?.versionId === versionId && shown.recuts[recut.id]?.points === count;
}
