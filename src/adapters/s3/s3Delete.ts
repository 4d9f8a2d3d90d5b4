import type { S3Access } from './s3Access.ts';
import { deleteIdentified, keepsVersions, notRemoved, removeVersions } from './s3Versions.ts';

/** Requests of one call that run at once. */
const concurrentLists = 8;

/** Removes objects for good, whatever older versions the bucket keeps of them. Missing keys are no error. */
export async function deleteKeys(access: S3Access, keys: readonly string[]): Promise<void> {
  if (keys.length === 0) return;
  if (!(await keepsVersions(access))) {
    const refused = await deleteIdentified(access, keys.map((key) => ({ Key: key })));
    if (refused.length > 0) throw notRemoved(refused);
    return;
  }
  const waiting = keys.values();
  const removeOn = async (): Promise<void> => {
    for (const key of waiting) await removeVersions(access, key, 'all');
  };
  await Promise.all(Array.from({ length: concurrentLists }, removeOn));
}
