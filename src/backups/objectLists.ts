import { copiedObjectSchema } from '../contracts/backups.ts';
import type { CopiedObject, SetFile } from '../contracts/backups.ts';
import type { ObjectBucket } from '../ports/objectBucket.ts';
import { readLines } from './lineFiles.ts';

/** The objects that a set names, page by page, in the order of their keys. Throws BACKUP_CORRUPT. */
export async function* readObjects(bucket: ObjectBucket, lists: readonly Pick<SetFile, 'key' | 'digest'>[]): AsyncGenerator<CopiedObject> {
  for (const list of lists) for await (const line of readLines(bucket, list)) yield copiedObjectSchema.parse(JSON.parse(line));
}

/** Keys in the order in which stores list them. */
export function compareKeys(left: string, right: string): number {
  return Buffer.compare(Buffer.from(left), Buffer.from(right));
}

/** Looks objects up that are asked for in the order of keys, as they come in a list. */
export class ObjectCursor {
  private readonly entries: AsyncIterator<CopiedObject>;
  private next: CopiedObject | undefined;
  private isDone = false;

  constructor(entries: AsyncIterable<CopiedObject>) {
    this.entries = entries[Symbol.asyncIterator]();
  }

  async find(key: string): Promise<CopiedObject | undefined> {
    while (!this.isDone && (this.next === undefined || compareKeys(this.next.key, key) < 0)) {
      const next = await this.entries.next();
      this.isDone = next.done === true;
      this.next = next.done === true ? undefined : next.value;
    }
    return this.next?.key === key ? this.next : undefined;
  }

  async close(): Promise<void> {
    await this.entries.return?.();
  }
}
