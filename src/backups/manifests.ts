import type { BackupManifest } from '../contracts/backups.ts';
import { backupManifestSchema } from '../contracts/backups.ts';
import { CatalystError } from '../contracts/errors.ts';
import { digestOfJson } from '../contracts/identifiers.ts';
import type { ObjectBucket } from '../ports/objectBucket.ts';
import { manifestKey } from './setKeys.ts';

export function sealed(manifest: Omit<BackupManifest, 'digest'>): BackupManifest {
  return { ...manifest, digest: digestOfJson(manifest) };
}

/** Undefined where the set was never finished. Throws BACKUP_CORRUPT where the manifest is not what was written. */
export async function readManifest(bucket: ObjectBucket, id: string): Promise<BackupManifest | undefined> {
  const bytes = await bucket.read(manifestKey(id));
  if (bytes === undefined) return undefined;
  const parsed = backupManifestSchema.safeParse(parseJson(bytes));
  const { digest, ...rest } = parsed.data ?? {};
  if (!parsed.success || digestOfJson(rest) !== digest) throw new CatalystError('BACKUP_CORRUPT', `The manifest of the backup ${id} is not what was written.`);
  return parsed.data;
}

export function parseJson(bytes: Uint8Array): unknown {
  try {
    return JSON.parse(new TextDecoder().decode(bytes)) as unknown;
  } catch {
    return undefined;
  }
}
