import { HeadObjectCommand, PutObjectCommand } from '@aws-sdk/client-s3';
import type { ArtifactKind, ArtifactReference } from '../../contracts/artifacts.ts';
import { CatalystError } from '../../contracts/errors.ts';
import { digestOf } from '../../contracts/identifiers.ts';
import type { ArtifactEntry } from '../../ports/artifactStore.ts';
import { attempt, type S3Access } from './s3Access.ts';
import { isConflict, s3Status, translateS3Failure } from './s3Failures.ts';
import { erasedMetadata } from './s3Filler.ts';
import { contentKey, uriOf } from './s3Keys.ts';

/** A lost turn means that another process has erased a part of the object, removed it or stored it. */
const mostTurns = 20;

/** All entries in one object, with one request. */
export async function putPacked(access: S3Access, tenant: string, kind: ArtifactKind, entries: readonly ArtifactEntry[]): Promise<ArtifactReference[]> {
  const [first] = entries;
  if (first === undefined) return [];
  const packed = entries.length === 1 ? first.bytes : Buffer.concat(entries.map((entry) => entry.bytes));
  const digest = digestOf(packed);
  const key = contentKey(tenant, kind, digest);
  const uri = uriOf(access.settings.bucket, key);
  await putUnlessThere(access, key, packed, entries.length === 1 ? first.mediaType : 'application/octet-stream');
  let offset = 0;
  return entries.map(({ bytes, mediaType }) => {
    const reference = { uri, offset, length: bytes.byteLength, digest: entries.length === 1 ? digest : digestOf(bytes), mediaType };
    offset += bytes.byteLength;
    return reference;
  });
}

/**
 * The key is the content's digest: an object that is there already is the right one, unless parts of it were erased since;
 * then this request wants them again, and the whole is written anew.
 */
async function putUnlessThere(access: S3Access, key: string, bytes: Uint8Array, mediaType: string): Promise<void> {
  const { client, settings } = access;
  const object = { Bucket: settings.bucket, Key: key, Body: bytes, ContentType: mediaType };
  for (let turn = 0; turn < mostTurns; turn += 1) {
    if (await wasStored(access, () => client.send(new PutObjectCommand({ ...object, IfNoneMatch: '*' })))) return;
    const erased = await findErased(access, key);
    if (erased === 'intact') return;
    if (erased === 'missing') continue;
    if (await wasStored(access, () => client.send(new PutObjectCommand({ ...object, IfMatch: erased.etag })))) return;
  }
  throw new CatalystError('ARTIFACT_STORE_UNAVAILABLE', `The object ${uriOf(settings.bucket, key)} was changed by others again and again while it was to be stored.`);
}

/** False where the condition of the request does not hold. */
async function wasStored(access: S3Access, put: () => Promise<unknown>): Promise<boolean> {
  try {
    await put();
    return true;
  } catch (error) {
    if (isConflict(error) || s3Status(error) === 404) return attempt(access, undefined, () => bucketIsThere(error));
    throw translateS3Failure(access.settings, error);
  }
}

/** A missing object is a condition that does not hold; a missing bucket is an outage. */
function bucketIsThere(error: unknown): Promise<false> {
  return error instanceof Error && s3Status(error) === 404 && error.name !== 'NoSuchKey' ? Promise.reject(error) : Promise.resolve(false);
}

async function findErased(access: S3Access, key: string): Promise<'intact' | 'missing' | { readonly etag: string | undefined }> {
  const { client, settings } = access;
  try {
    const { Metadata, ETag } = await client.send(new HeadObjectCommand({ Bucket: settings.bucket, Key: key }));
    return Object.keys(erasedMetadata).some((name) => Metadata?.[name] !== undefined) ? { etag: ETag } : 'intact';
  } catch (error) {
    if (s3Status(error) === 404) return 'missing';
    throw translateS3Failure(settings, error);
  }
}
