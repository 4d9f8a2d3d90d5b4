import { DeleteObjectsCommand, PutObjectCommand } from '@aws-sdk/client-s3';
import type { ArtifactKind, ArtifactReference } from '../../contracts/artifacts.ts';
import { CatalystError } from '../../contracts/errors.ts';
import { digestOf } from '../../contracts/identifiers.ts';
import type { ArtifactEntry } from '../../ports/artifactStore.ts';
import { attempt, type S3Access } from './s3Access.ts';
import { s3Status, translateS3Failure } from './s3Failures.ts';
import { contentKey, uriOf } from './s3Keys.ts';

/** The most that S3 takes in one request. */
const keysInDelete = 1_000;

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

/** The key is the content's digest: an object that is there already is the right one. */
async function putUnlessThere(access: S3Access, key: string, bytes: Uint8Array, mediaType: string): Promise<void> {
  const { bucket } = access.settings;
  try {
    await access.client.send(new PutObjectCommand({ Bucket: bucket, Key: key, Body: bytes, ContentType: mediaType, IfNoneMatch: '*' }));
  } catch (error) {
    if (s3Status(error) !== 412) throw translateS3Failure(access.settings, error);
  }
}

/** Missing keys are no error. */
export async function deleteKeys(access: S3Access, keys: readonly string[]): Promise<void> {
  for (let start = 0; start < keys.length; start += keysInDelete) await deleteBatch(access, keys.slice(start, start + keysInDelete));
}

async function deleteBatch(access: S3Access, keys: readonly string[]): Promise<void> {
  const { bucket } = access.settings;
  const objects = keys.map((key) => ({ Key: key }));
  const answer = await attempt(access, undefined, () => access.client.send(new DeleteObjectsCommand({ Bucket: bucket, Delete: { Objects: objects, Quiet: true } })));
  const refused = (answer.Errors ?? []).filter((error) => error.Code !== 'NoSuchKey');
  if (refused.length === 0) return;
  throw new CatalystError('ARTIFACT_STORE_UNAVAILABLE', `The artifact store did not remove ${refused.length} objects: ${refused[0]?.Code} ${refused[0]?.Message}.`);
}
