import { readObjects } from '../../backups/objectLists.ts';
import type { CopiedObject, RestoreScope } from '../../contracts/backups.ts';
import { CatalystError } from '../../contracts/errors.ts';
import type { BucketObject } from '../../ports/objectBucket.ts';
import type { ActivityContext } from '../activityContext.ts';
import { manifestOf } from './beginRestore.ts';
import { ownPrefix } from './copyObjects.ts';
import { requireBackups } from './dependencies.ts';
import type { BackupMeans } from './backupMeans.ts';
import type { BackupDependencies } from './dependencies.ts';
import { inTurns } from './inTurns.ts';

const copiesAtOnce = 8;
const callMs = 60_000;

/** Pages of the set that are done, and what they held. */
export interface ObjectsPlace {
  readonly pages: number;
  readonly objects: number;
  readonly copied: number;
  readonly copiedBytes: number;
}

/**
 * Brings back the objects that the bucket does not hold as the backup names them, page by page; with the registry those too that hold other bytes
 * there. Without it, what is there stays as it is: it may be newer. Throws BACKUP_CORRUPT where a copy is not what was copied.
 */
export async function restoreObjects(dependencies: BackupDependencies, scope: RestoreScope, from: ObjectsPlace | null, context: ActivityContext): Promise<{ readonly finished: boolean; readonly place: ObjectsPlace }> {
  const means = requireBackups(dependencies);
  const { objects: { lists } } = await manifestOf(dependencies, scope);
  const until = performance.now() + callMs;
  let place = from ?? { pages: 0, objects: 0, copied: 0, copiedBytes: 0 };
  while (place.pages < lists.length && performance.now() < until) {
    const wanted: CopiedObject[] = [];
    for await (const object of readObjects(means.bucket, lists.slice(place.pages, place.pages + 1))) wanted.push(object);
    const missing = await findMissing(means, wanted, scope.parts.includes('registry'));
    await inTurns(copiesAtOnce, missing, (object) => bringBack(means, object));
    const bytes = missing.reduce((sum, object) => sum + object.bytes, 0);
    place = { pages: place.pages + 1, objects: place.objects + wanted.length, copied: place.copied + missing.length, copiedBytes: place.copiedBytes + bytes };
    context.progress(place);
  }
  await dependencies.restores.report(scope.restoreId, { objects: place.objects, copiedObjects: place.copied, copiedBytes: place.copiedBytes });
  return { finished: place.pages >= lists.length, place };
}

async function findMissing({ artifactBucket }: BackupMeans, wanted: readonly CopiedObject[], exactly: boolean): Promise<CopiedObject[]> {
  const present = new Map<string, BucketObject>();
  const [first, last] = [wanted[0]?.key ?? '', wanted.at(-1)?.key ?? ''];
  let after: string | undefined = first.slice(0, -1);
  while (after !== undefined) {
    const { objects, isLast }: { readonly objects: readonly BucketObject[]; readonly isLast: boolean } = await artifactBucket.list(ownPrefix, after, 1_000);
    for (const object of objects) present.set(object.key, object);
    const end: string | undefined = objects.at(-1)?.key;
    after = isLast || end === undefined || end >= last ? undefined : end;
  }
  return wanted.filter(({ key, bytes, mark }) => {
    const found = present.get(key);
    return found === undefined || (exactly && (found.bytes !== bytes || found.mark !== mark));
  });
}

async function bringBack({ bucket, artifactBucket }: BackupMeans, { key, copy, digest }: CopiedObject): Promise<void> {
  const found = await bucket.open(copy);
  if (found === undefined) throw new CatalystError('BACKUP_CORRUPT', `The copy ${copy} of an object is missing in the backup bucket.`);
  const stored = await artifactBucket.store(key, found);
  if (stored.digest === digest) return;
  await artifactBucket.remove([key]);
  throw new CatalystError('BACKUP_CORRUPT', `The copy ${copy} is not what was copied.`);
}
