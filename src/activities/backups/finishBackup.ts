import { createHash } from 'node:crypto';
import { gunzipSync } from 'node:zlib';
import { Readable } from 'node:stream';
import { z } from 'zod';
import { findBackup, writeJson } from '../../backups/catalogue.ts';
import { parseJson, sealed } from '../../backups/manifests.ts';
import { readObjects } from '../../backups/objectLists.ts';
import { failureKey, indexKey, manifestKey, registryKey, snapshotKey } from '../../backups/setKeys.ts';
import { indexPartSchema, registryDumpSchema } from '../../contracts/backups.ts';
import type { BackupManifest, IndexPart, SetFile } from '../../contracts/backups.ts';
import { CatalystError } from '../../contracts/errors.ts';
import type { Failure } from '../../contracts/failure.ts';
import type { ObjectBucket } from '../../ports/objectBucket.ts';
import type { ActivityContext } from '../activityContext.ts';
import { listPages } from './copyObjects.ts';
import { requireBackups } from './dependencies.ts';
import type { BackupDependencies } from './dependencies.ts';

/** What the index is at this moment, and its database's own copy of it where that is wanted and offered. */
export async function describeIndex(dependencies: BackupDependencies, id: string, context: ActivityContext): Promise<void> {
  const { bucket, snapshots } = requireBackups(dependencies);
  const { generationIndex } = dependencies;
  const generation = (await generationIndex.serving()) ?? null;
  const contract = generation === null ? null : ((await generationIndex.contractOf(generation)) ?? null);
  const points = generation === null ? 0 : ((await generationIndex.statistics(generation))?.points ?? 0);
  const part = { alias: generationIndex.alias, generation, contract, points };
  const without = (note: string): IndexPart => ({ ...part, snapshot: null, note });
  const describe = async (): Promise<IndexPart> => {
    if (snapshots === undefined || generation === null) return without('Built of artifacts, which makes the same points.');
    const taken = await snapshots.take(generation);
    if (taken === undefined) return without('The server makes no snapshots; built of artifacts, which makes the same points.');
    context.progress('the snapshot is made');
    const { bytes, digest, mark } = await bucket.store(snapshotKey(id), { body: await taken.open(), mediaType: 'application/octet-stream' });
    await taken.remove();
    if (taken.checksum !== undefined && digest !== `sha256:${taken.checksum}`) throw new CatalystError('INDEX_UNAVAILABLE', 'The snapshot that was read is not the one that was made.');
    return { ...part, snapshot: { key: snapshotKey(id), bytes, digest, mark, lines: 0 }, note: 'A restore builds of artifacts all the same; the snapshot is for hands.' };
  };
  await writeJson(bucket, indexKey(id), await describe());
}

/** Writes the manifest, by which the set is one. */
export async function finishBackup(dependencies: BackupDependencies, id: string): Promise<void> {
  const { bucket, artifactBucket, release } = requireBackups(dependencies);
  const [begun, registry, index] = await Promise.all([findBackup(bucket, id), readPart(bucket, registryKey(id), registryDumpSchema), readPart(bucket, indexKey(id), indexPartSchema)]);
  if (begun === undefined) throw new CatalystError('BACKUP_CORRUPT', `The backup ${id} has lost its beginning.`);
  const objects = await sumObjects(bucket, id);
  const manifest = sealed({ format: 1, id, by: begun.by, release, startedAt: begun.startedAt, finishedAt: new Date().toISOString(), registry, objects: { bucket: artifactBucket.name, ...objects }, index });
  await bucket.store(manifestKey(id), { body: Readable.from([Buffer.from(JSON.stringify(manifest))]), mediaType: 'application/json' });
  tell(dependencies, manifest);
}

function tell({ emit }: BackupDependencies, { id, startedAt, finishedAt, registry, objects }: BackupManifest): void {
  const rows = registry.tables.reduce((sum, table) => sum + table.rows, 0);
  const rowBytes = registry.tables.reduce((sum, { file }) => sum + file.bytes, 0);
  emit({ type: 'backup.finished', backupId: id, finishedAt, rows, objects: objects.objects, bytes: objects.bytes + rowBytes, copiedBytes: objects.copiedBytes + rowBytes, gone: objects.gone, seconds: (Date.parse(finishedAt) - Date.parse(startedAt)) / 1000 });
}

async function readPart<Part>(bucket: ObjectBucket, key: string, schema: z.ZodType<Part>): Promise<Part> {
  const part = schema.safeParse(parseJson((await bucket.read(key)) ?? new Uint8Array()));
  if (!part.success) throw new CatalystError('BACKUP_CORRUPT', `The file ${key} of the backup is missing or not what was written.`);
  return part.data;
}

const headSchema = z.object({ copied: z.int(), copiedBytes: z.int(), gone: z.int() });

async function sumObjects(bucket: ObjectBucket, id: string): Promise<Omit<BackupManifest['objects'], 'bucket'>> {
  const sums = { objects: 0, bytes: 0, copied: 0, copiedBytes: 0, gone: 0 };
  const lists: SetFile[] = [];
  for (const key of await listPages(bucket, id)) {
    const head = await readPart(bucket, `${key}.json`, headSchema);
    const list = await describeList(bucket, key);
    for await (const { bytes } of readObjects(bucket, [list])) sums.bytes += bytes;
    sums.objects += list.lines;
    sums.copied += head.copied;
    sums.copiedBytes += head.copiedBytes;
    sums.gone += head.gone;
    lists.push(list);
  }
  return { ...sums, lists };
}

/** A page is small. */
async function describeList(bucket: ObjectBucket, key: string): Promise<SetFile> {
  const { objects: [listed] } = await bucket.list(key, undefined, 1);
  const packed = await bucket.read(key);
  if (packed === undefined || listed?.key !== key) throw new CatalystError('BACKUP_CORRUPT', `The page ${key} of the backup is missing.`);
  const text = gunzipSync(packed).toString('utf8');
  return { key, bytes: packed.byteLength, digest: `sha256:${createHash('sha256').update(text).digest('hex')}`, mark: listed.mark, lines: text.split('\n').length - 1 };
}

/** Also of a set that has its manifest: then it was not looked at, or what is too old was not removed. */
export async function failBackup(dependencies: BackupDependencies, id: string, failure: Failure): Promise<void> {
  const { bucket } = requireBackups(dependencies);
  await writeJson(bucket, failureKey(id), failure);
  dependencies.emit({ type: 'backup.failed', backupId: id, code: failure.code, detail: failure.message });
}
