import { setTimeout as sleep } from 'node:timers/promises';
import { CatalystError } from '../../contracts/errors.ts';
import type { ActivityContext } from '../activityContext.ts';
import type { DeletionDependencies } from './dependencies.ts';

const objectsPerPage = 1_000;
/** A step of a cancelled job hears of it with its next heartbeat, and may store something until then though its job counts as finished. */
const settlingMs = 20_000;

/**
 * What jobs that were still in work wrote beside the documents of the deletion goes too: no job is in work any more, and none is accepted.
 * Looks again until it finds nothing new. Throws VERIFICATION_FAILED where points are left.
 */
export async function endTenant(dependencies: DeletionDependencies, tenant: string, context: ActivityContext): Promise<void> {
  await endSchedules(dependencies, tenant, context);
  await eraseAll(dependencies, tenant, context);
  do await sleep(settlingMs, undefined, { signal: context.signal });
  while ((await eraseAll(dependencies, tenant, context)) > 0);
}

/** Answers how many objects there were. */
async function eraseAll({ index, artifacts }: Pick<DeletionDependencies, 'index' | 'artifacts'>, tenant: string, context: ActivityContext): Promise<number> {
  const points = await index.deleteTenant(tenant);
  if (points > 0) throw new CatalystError('VERIFICATION_FAILED', `The index still holds ${points} points of the tenant.`);
  let objects = 0;
  let cursor: string | undefined;
  do {
    const page = await artifacts.listObjects(tenant, cursor, objectsPerPage);
    if (page.objects.length > 0) await artifacts.deleteObjects(tenant, page.objects.map(({ uri }) => uri));
    objects += page.objects.length;
    context.progress(cursor ?? 'objects');
    cursor = page.next;
  } while (cursor !== undefined);
  return objects;
}

/** Here and not with the request, so that a process that is killed leaves none behind; runs that are due before this are refused. */
async function endSchedules({ registeredSources, schedules }: DeletionDependencies, tenant: string, context: ActivityContext): Promise<void> {
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
