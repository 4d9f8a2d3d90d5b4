import type { DeletionScope } from '../../contracts/ingestion.ts';
import type { ActivityContext } from '../activityContext.ts';
import type { DeletionDependencies } from './dependencies.ts';
import { endSchedules } from './endSchedules.ts';

/** Fixes which documents go: from here on no request accepted before brings them back. One that is finished already needs no step more. */
export async function beginDeletion(
  dependencies: Pick<DeletionDependencies, 'deletions' | 'registeredSources' | 'schedules'>,
  { tenant, deletionId }: DeletionScope,
  context: ActivityContext,
): Promise<{ readonly documents: number; readonly finished: boolean }> {
  const { deletions } = dependencies;
  if (await deletions.endsTenant(tenant, deletionId)) await endSchedules(dependencies, tenant, context);
  const { documents } = await deletions.begin(tenant, deletionId);
  const deletion = await deletions.find(tenant, deletionId);
  return { documents, finished: deletion?.state === 'finished' };
}
