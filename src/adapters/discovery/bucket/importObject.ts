import { CatalystError } from '../../../contracts/errors.ts';
import type { DiscoveryRequest, StoredDocument } from '../../../ports/sourceDiscovery.ts';
import type { ListedObject, ObjectContent, ObjectSource } from '../../shared/objectSource.ts';
import type { Lane } from '../boundedStep.ts';

/** `gone`: removed since it was listed. */
export type ImportedObject = { readonly type: 'stored' | 'unchanged'; readonly stored: StoredDocument } | { readonly type: 'gone' } | { readonly type: 'failed'; readonly error: CatalystError };

export interface ImportScope {
  readonly buckets: ObjectSource;
  readonly bucket: string;
  readonly maximumBytes: number;
  readonly largeObjects: Lane;
  readonly request: DiscoveryRequest;
}

/** Larger objects are read one after the other, so that few of them are in memory. */
const largeBytes = 16 * 1024 * 1024;
/** Failures of one object; an outage of the whole store stops the step. */
const ofTheObject = new Set(['DOCUMENT_TOO_LARGE', 'FETCH_REFUSED', 'FETCH_FAILED', 'FETCH_RATE_LIMITED', 'FETCH_TIMEOUT']);

export function bucketKey(bucket: string, key: string): string {
  return `bucket:${bucket}/${key}`;
}

/** Whether an earlier run stored just this content. */
export function isEarlier(object: ListedObject, stored: StoredDocument | undefined): stored is StoredDocument {
  return object.etag !== undefined && stored?.fetched?.etag === object.etag && stored.raw.length === object.bytes;
}

export async function importObject(scope: ImportScope, object: ListedObject): Promise<ImportedObject> {
  const place = `s3://${scope.bucket}/${object.key}`;
  const refuse = (code: 'EMPTY_DOCUMENT' | 'DOCUMENT_TOO_LARGE' | 'FETCH_REFUSED', why: string): ImportedObject => ({ type: 'failed', error: new CatalystError(code, `${place} ${why}.`) });
  if (object.bytes === 0) return refuse('EMPTY_DOCUMENT', 'has no bytes');
  if (object.bytes > scope.maximumBytes) return refuse('DOCUMENT_TOO_LARGE', `has ${object.bytes} bytes; the limit is ${scope.maximumBytes}`);
  if (object.isArchived) return refuse('FETCH_REFUSED', 'lies in an archive; restore it first');
  try {
    const copied = object.bytes > largeBytes ? await scope.largeObjects.run(() => copy(scope, object.key)) : await copy(scope, object.key);
    return copied === undefined ? { type: 'gone' } : { type: 'stored', stored: copied };
  } catch (error) {
    if (error instanceof CatalystError && ofTheObject.has(error.code)) return { type: 'failed', error };
    throw error;
  }
}

async function copy({ buckets, bucket, maximumBytes, request }: ImportScope, key: string): Promise<StoredDocument | undefined> {
  const content: ObjectContent | undefined = await buckets.read(bucket, key, maximumBytes, request.signal);
  if (content === undefined) return undefined;
  const { bytes, mediaType, etag, lastModified, headers } = content;
  const raw = await request.store(bytes, mediaType);
  return {
    raw,
    fetched: {
      finalUrl: `s3://${bucket}/${key}`,
      fetchedAt: new Date().toISOString(),
      headers: { ...headers },
      ...(etag === undefined ? {} : { etag }),
      ...(lastModified === undefined ? {} : { lastModified }),
    },
  };
}
