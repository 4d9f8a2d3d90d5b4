import type { Readable } from 'node:stream';
import { GetObjectCommand, HeadObjectCommand } from '@aws-sdk/client-s3';
import type { ArtifactReference } from '../../contracts/artifacts.ts';
import { CatalystError } from '../../contracts/errors.ts';
import { digestOf } from '../../contracts/identifiers.ts';
import { attempt, type S3Access } from './s3Access.ts';
import { s3Status } from './s3Failures.ts';
import { isErased } from './s3Filler.ts';
import { artifactNotFound, uriOf } from './s3Keys.ts';
import { mergeRanges, type ObjectRange } from './s3Ranges.ts';

/** Requests of one call that run at once. */
const concurrentReads = 8;

/** The artifacts in the order asked, each checked against its digest. `keyOf` refuses addresses that the caller may not read. */
export async function readArtifacts(access: S3Access, references: readonly ArtifactReference[], keyOf: (uri: string) => string): Promise<Uint8Array[]> {
  const keys = new Map(references.map(({ uri }) => [uri, keyOf(uri)]));
  const found: Uint8Array[] = references.map(() => new Uint8Array(0));
  const ranges = mergeRanges(references).values();
  const readOn = async (): Promise<void> => {
    for (const range of ranges) {
      const { bytes, first } = await readRange(access, keys.get(range.uri)!, range);
      for (const { index, reference } of range.parts) {
        found[index] = bytes.subarray(reference.offset - first, reference.offset - first + reference.length);
      }
    }
  };
  await Promise.all(Array.from({ length: concurrentReads }, readOn));
  for (const [index, reference] of references.entries()) requireDigest(found[index]!, reference);
  return found;
}

/** `first` is where the bytes begin in the object: 0 from a store that ignores ranges. */
async function readRange({ client, settings }: S3Access, key: string, range: ObjectRange): Promise<{ bytes: Uint8Array; first: number }> {
  return attempt({ client, settings }, range.uri, async () => {
    const answer = await client.send(new GetObjectCommand({ Bucket: settings.bucket, Key: key, Range: `bytes=${range.first}-${range.last}` }));
    const bytes = (await answer.Body?.transformToByteArray()) ?? new Uint8Array(0);
    return { bytes, first: answer.ContentRange === undefined ? 0 : range.first };
  });
}

function requireDigest(bytes: Uint8Array, reference: ArtifactReference): void {
  if (bytes.byteLength === reference.length && digestOf(bytes) === reference.digest) return;
  if (isErased(bytes, reference.offset)) throw artifactNotFound(reference.uri);
  throw mismatch(reference);
}

export function mismatch({ uri, offset, length }: ArtifactReference): CatalystError {
  return new CatalystError('ARTIFACT_CORRUPT', `The artifact ${uri} from byte ${offset}, ${length} long, does not match its digest.`);
}

export async function describeObject(access: S3Access, key: string): Promise<{ readonly bytes: number; readonly mediaType: string }> {
  const { client, settings } = access;
  const target = { Bucket: settings.bucket, Key: key };
  return attempt(access, uriOf(settings.bucket, key), async () => {
    const head = await client.send(new HeadObjectCommand(target)).catch(async (error: unknown) => {
      if (s3Status(error) !== 404) throw error;
      // The refusal of a HEAD has no body: a GET says whether it is the object that is missing, or the bucket, or the key's user.
      const answer = await client.send(new GetObjectCommand(target));
      (answer.Body as Readable).destroy();
      return answer;
    });
    return { bytes: head.ContentLength ?? 0, mediaType: head.ContentType ?? 'application/octet-stream' };
  });
}

/** The whole object, which is given up as soon as it turns out to be larger than the limit. */
export async function readWholeObject(access: S3Access, key: string, maximumBytes: number): Promise<Uint8Array> {
  const { client, settings } = access;
  const uri = uriOf(settings.bucket, key);
  return attempt(access, uri, async () => {
    const answer = await client.send(new GetObjectCommand({ Bucket: settings.bucket, Key: key }));
    const body = answer.Body as Readable;
    const parts: Uint8Array[] = [];
    let total = answer.ContentLength ?? 0;
    if (total <= maximumBytes) {
      total = 0;
      for await (const part of body as AsyncIterable<Uint8Array>) {
        total += part.byteLength;
        if (total > maximumBytes) break;
        parts.push(part);
      }
    }
    if (total <= maximumBytes) return Buffer.concat(parts);
    body.destroy();
    throw new CatalystError('DOCUMENT_TOO_LARGE', `The artifact ${uri} is larger than the limit of ${maximumBytes} bytes.`);
  });
}
