import type { Readable } from 'node:stream';
import { GetObjectCommand, ListObjectsV2Command, type GetObjectCommandOutput, type S3Client } from '@aws-sdk/client-s3';
import { CatalystError } from '../../contracts/errors.ts';
import type { ObjectContent, ObjectSource } from '../shared/objectSource.ts';
import { createS3Client } from './s3Client.ts';
import { isMissingObject, translateImportFailure } from './s3ImportFailures.ts';
import type { S3Settings } from './s3Settings.ts';

const archives = new Set(['GLACIER', 'DEEP_ARCHIVE']);

/** Buckets of others, read only. `artifactBucket` is our own, which is never imported from: it holds what belongs to all tenants. */
export function createS3ImportBuckets(settings: Omit<S3Settings, 'bucket'> & { readonly artifactBucket: string }): ObjectSource {
  const client = createS3Client({ ...settings, bucket: '' });
  const requireForeign = (bucket: string): void => {
    if (bucket === settings.artifactBucket) throw new CatalystError('NOT_FOUND', `There is no bucket "${bucket}" to import from.`);
  };
  return {
    async list(bucket, { prefix, after, limit }, signal) {
      requireForeign(bucket);
      try {
        const answer = await client.send(new ListObjectsV2Command({ Bucket: bucket, Prefix: prefix, MaxKeys: limit, ...(after === undefined ? {} : { StartAfter: after }) }), { abortSignal: signal });
        const objects = (answer.Contents ?? []).map((object) => ({ key: object.Key ?? '', bytes: object.Size ?? 0, etag: object.ETag, isArchived: archives.has(object.StorageClass ?? '') }));
        return { objects, hasMore: answer.IsTruncated === true };
      } catch (error) {
        throw translateImportFailure(error, `s3://${bucket}/${prefix}`, signal);
      }
    },
    async read(bucket, key, maximumBytes, signal) {
      requireForeign(bucket);
      try {
        return await readObject(client, { bucket, key, maximumBytes }, signal);
      } catch (error) {
        if (isMissingObject(error)) return undefined;
        throw translateImportFailure(error, `s3://${bucket}/${key}`, signal);
      }
    },
    close() {
      client.destroy();
      return Promise.resolve();
    },
  };
}

interface ObjectPlace {
  readonly bucket: string;
  readonly key: string;
  readonly maximumBytes: number;
}

async function readObject(client: S3Client, { bucket, key, maximumBytes }: ObjectPlace, signal: AbortSignal): Promise<ObjectContent> {
  const answer = await client.send(new GetObjectCommand({ Bucket: bucket, Key: key }), { abortSignal: signal });
  const body = answer.Body as Readable;
  const parts: Uint8Array[] = [];
  let total = 0;
  try {
    if ((answer.ContentLength ?? 0) > maximumBytes) throw tooLarge();
    for await (const part of body as AsyncIterable<Uint8Array>) {
      total += part.byteLength;
      if (total > maximumBytes) throw tooLarge();
      parts.push(part);
    }
  } finally {
    body.destroy();
  }
  return { bytes: Buffer.concat(parts, total), mediaType: answer.ContentType ?? 'application/octet-stream', etag: answer.ETag, lastModified: answer.LastModified?.toUTCString(), headers: headersOf(answer) };

  function tooLarge(): CatalystError {
    return new CatalystError('DOCUMENT_TOO_LARGE', `s3://${bucket}/${key} is larger than the limit of ${maximumBytes} bytes.`);
  }
}

function headersOf(answer: GetObjectCommandOutput): Record<string, string> {
  const headers = {
    'content-type': answer.ContentType,
    'content-length': answer.ContentLength?.toString(),
    'content-language': answer.ContentLanguage,
    'content-disposition': answer.ContentDisposition,
    'last-modified': answer.LastModified?.toUTCString(),
    etag: answer.ETag,
  };
  return Object.fromEntries(Object.entries(headers).flatMap(([name, value]) => (value === undefined || value === '' ? [] : [[name, value]])));
}
