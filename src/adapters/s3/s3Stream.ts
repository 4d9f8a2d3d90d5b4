import { createHash } from 'node:crypto';
import { Readable, Transform, pipeline } from 'node:stream';
import { GetObjectCommand } from '@aws-sdk/client-s3';
import type { ArtifactReference } from '../../contracts/artifacts.ts';
import { attempt, type S3Access } from './s3Access.ts';
import { describeObject, mismatch } from './s3Read.ts';
import { translateS3Failure } from './s3Failures.ts';

/** Streams one artifact; a digest that does not match, or a store that fails on the way, breaks the stream at its end. */
export async function streamArtifact(access: S3Access, key: string, reference: ArtifactReference): Promise<Readable> {
  const { client, settings } = access;
  const { uri, offset, length } = reference;
  if (length === 0) {
    await describeObject(access, key);
    return Readable.from([]);
  }
  const { Body } = await attempt(access, uri, () => client.send(new GetObjectCommand({ Bucket: settings.bucket, Key: key, Range: `bytes=${offset}-${offset + length - 1}` })));
  const hash = createHash('sha256');
  let bytes = 0;
  const checked = new Transform({
    transform(part: Buffer, _encoding, callback) {
      hash.update(part);
      bytes += part.byteLength;
      callback(null, part);
    },
    flush(callback) {
      const intact = bytes === length && `sha256:${hash.digest('hex')}` === reference.digest;
      callback(intact ? null : mismatch(reference));
    },
  });
  // The reader sees what the store's failure means; a reader that goes away ends the request.
  return pipeline(Body as Readable, async function* (source: AsyncIterable<Buffer>) {
    try {
      yield* source;
    } catch (error) {
      throw translateS3Failure(settings, error, uri);
    }
  }, checked, () => undefined);
}
