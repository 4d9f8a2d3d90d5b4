import { createHash } from 'node:crypto';
import { listBackups } from '../../backups/catalogue.ts';
import { removeDeletions } from '../../backups/deletionJournal.ts';
import { chooseExpired } from '../../backups/keep.ts';
import { readManifest } from '../../backups/manifests.ts';
import { readObjects } from '../../backups/objectLists.ts';
import { copiesPrefix, manifestKey, setPrefix } from '../../backups/setKeys.ts';
import { toCatalystError } from '../../contracts/errors.ts';
import type { ObjectBucket } from '../../ports/objectBucket.ts';
import type { ActivityContext } from '../activityContext.ts';
import { requireBackups } from './dependencies.ts';
import type { BackupDependencies } from './dependencies.ts';

const keysAtOnce = 1_000;
const dayMs = 86_400_000;
const longestBackupMs = dayMs;

/**
 * Removes sets whose time is over, then copies that no set names any more, and names of deletions that none can bring back. While another set is in work, no copies are removed.
 */
export async function removeOldBackups(dependencies: BackupDependencies, context: ActivityContext): Promise<{ readonly sets: number; readonly copies: number }> {
  const { bucket, keep } = requireBackups(dependencies);
  const backups = await listBackups(bucket);
  const expired = chooseExpired(backups, keep, Date.now());
  for (const id of expired) {
    // First, so that a set which is half removed is none.
    await bucket.remove([manifestKey(id)]);
    await removeAll(bucket, setPrefix(id), () => true, context);
  }
  const kept = backups.filter(({ id, state }) => !expired.includes(id) && (state === 'finished' || state === 'damaged'));
  // A set in work may build on copies that only sets name which are gone now.
  const isBusy = backups.some(({ state, startedAt }) => state === 'unfinished' && Date.parse(startedAt) > Date.now() - longestBackupMs);
  const copies = isBusy ? 0 : await removeUnnamed(bucket, kept.map(({ id }) => id), context);
  // What was deleted before the oldest set began is in none.
  await removeDeletions(bucket, Math.min(Date.now() - keep.days * dayMs, ...backups.filter(({ id }) => !expired.includes(id)).map(({ startedAt }) => Date.parse(startedAt))));
  if (expired.length + copies > 0) dependencies.emit({ type: 'backup.removed', sets: expired.length, copies });
  return { sets: expired.length, copies };
}

async function removeUnnamed(bucket: ObjectBucket, ids: readonly string[], context: ActivityContext): Promise<number> {
  const named = new Set<string>();
  try {
    for (const id of ids) {
      for await (const { copy } of readObjects(bucket, (await readManifest(bucket, id))?.objects.lists ?? [])) named.add(shortened(copy));
      context.progress(id);
    }
  } catch (thrown) {
    if (toCatalystError(thrown).code !== 'BACKUP_CORRUPT') throw thrown;
    // What a broken set names cannot be told: until it is gone, no copy is removed.
    return 0;
  }
  return removeAll(bucket, copiesPrefix, (key) => !named.has(shortened(key)), context);
}

/** Millions of names fit into memory; two that are taken for one keep a copy too long. */
function shortened(key: string): string {
  return createHash('sha256').update(key).digest('base64').slice(0, 12);
}

async function removeAll(bucket: ObjectBucket, prefix: string, isOver: (key: string) => boolean, context: ActivityContext): Promise<number> {
  let removed = 0;
  for (let after: string | undefined, more = true; more; ) {
    const { objects, isLast } = await bucket.list(prefix, after, keysAtOnce);
    const over = objects.map(({ key }) => key).filter(isOver);
    await bucket.remove(over);
    removed += over.length;
    after = objects.at(-1)?.key;
    more = !isLast;
    context.progress(after);
  }
  return removed;
}
