import { setTimeout as sleep } from 'node:timers/promises';
import { GetObjectCommand, PutObjectCommand } from '@aws-sdk/client-s3';
import type { ArtifactReference } from '../../contracts/artifacts.ts';
import { CatalystError } from '../../contracts/errors.ts';
import { digestOf } from '../../contracts/identifiers.ts';
import { attempt, type S3Access } from './s3Access.ts';
import { isConflict, s3Status } from './s3Failures.ts';
import { erasedMetadata, fill } from './s3Filler.ts';
import { uriOf } from './s3Keys.ts';

/** A lost turn means that another process has written the object meanwhile. */
const mostTurns = 20;

interface Part {
  readonly reference: ArtifactReference;
  readonly bytes: Uint8Array;
  readonly objectBytes?: number | undefined;
}

interface Found {
  readonly bytes: Buffer;
  readonly etag: string | undefined;
  readonly mediaType: string | undefined;
  readonly metadata: Record<string, string> | undefined;
}

/** Each object once, however many parts of it are written. */
export async function mendObjects(access: S3Access, parts: readonly Part[], keyOf: (uri: string) => string): Promise<void> {
  for (const [uri, own] of Map.groupBy(parts, ({ reference }) => reference.uri)) await mendObject(access, keyOf(uri), own);
}

async function mendObject(access: S3Access, key: string, parts: readonly Part[]): Promise<void> {
  for (let turn = 0; turn < mostTurns; turn += 1) {
    if (turn > 0) await sleep(Math.random() * 20 * turn);
    if (await wasMended(access, key, await readObject(access, key), parts)) return;
  }
  throw new CatalystError('ARTIFACT_STORE_UNAVAILABLE', `The object ${uriOf(access.settings.bucket, key)} was changed by others again and again while a part of it was to be written again.`);
}

async function wasMended(access: S3Access, key: string, found: Found | undefined, parts: readonly Part[]): Promise<boolean> {
  const { client, settings } = access;
  const body = patch(found?.bytes, parts);
  if (found?.bytes.equals(body) === true) return true;
  const whole = key.endsWith(digestOf(body).slice('sha256:'.length));
  const partial = !whole && (found === undefined || found.bytes.byteLength !== body.byteLength);
  const metadata = whole ? {} : partial ? erasedMetadata : found?.metadata;
  const mediaType = found?.mediaType ?? (parts.length === 1 ? parts[0]?.reference.mediaType : 'application/octet-stream');
  const condition = found === undefined ? { IfNoneMatch: '*' } : { IfMatch: found.etag };
  try {
    await client.send(new PutObjectCommand({ Bucket: settings.bucket, Key: key, Body: body, ContentType: mediaType, Metadata: metadata, ...condition }));
    return true;
  } catch (error) {
    if (isConflict(error) || s3Status(error) === 404) return false;
    return attempt(access, undefined, () => Promise.reject(error as Error));
  }
}

/** The object with these parts in their places; what nobody gives of one that is gone, or too short, looks erased. */
function patch(found: Buffer | undefined, parts: readonly Part[]): Buffer {
  const length = Math.max(found?.byteLength ?? 0, ...parts.map(({ reference, objectBytes = 0 }) => Math.max(objectBytes, reference.offset + reference.length)));
  const body = Buffer.alloc(length);
  fill(body, 0, length);
  found?.copy(body);
  for (const { reference, bytes } of parts) body.set(bytes, reference.offset);
  return body;
}

async function readObject(access: S3Access, key: string): Promise<Found | undefined> {
  const { client, settings } = access;
  return attempt(access, undefined, async () => {
    try {
      const answer = await client.send(new GetObjectCommand({ Bucket: settings.bucket, Key: key }));
      return { bytes: Buffer.from((await answer.Body?.transformToByteArray()) ?? []), etag: answer.ETag, mediaType: answer.ContentType, metadata: answer.Metadata };
    } catch (error) {
      if (error instanceof Error && error.name === 'NoSuchKey') return undefined;
      throw error;
    }
  });
}
