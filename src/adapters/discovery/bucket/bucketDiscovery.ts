import { z } from 'zod';
import { CatalystError } from '../../../contracts/errors.ts';
import { toFailure } from '../../../contracts/failure.ts';
import type { DiscoveredDocument, DiscoveryRequest, DiscoveryStep, SourceDiscovery, StoredDocument, UnreadableDocument } from '../../../ports/sourceDiscovery.ts';
import { createFilter } from '../../shared/addressPatterns.ts';
import type { ListedObject, ObjectSource } from '../../shared/objectSource.ts';
import { Lane, mapWithin } from '../boundedStep.ts';
import { defaultRetryPolicy, nextRetry, type RetryPolicy } from '../retries.ts';
import { bucketKey, importObject, isEarlier, type ImportedObject } from './importObject.ts';

export interface BucketDiscoveryOptions {
  /** Its creator closes it. */
  readonly buckets: ObjectSource;
  /** Whether the operator has opened a bucket to a tenant. */
  readonly isOpen: (tenant: string, bucket: string) => boolean;
  readonly maximumBytes: number;
  readonly retryPolicy?: RetryPolicy;
  readonly objectsInStep?: number;
  /** After this time a step begins no further object. */
  readonly stepMs?: number;
  readonly objectsAtOnce?: number;
}

const cursorSchema = z.object({
  /** The last key that is done with. */
  after: z.string().nullable(),
  retries: z.record(z.string(), z.object({ tries: z.int(), notBefore: z.number() })),
});
type Cursor = z.infer<typeof cursorSchema>;

/** The objects below a prefix of a bucket are documents; their bytes are copied, unless an earlier run did and nothing changed since. */
export function createBucketDiscovery(options: BucketDiscoveryOptions): SourceDiscovery {
  const largeObjects = new Lane();
  return { step: (request) => readStep(options, largeObjects, request), cancel: () => Promise.resolve(), close: () => Promise.resolve() };
}

async function readStep(options: BucketDiscoveryOptions, largeObjects: Lane, request: DiscoveryRequest): Promise<DiscoveryStep> {
  const { definition, tenant, signal } = request;
  if (definition.type !== 'bucket') throw new CatalystError('INTERNAL', `A ${definition.type} is not a bucket.`);
  const { bucket, prefix, maximumDocuments } = definition;
  if (!options.isOpen(tenant, bucket)) throw new CatalystError('NOT_FOUND', `There is no bucket "${bucket}" to import from for this tenant.`);
  const cursor = request.cursor === null ? { after: null, retries: {} } : cursorSchema.parse(request.cursor);
  const listed = await options.buckets.list(bucket, { prefix, after: cursor.after ?? undefined, limit: options.objectsInStep ?? 200 }, signal);
  const isWanted = createFilter(definition);
  // Names that end in "/" are how some programs mark folders.
  const wanted = listed.objects.filter(({ key }) => !key.endsWith('/') && isWanted(key));
  const room = Math.max(0, maximumDocuments - request.documentsSoFar);
  const chosen = wanted.slice(0, room);
  const stored = chosen.length === 0 ? new Map<string, StoredDocument>() : await request.findStored(chosen.map(({ key }) => bucketKey(bucket, key)));
  let done = 0;
  const limits = { atOnce: options.objectsAtOnce ?? 8, untilMs: performance.now() + (options.stepMs ?? 8_000) };
  const imported = await mapWithin(chosen, limits, async (object) => {
    const before = stored.get(bucketKey(bucket, object.key));
    const result = isEarlier(object, before) ? { type: 'unchanged' as const, stored: before } : await importObject({ ...options, bucket, largeObjects, request }, object);
    request.progress({ objects: (done += 1), of: chosen.length });
    return result;
  });
  const step = collect(options.retryPolicy ?? defaultRetryPolicy, bucket, cursor, chosen, imported);
  const isCut = step.taken < chosen.length;
  const reachedLimit = !isCut && wanted.length > chosen.length;
  const lastKey = isCut ? chosen[step.taken - 1]?.key : listed.objects.at(-1)?.key;
  return {
    documents: step.documents,
    unreadable: step.unreadable,
    visited: [],
    found: [],
    cursor: { after: lastKey ?? cursor.after, retries: step.retries } satisfies Cursor,
    done: reachedLimit || (!isCut && !listed.hasMore),
    gaps: reachedLimit ? [`The limit of ${maximumDocuments} documents was reached: the bucket holds more.`] : [],
    ...(step.waitMs === undefined ? {} : { waitMs: step.waitMs }),
  };
}

interface Collected {
  readonly documents: DiscoveredDocument[];
  readonly unreadable: UnreadableDocument[];
  readonly retries: Cursor['retries'];
  /** Objects from the first that are done with. */
  taken: number;
  waitMs?: number;
}

/** In the order of the keys, up to the first that is to be tried again: the next step begins there. */
function collect(policy: RetryPolicy, bucket: string, cursor: Cursor, objects: readonly ListedObject[], imported: readonly (ImportedObject | undefined)[]): Collected {
  const collected: Collected = { documents: [], unreadable: [], retries: {}, taken: 0 };
  for (const [place, object] of objects.entries()) {
    const result = imported[place];
    if (result === undefined) break;
    const sourceKey = bucketKey(bucket, object.key);
    const source = { type: 'bucket' as const, location: `${bucket}/${object.key}` };
    if (result.type === 'failed') {
      const retry = nextRetry(policy, result.error, cursor.retries[object.key]);
      if (retry !== undefined) {
        collected.retries[object.key] = retry;
        collected.waitMs = Math.max(0, Math.ceil(retry.notBefore - Date.now()));
        break;
      }
      collected.unreadable.push({ sourceKey, source, failure: toFailure(result.error) });
    } else if (result.type !== 'gone') {
      const { raw, fetched } = result.stored;
      const fileName = object.key.split('/').at(-1) ?? object.key;
      collected.documents.push({ sourceKey, source, origin: { type: 'stored', reference: raw, mediaType: raw.mediaType, fileName, ...(fetched === null ? {} : { fetched }) }, bytes: raw.length });
    }
    collected.taken = place + 1;
  }
  return collected;
}
