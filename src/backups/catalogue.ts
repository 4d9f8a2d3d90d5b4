import { Readable } from 'node:stream';
import { z } from 'zod';
import { backupIdSchema, backupVerificationSchema } from '../contracts/backups.ts';
import type { Backup, BackupManifest } from '../contracts/backups.ts';
import { failureSchema } from '../contracts/failure.ts';
import type { ObjectBucket } from '../ports/objectBucket.ts';
import { parseJson, readManifest } from './manifests.ts';
import { begunKey, failureKey, setsPrefix, verificationKey } from './setKeys.ts';

const begunSchema = z.object({ by: z.string(), startedAt: z.iso.datetime() });

/** All sets of the bucket, newest first. The bucket alone tells: there may be no database left. */
export async function listBackups(bucket: ObjectBucket): Promise<Backup[]> {
  const found: Backup[] = [];
  for (const id of await listIds(bucket)) {
    const backup = await findBackup(bucket, id);
    if (backup !== undefined) found.push(backup);
  }
  return found;
}

/** The newest good one before another; the others are not looked at. */
export async function findGoodBefore(bucket: ObjectBucket, id: string): Promise<Backup | undefined> {
  for (const earlier of await listIds(bucket)) {
    const backup = earlier < id ? await findBackup(bucket, earlier) : undefined;
    if (backup?.state === 'finished') return backup;
  }
  return undefined;
}

/** Newest first. */
async function listIds(bucket: ObjectBucket): Promise<string[]> {
  return (await bucket.folders(setsPrefix)).filter((name) => backupIdSchema.safeParse(name).success).sort().reverse();
}

export async function findBackup(bucket: ObjectBucket, id: string): Promise<Backup | undefined> {
  const [begun, failure, verification] = await Promise.all([read(bucket, begunKey(id), begunSchema), read(bucket, failureKey(id), failureSchema), read(bucket, verificationKey(id), backupVerificationSchema)]);
  if (begun === undefined) return undefined;
  const manifest = await readManifest(bucket, id).catch(() => 'damaged' as const);
  const figures = typeof manifest === 'object' ? figuresOf(manifest) : noFigures;
  return { id, ...begun, ...figures, state: stateOf(), failure: failure ?? null, verification: verification ?? null };

  function stateOf(): Backup['state'] {
    if (manifest === 'damaged' || (verification?.problems ?? 0) > 0) return 'damaged';
    if (manifest !== undefined) return 'finished';
    return failure === undefined ? 'unfinished' : 'failed';
  }
}

type Figures = Omit<Backup, 'id' | 'by' | 'startedAt' | 'state' | 'failure' | 'verification'>;

const noFigures: Figures = { snapshotAt: null, finishedAt: null, release: null, tables: null, rows: null, objects: null, bytes: null, copiedObjects: null, copiedBytes: null, points: null, digest: null };

function figuresOf({ registry, finishedAt, release, objects, index, digest }: BackupManifest): Figures {
  return {
    snapshotAt: registry.snapshotAt,
    finishedAt,
    release,
    tables: registry.tables.length,
    rows: registry.tables.reduce((sum, { rows }) => sum + rows, 0),
    objects: objects.objects,
    bytes: objects.bytes,
    copiedObjects: objects.copied,
    copiedBytes: objects.copiedBytes,
    points: index.points,
    digest,
  };
}

async function read<Value>(bucket: ObjectBucket, key: string, schema: z.ZodType<Value>): Promise<Value | undefined> {
  const bytes = await bucket.read(key);
  return bytes === undefined ? undefined : schema.safeParse(parseJson(bytes)).data;
}

export async function writeJson(bucket: ObjectBucket, key: string, value: unknown): Promise<void> {
  await bucket.store(key, { body: Readable.from([Buffer.from(JSON.stringify(value))]), mediaType: 'application/json' });
}
