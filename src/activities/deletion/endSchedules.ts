import type { ActivityContext } from '../activityContext.ts';
import type { DeletionDependencies } from './dependencies.ts';

/**
 * Before the sources themselves go with all else: then nobody would know which schedules there are. In the deletion and not in the request for
 * it, so that a process that is killed leaves none behind; runs that are due before are refused.
 */
export async function endSchedules({ registeredSources, schedules }: Pick<DeletionDependencies, 'registeredSources' | 'schedules'>, tenant: string, context: ActivityContext): Promise<void> {
  for (let cursor: string | undefined, isLast = false; !isLast; ) {
    const page = await registeredSources.list(tenant, cursor, 100);
    for (const { id } of page.sources) {
      await schedules.remove(tenant, id);
      context.progress(id);
    }
    cursor = page.next ?? undefined;
    isLast = cursor === undefined;
  }
}
