import { Readable } from 'node:stream';
import { findGoodBefore } from '../../backups/catalogue.ts';
import { writeLines } from '../../backups/lineFiles.ts';
import { parseJson, readManifest } from '../../backups/manifests.ts';
import { compareKeys, ObjectCursor, readObjects } from '../../backups/objectLists.ts';
import { copiesPrefix, copyKey, listKey, listsPrefix } from '../../backups/setKeys.ts';
import type { CopiedObject, SetFile } from '../../contracts/backups.ts';
import type { BucketObject, ObjectBucket } from '../../ports/objectBucket.ts';
import { inTurns } from './inTurns.ts';
import type { ActivityContext } from '../activityContext.ts';
import { requireBackups } from './dependencies.ts';
import type { BackupMeans } from './backupMeans.ts';
import type { BackupDependencies } from './dependencies.ts';

export const ownPrefix = 'tenants/';
const objectsPerPage = 500;
const copiesAtOnce = 8;
/** One call of the activity; where a lost one was stands in the pages that it wrote. */
const callMs = 60_000;

/** What a page found, beside its objects; in the file's metadata's stead it is its first line. */
export interface PageHead {
  readonly copied: number;
  readonly copiedBytes: number;
  readonly gone: number;
}

/**
 * Copies what the artifacts' bucket holds and the backup bucket does not, page by page of the listing, and lists all of it. Called after the rows
 * were read: an object is stored before a row names it, so that all that the rows name are there, but those that were deleted since. A page that
 * was cut off is begun anew.
 */
export async function copyObjects(dependencies: BackupDependencies, id: string, context: ActivityContext): Promise<{ readonly finished: boolean; readonly objects: number }> {
  const means = requireBackups(dependencies);
  const until = performance.now() + callMs;
  const place = await findPlace(means.bucket, id);
  const earlier = new ObjectCursor(await readEarlier(means.bucket, id, place.after));
  let { page, after } = place;
  let objects = 0;
  try {
    while (performance.now() < until) {
      const { objects: listed, isLast } = await means.artifactBucket.list(ownPrefix, after, objectsPerPage);
      if (listed.length > 0) {
        page += 1;
        await writePage(means, listKey(id, page), listed, earlier);
        objects += listed.length;
        after = listed.at(-1)?.key;
        context.progress({ page, after });
      }
      if (isLast) return { finished: true, objects };
    }
    return { finished: false, objects };
  } finally {
    await earlier.close();
  }
}

async function writePage({ bucket, artifactBucket }: BackupMeans, key: string, listed: readonly BucketObject[], earlier: ObjectCursor): Promise<void> {
  const present = await listCopies(bucket, listed);
  const wanted: { readonly object: BucketObject; readonly known: CopiedObject | undefined }[] = [];
  for (const object of listed) {
    const known = await earlier.find(object.key);
    const copy = known === undefined || known.mark !== object.mark ? undefined : present.get(known.copy);
    wanted.push({ object, known: copy !== undefined && copy.mark === known?.copyMark && copy.bytes === known.bytes ? known : undefined });
  }
  const copies = new Map<string, CopiedObject>();
  let gone = 0;
  await inTurns(copiesAtOnce, wanted, async ({ object, known }) => {
    if (known !== undefined) return;
    const copied = await copyObject(artifactBucket, bucket, object);
    if (copied === undefined) gone += 1;
    else copies.set(object.key, copied);
  });
  const entries = wanted.flatMap(({ object, known }) => known ?? copies.get(object.key) ?? []);
  const copiedBytes = [...copies.values()].reduce((sum, { bytes }) => sum + bytes, 0);
  const head: PageHead = { copied: copies.size, copiedBytes, gone };
  await bucket.store(`${key}.json`, { body: Readable.from([Buffer.from(JSON.stringify({ ...head, after: listed.at(-1)?.key }))]), mediaType: 'application/json' });
  await writeLines(bucket, key, entries.map((entry) => JSON.stringify(entry)));
}

/** Undefined where it is gone since it was listed. What has changed meanwhile is copied as it is now. */
export async function copyObject(from: ObjectBucket, to: ObjectBucket, { key, mark }: Pick<BucketObject, 'key' | 'mark'>): Promise<CopiedObject | undefined> {
  const found = await from.open(key);
  if (found === undefined) return undefined;
  const copy = copyKey(key, mark);
  const { bytes, digest, mark: copyMark } = await to.store(copy, found);
  return { key, mark, bytes, digest, copy, copyMark };
}

/** Copies that lie between those of the first and the last object; one that is missed is only made anew. */
async function listCopies(bucket: ObjectBucket, listed: readonly BucketObject[]): Promise<ReadonlyMap<string, BucketObject>> {
  const [first, last] = [listed[0]?.key ?? '', listed.at(-1)?.key ?? ''];
  const end = `${copiesPrefix}${last}@~`;
  const found = new Map<string, BucketObject>();
  let after: string | undefined = `${copiesPrefix}${first}`;
  while (after !== undefined) {
    const { objects, isLast } = await bucket.list(copiesPrefix, after, 1_000);
    for (const object of objects) found.set(object.key, object);
    after = isLast || (objects.at(-1)?.key ?? end) >= end ? undefined : objects.at(-1)?.key;
  }
  return found;
}

/** Where the pages that are there have come to. */
async function findPlace(bucket: ObjectBucket, id: string): Promise<{ page: number; after: string | undefined }> {
  const pages = await listPages(bucket, id);
  const last = pages.at(-1);
  return last === undefined ? { page: 0, after: undefined } : { page: pages.length, after: await readEnd(bucket, last) };
}

/** The last key of the listing that a page is of. */
async function readEnd(bucket: ObjectBucket, page: string): Promise<string | undefined> {
  return (parseJson((await bucket.read(`${page}.json`)) ?? new Uint8Array()) as { readonly after?: string } | undefined)?.after;
}

/** Keys of the pages of a set, in order. */
export async function listPages(bucket: ObjectBucket, id: string): Promise<string[]> {
  const keys: string[] = [];
  for (let after: string | undefined, more = true; more; ) {
    const { objects, isLast } = await bucket.list(listsPrefix(id), after, 1_000);
    keys.push(...objects.map(({ key }) => key).filter((key) => key.endsWith('.gz')));
    after = objects.at(-1)?.key;
    more = !isLast;
  }
  return keys.sort();
}

/** Objects of the last good set before this one: what is copied already, and its digests. From where this call begins: pages before are not read again. */
async function readEarlier(bucket: ObjectBucket, id: string, after: string | undefined): Promise<AsyncGenerator<CopiedObject>> {
  const last = await findGoodBefore(bucket, id);
  const lists = last === undefined ? [] : ((await readManifest(bucket, last.id))?.objects.lists ?? []);
  return readObjects(bucket, after === undefined ? lists : lists.slice(await countBefore(bucket, lists, after)));
}

/** How many of the pages end before the key, or with it. */
async function countBefore(bucket: ObjectBucket, lists: readonly SetFile[], key: string): Promise<number> {
  let [least, most] = [0, lists.length];
  while (least < most) {
    const middle = Math.floor((least + most) / 2);
    const end = await readEnd(bucket, lists[middle]?.key ?? '');
    if (end !== undefined && compareKeys(end, key) <= 0) least = middle + 1;
    else most = middle;
  }
  return least;
}
