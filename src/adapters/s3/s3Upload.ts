import { createHash } from 'node:crypto';
import { Transform, type Readable } from 'node:stream';
import { pipeline } from 'node:stream/promises';
import type { S3Client } from '@aws-sdk/client-s3';
import { Upload } from '@aws-sdk/lib-storage';
import { CatalystError } from '../../contracts/errors.ts';
import type { Digest } from '../../contracts/identifiers.ts';

export interface StreamTarget {
  readonly client: S3Client;
  readonly bucket: string;
  readonly key: string;
  readonly mediaType: string;
  readonly maximumBytes: number;
  readonly metadata?: Readonly<Record<string, string>> | undefined;
}

/** Two parts of 8 MiB are in memory at once, one being filled and one on its way. S3 takes 10,000 parts: 78 GiB. */
const partSize = 8 * 1024 * 1024;
const partsInFlight = 2;

/**
 * Streams the body to one object; what was stored of it is removed when it fails.
 * Throws DOCUMENT_TOO_LARGE above the limit, CANCELLED when the body breaks off, and what the S3 client throws.
 */
export async function uploadStream(target: StreamTarget, body: Readable): Promise<{ readonly bytes: number; readonly digest: Digest; /** What the store calls it (ETag). */ readonly mark: string }> {
  const hash = createHash('sha256');
  let bytes = 0;
  const meter = new Transform({
    transform(chunk: Buffer, _encoding, callback) {
      bytes += chunk.byteLength;
      if (bytes > target.maximumBytes) {
        return callback(new CatalystError('DOCUMENT_TOO_LARGE', `The content is larger than the limit of ${target.maximumBytes} bytes.`));
      }
      hash.update(chunk);
      callback(null, chunk);
    },
  });
  const upload = new Upload({
    client: target.client,
    params: { Bucket: target.bucket, Key: target.key, Body: meter, ContentType: target.mediaType, ...(target.metadata === undefined ? {} : { Metadata: target.metadata }) },
    partSize,
    queueSize: partsInFlight,
    leavePartsOnError: false,
  });
  // Either end may fail first: the store's failure must end the body, and the body's failure must end the upload.
  let storeFailed = false;
  const reading = pipeline(body, meter).catch((error: unknown) => {
    throw error instanceof CatalystError ? error : new CatalystError('CANCELLED', 'The content broke off before its end.', { cause: error });
  });
  const writing = upload.done().catch((error: unknown) => {
    storeFailed = meter.errored === null;
    meter.destroy(error instanceof Error ? error : new Error(String(error)));
    throw error;
  });
  const [read, written] = await Promise.allSettled([reading, writing]);
  if (written.status === 'rejected' && (storeFailed || read.status === 'fulfilled')) throw written.reason;
  if (read.status === 'rejected') throw read.reason;
  return { bytes, digest: `sha256:${hash.digest('hex')}`, mark: (written.status === 'fulfilled' ? written.value.ETag : undefined) ?? '' };
}
