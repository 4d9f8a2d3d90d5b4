import type { S3Access } from './s3Access.ts';
import { deleteIdentified, keepsVersions, listVersions } from './s3Versions.ts';

/** Requests of one call that run at once. */
const concurrentLists = 8;

/** Removes objects for good, whatever older versions the bucket keeps of them. Missing keys are no error. */
export async function deleteKeys(access: S3Access, keys: readonly string[]): Promise<void> {
  if (keys.length === 0) return;
  if (!(await keepsVersions(access))) return deleteIdentified(access, keys.map((key) => ({ Key: key })));
  const waiting = keys.values();
  const removeOn = async (): Promise<void> => {
    for (const key of waiting) await deleteIdentified(access, await listVersions(access, key, 'all'));
  };
  await Promise.all(Array.from({ length: concurrentLists }, removeOn));
}
