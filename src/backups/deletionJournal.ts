import { journaledDeletionSchema } from '../contracts/deletionJournal.ts';
import type { JournaledDeletion } from '../contracts/deletionJournal.ts';
import { CatalystError } from '../contracts/errors.ts';
import type { ObjectBucket } from '../ports/objectBucket.ts';
import { writeJson } from './catalogue.ts';
import { parseJson } from './manifests.ts';
import { journalPrefix } from './setKeys.ts';

const keysAtOnce = 1_000;
/** Clocks and transactions that began a while before they were seen: rather some too many, which the registry knows already. */
const marginMs = 600_000;

export interface JournalPage {
  readonly deletions: readonly JournaledDeletion[];
  /** Key of the last one, where there are more. */
  readonly next: string | null;
}

/** As times stand in names, so that names sort by time. */
const timeIn = (time: number): string => new Date(time).toISOString().replaceAll(/[-:]|\.\d+/g, '');

const keyOf = ({ createdAt, deletionId, page }: JournaledDeletion): string => `${journalPrefix}${timeIn(Date.parse(createdAt))}-${deletionId}/${String(page).padStart(6, '0')}.json`;

/** The same again replaces it. */
export async function writeDeletion(bucket: ObjectBucket, deletion: JournaledDeletion): Promise<void> {
  await writeJson(bucket, keyOf(deletion), deletion);
}

/** Those accepted since a moment, oldest first, a little before it too; pages of long ones by themselves. Throws BACKUP_CORRUPT. */
export async function readDeletions(bucket: ObjectBucket, since: string, after: string | undefined, limit: number): Promise<JournalPage> {
  const { objects, isLast } = await bucket.list(journalPrefix, after ?? startOf(since), limit);
  const deletions: JournaledDeletion[] = [];
  for (const { key } of objects) {
    const found = journaledDeletionSchema.safeParse(parseJson((await bucket.read(key)) ?? new Uint8Array()));
    if (!found.success) throw new CatalystError('BACKUP_CORRUPT', `The file ${key}, which names what was deleted, is not what was written.`);
    deletions.push(found.data);
  }
  return { deletions, next: isLast ? null : (objects.at(-1)?.key ?? null) };
}

/** Without a look into them. */
export async function countDeletions(bucket: ObjectBucket, since: string): Promise<number> {
  const found = new Set<string>();
  for (let after: string | undefined = startOf(since), more = true; more; ) {
    const { objects, isLast }: Awaited<ReturnType<ObjectBucket['list']>> = await bucket.list(journalPrefix, after, keysAtOnce);
    for (const { key } of objects) if (key.slice(journalPrefix.length) >= timeIn(Date.parse(since))) found.add(key.slice(0, key.lastIndexOf('/')));
    after = objects.at(-1)?.key ?? after;
    more = !isLast;
  }
  return found.size;
}

/** Those that no set which is kept is older than. */
export async function removeDeletions(bucket: ObjectBucket, before: number): Promise<number> {
  const end = `${journalPrefix}${timeIn(before - marginMs)}`;
  let removed = 0;
  for (let more = true; more; ) {
    const { objects, isLast } = await bucket.list(journalPrefix, undefined, keysAtOnce);
    const over = objects.map(({ key }) => key).filter((key) => key < end);
    await bucket.remove(over);
    removed += over.length;
    more = !isLast && over.length === objects.length;
  }
  return removed;
}

const startOf = (since: string): string => `${journalPrefix}${timeIn(Date.parse(since) - marginMs)}`;
