import { setTimeout as sleep } from 'node:timers/promises';
import { GetObjectCommand, HeadObjectCommand, PutObjectCommand } from '@aws-sdk/client-s3';
import type { ArtifactReference } from '../../contracts/artifacts.ts';
import { CatalystError } from '../../contracts/errors.ts';
import { attempt, type S3Access } from './s3Access.ts';
import { deleteKeys } from './s3Delete.ts';
import { isConflict, s3Status } from './s3Failures.ts';
import { erasedMetadata, fill, isErased } from './s3Filler.ts';
import { uriOf } from './s3Keys.ts';
import { keepsVersions, removeVersions } from './s3Versions.ts';

const concurrentObjects = 4;
/** Each lost turn means that another process has erased a part of the same object. */
const mostTurns = 50;

interface Part {
  readonly offset: number;
  readonly length: number;
}

/**
 * Makes the ranges unreadable: an object of nothing else is removed with all its versions; in a packed one they are overwritten under
 * the same key, on condition that nobody changed it meanwhile, and then its older versions are removed.
 */
export async function eraseRanges(access: S3Access, references: readonly ArtifactReference[], keyOf: (uri: string) => string): Promise<{ ranges: number; bytes: number }> {
  const objects = new Map<string, Map<number, Part>>();
  for (const { uri, offset, length } of references) {
    const key = keyOf(uri);
    const parts = objects.get(key) ?? new Map<number, Part>();
    if (length >= (parts.get(offset)?.length ?? 0)) parts.set(offset, { offset, length });
    objects.set(key, parts);
  }
  if (objects.size === 0) return { ranges: 0, bytes: 0 };
  const versioned = await keepsVersions(access);
  const waiting = objects.entries();
  const eraseOn = async (): Promise<void> => {
    for (const [key, parts] of waiting) await eraseObject(access, key, [...parts.values()], versioned);
  };
  await Promise.all(Array.from({ length: concurrentObjects }, eraseOn));
  const erased = [...objects.values()].flatMap((parts) => [...parts.values()]);
  return { ranges: erased.length, bytes: erased.reduce((sum, { length }) => sum + length, 0) };
}

async function eraseObject(access: S3Access, key: string, parts: readonly Part[], versioned: boolean): Promise<void> {
  for (let turn = 0; turn < mostTurns; turn += 1) {
    if (turn > 0) await sleep(Math.random() * 20 * Math.min(turn, 10));
    const result = await eraseOnce(access, key, parts);
    if (result === 'changed meanwhile') continue;
    if (result === 'nothing left') return deleteKeys(access, [key]);
    // Also when there was nothing to overwrite: the try before may have been cut off here.
    if (versioned) await removeVersions(access, key, 'older');
    return;
  }
  throw new CatalystError('ARTIFACT_STORE_UNAVAILABLE', `The object ${uriOf(access.settings.bucket, key)} was changed by others again and again while a part of it was to be erased.`);
}

async function eraseOnce(access: S3Access, key: string, parts: readonly Part[]): Promise<'nothing left' | 'overwritten' | 'changed meanwhile'> {
  const { client, settings } = access;
  const target = { Bucket: settings.bucket, Key: key };
  const head = await nothingWhereMissing(access, () => client.send(new HeadObjectCommand(target)));
  if (head === undefined || covers(parts, head.ContentLength ?? 0)) return 'nothing left';
  const found = await nothingWhereMissing(access, async () => {
    const answer = await client.send(new GetObjectCommand(target));
    return { etag: answer.ETag, mediaType: answer.ContentType, bytes: Buffer.from((await answer.Body?.transformToByteArray()) ?? []) };
  });
  if (found === undefined) return 'nothing left';
  const erased = Buffer.from(found.bytes);
  for (const { offset, length } of parts) fill(erased, offset, length);
  if (isErased(erased, 0)) return 'nothing left';
  if (erased.equals(found.bytes)) return 'overwritten';
  try {
    await client.send(new PutObjectCommand({ ...target, Body: erased, ContentType: found.mediaType, Metadata: erasedMetadata, IfMatch: found.etag }));
    return 'overwritten';
  } catch (error) {
    if (isConflict(error) || s3Status(error) === 404) return 'changed meanwhile';
    return attempt(access, undefined, () => Promise.reject(error as Error));
  }
}

/** Whether the parts leave no byte of an object of this size. */
function covers(parts: readonly Part[], size: number): boolean {
  let end = 0;
  for (const { offset, length } of [...parts].sort((left, right) => left.offset - right.offset)) {
    if (offset > end) return false;
    end = Math.max(end, offset + length);
  }
  return end >= size;
}

async function nothingWhereMissing<Answer>(access: S3Access, ask: () => Promise<Answer>): Promise<Answer | undefined> {
  return attempt(access, undefined, () =>
    ask().catch((error: unknown) => {
      if (s3Status(error) === 404) return undefined;
      throw error;
    }),
  );
}
