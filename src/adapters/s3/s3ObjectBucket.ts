import { Readable } from 'node:stream';
import { GetObjectCommand, ListObjectsV2Command } from '@aws-sdk/client-s3';
import type { ObjectBucket, OpenObject } from '../../ports/objectBucket.ts';
import { attempt, type S3Access } from './s3Access.ts';
import { prepareBucket } from './s3Bucket.ts';
import { createS3Client } from './s3Client.ts';
import { deleteKeys } from './s3Delete.ts';
import { s3Status, translateS3Failure } from './s3Failures.ts';
import type { S3Settings } from './s3Settings.ts';
import { uploadStream } from './s3Upload.ts';

/** A bucket as such, whosever objects it holds. */
export function createObjectBucket(settings: S3Settings): ObjectBucket {
  const client = createS3Client(settings);
  const access: S3Access = { client, settings };
  const { bucket } = settings;
  const open = (key: string): Promise<OpenObject | undefined> => openObject(access, key);
  return {
    name: bucket,
    prepare: () => prepareBucket(access),
    async list(prefix, after, limit) {
      const page = await attempt(access, undefined, () => client.send(new ListObjectsV2Command({ Bucket: bucket, Prefix: prefix, MaxKeys: limit, ...(after === undefined ? {} : { StartAfter: after }) })));
      const objects = (page.Contents ?? []).flatMap(({ Key, Size, ETag }) => (Key === undefined ? [] : [{ key: Key, bytes: Size ?? 0, mark: ETag ?? '' }]));
      return { objects, isLast: page.IsTruncated !== true };
    },
    folders: (prefix) => listFolders(access, prefix),
    async read(key) {
      const found = await open(key);
      if (found === undefined) return undefined;
      return attempt(access, undefined, async () => Buffer.concat(await found.body.toArray()));
    },
    open,
    store: (key, { body, mediaType, metadata }) => attempt(access, undefined, () => uploadStream({ client, bucket, key, mediaType, metadata, maximumBytes: Number.MAX_SAFE_INTEGER }, body)),
    remove: (keys) => deleteKeys(access, keys),
  };
}

async function openObject(access: S3Access, key: string): Promise<OpenObject | undefined> {
  return attempt(access, undefined, async () => {
    try {
      const { Body, ContentType, Metadata } = await access.client.send(new GetObjectCommand({ Bucket: access.settings.bucket, Key: key }));
      return { body: Readable.from(translated(access, Body as Readable), { objectMode: false }), mediaType: ContentType ?? 'application/octet-stream', metadata: Metadata ?? {} };
    } catch (error) {
      if (s3Status(error) === 404 && error instanceof Error && error.name === 'NoSuchKey') return undefined;
      throw error;
    }
  });
}

/** Whoever streams it on is to see what a store that fails on the way means. */
async function* translated({ settings }: S3Access, body: AsyncIterable<Buffer>): AsyncGenerator<Buffer> {
  try {
    yield* body;
  } catch (error) {
    throw translateS3Failure(settings, error);
  }
}

async function listFolders({ client, settings }: S3Access, prefix: string): Promise<string[]> {
  const names: string[] = [];
  let place: { readonly ContinuationToken?: string } | undefined = {};
  while (place !== undefined) {
    const input = { Bucket: settings.bucket, Prefix: prefix, Delimiter: '/', ...place };
    const page: { CommonPrefixes?: { Prefix?: string | undefined }[] | undefined; NextContinuationToken?: string | undefined } = await attempt({ client, settings }, undefined, () => client.send(new ListObjectsV2Command(input)));
    names.push(...(page.CommonPrefixes ?? []).map(({ Prefix = '' }) => Prefix.slice(prefix.length, -1)));
    place = page.NextContinuationToken === undefined ? undefined : { ContinuationToken: page.NextContinuationToken };
  }
  return names;
}
