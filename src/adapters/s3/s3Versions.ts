import { setTimeout as sleep } from 'node:timers/promises';
import { DeleteObjectsCommand, GetBucketVersioningCommand, ListObjectVersionsCommand } from '@aws-sdk/client-s3';
import type { _Error as Refusal, ListObjectVersionsCommandOutput, ObjectIdentifier } from '@aws-sdk/client-s3';
import { CatalystError } from '../../contracts/errors.ts';
import { attempt, type S3Access } from './s3Access.ts';

/** The most that S3 takes in one request. */
const keysInDelete = 1_000;
const patienceMs = 20_000;
const mostBetweenTurnsMs = 500;

/** Whether the bucket keeps, or kept, older versions: then removing an object hides it only, and its versions have to go one by one. */
export async function keepsVersions(access: S3Access): Promise<boolean> {
  const { client, settings } = access;
  const { Status } = await attempt(access, undefined, () => client.send(new GetBucketVersioningCommand({ Bucket: settings.bucket })));
  return Status !== undefined;
}

/** All versions of exactly this object, delete markers included; `older` alone where the newest is to stay. */
async function listVersions(access: S3Access, key: string, which: 'all' | 'older'): Promise<ObjectIdentifier[]> {
  const { client, settings } = access;
  const found: ObjectIdentifier[] = [];
  let place: { readonly KeyMarker?: string | undefined; readonly VersionIdMarker?: string | undefined } | undefined = {};
  while (place !== undefined) {
    const input = { Bucket: settings.bucket, Prefix: key, ...place };
    const page: ListObjectVersionsCommandOutput = await attempt(access, undefined, () => client.send(new ListObjectVersionsCommand(input)));
    const versions = [...(page.Versions ?? []), ...(page.DeleteMarkers ?? [])];
    for (const { Key, VersionId, IsLatest } of versions) {
      if (Key === key && VersionId !== undefined && (which === 'all' || IsLatest === false)) found.push({ Key, VersionId });
    }
    // In order of key: names that only begin like this one come after it.
    const passed = versions.some(({ Key }) => Key !== key);
    place = page.IsTruncated === true && !passed ? { KeyMarker: page.NextKeyMarker, VersionIdMarker: page.NextVersionIdMarker } : undefined;
  }
  return found;
}

/** Several processes may do so at once: a store may refuse what another has just removed, which the next listing shows. */
export async function removeVersions(access: S3Access, key: string, which: 'all' | 'older'): Promise<void> {
  const begunAt = performance.now();
  for (let turn = 1; ; turn += 1) {
    const refused = await deleteIdentified(access, await listVersions(access, key, which));
    if (refused.length === 0) return;
    if (performance.now() - begunAt > patienceMs) throw notRemoved(refused);
    // By chance, so that those who disturb one another part ways.
    await sleep(Math.min(20 * turn, mostBetweenTurnsMs) * (0.5 + Math.random()));
  }
}

/** Missing ones are no error. Answers what the store refused to remove. */
export async function deleteIdentified(access: S3Access, objects: readonly ObjectIdentifier[]): Promise<Refusal[]> {
  const refused: Refusal[] = [];
  for (let start = 0; start < objects.length; start += keysInDelete) {
    const Objects = objects.slice(start, start + keysInDelete);
    const answer = await attempt(access, undefined, () => access.client.send(new DeleteObjectsCommand({ Bucket: access.settings.bucket, Delete: { Objects, Quiet: true } })));
    refused.push(...(answer.Errors ?? []).filter(({ Code }) => Code !== 'NoSuchKey' && Code !== 'NoSuchVersion'));
  }
  return refused;
}

export function notRemoved(refused: readonly Refusal[]): CatalystError {
  return new CatalystError('ARTIFACT_STORE_UNAVAILABLE', `The artifact store did not remove ${refused.length} objects: ${refused[0]?.Code} ${refused[0]?.Message}.`);
}
