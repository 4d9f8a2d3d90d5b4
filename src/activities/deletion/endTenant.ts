import { setTimeout as sleep } from 'node:timers/promises';
import { CatalystError } from '../../contracts/errors.ts';
import type { DeletionScope } from '../../contracts/ingestion.ts';
import type { ActivityContext } from '../activityContext.ts';
import type { DeletionDependencies } from './dependencies.ts';
import { otherGenerations } from './otherGenerations.ts';

const objectsPerPage = 1_000;
/** A step of a cancelled job hears of it with its next heartbeat, and may store something until then though its job counts as finished. */
const settlingMs = 20_000;

type EndDependencies = Pick<DeletionDependencies, 'index' | 'generations' | 'generationIndex' | 'artifacts' | 'deletions'>;

/**
 * What jobs that were still in work wrote beside the documents of the deletion goes too: no job is in work any more, and none is accepted.
 * Looks again until it finds nothing new. Throws VERIFICATION_FAILED where points are left.
 */
export async function endTenant(dependencies: EndDependencies, scope: DeletionScope, context: ActivityContext): Promise<void> {
  await eraseAll(dependencies, scope, context);
  do await sleep(settlingMs, undefined, { signal: context.signal });
  while ((await eraseAll(dependencies, scope, context)) > 0);
}

/** Answers how many objects there were; a try that is cut off between the two may tell too few. */
async function eraseAll(dependencies: EndDependencies, { tenant, deletionId }: DeletionScope, context: ActivityContext): Promise<number> {
  const { index, generationIndex, artifacts, deletions } = dependencies;
  for (const generation of await otherGenerations(dependencies, tenant)) await generationIndex.removeTenant(generation, tenant);
  const points = await index.deleteTenant(tenant);
  if (points > 0) throw new CatalystError('VERIFICATION_FAILED', `The index still holds ${points} points of the tenant.`);
  let objects = 0;
  let cursor: string | undefined;
  do {
    const page = await artifacts.listObjects(tenant, cursor, objectsPerPage);
    if (page.objects.length > 0) {
      await artifacts.deleteObjects(tenant, page.objects.map(({ uri }) => uri));
      await deletions.countOthers(tenant, deletionId, { objects: page.objects.length, bytes: page.objects.reduce((sum, { bytes }) => sum + bytes, 0) });
    }
    objects += page.objects.length;
    context.progress(cursor ?? 'objects');
    cursor = page.next;
  } while (cursor !== undefined);
  return objects;
}
