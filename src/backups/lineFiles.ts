import { createHash } from 'node:crypto';
import { Readable } from 'node:stream';
import { pipeline } from 'node:stream';
import { createGunzip, createGzip } from 'node:zlib';
import type { SetFile } from '../contracts/backups.ts';
import { CatalystError, toCatalystError } from '../contracts/errors.ts';
import type { ObjectBucket } from '../ports/objectBucket.ts';

/** Of text that repeats itself as rows do, nearly as small as the slower levels make it. */
const level = 3;
const charactersAtOnce = 64 * 1024;

/** Writes lines, packed, as they come; none may hold a line break. */
export async function writeLines(bucket: ObjectBucket, key: string, lines: AsyncIterable<string> | Iterable<string>, told?: (line: string) => void): Promise<SetFile> {
  const hash = createHash('sha256');
  let count = 0;
  const texts = async function* () {
    let pending = '';
    for await (const line of lines) {
      told?.(line);
      count += 1;
      pending += `${line}\n`;
      if (pending.length < charactersAtOnce) continue;
      hash.update(pending);
      yield pending;
      pending = '';
    }
    hash.update(pending);
    if (pending !== '') yield pending;
  };
  const packed = createGzip({ level });
  // What breaks off breaks the upload off too, which then leaves nothing.
  pipeline(Readable.from(texts()), packed, () => undefined);
  const { bytes, mark } = await bucket.store(key, { body: packed, mediaType: 'application/gzip' });
  return { key, bytes, digest: `sha256:${hash.digest('hex')}`, mark, lines: count };
}

/** The lines of a file as it was written. Throws BACKUP_CORRUPT where it is missing, broken or another one; the last at its end. */
export async function* readLines(bucket: ObjectBucket, file: Pick<SetFile, 'key' | 'digest'>): AsyncGenerator<string> {
  const found = await bucket.open(file.key);
  if (found === undefined) throw new CatalystError('BACKUP_CORRUPT', `The file ${file.key} of the backup is missing.`);
  const hash = createHash('sha256');
  let rest = '';
  try {
    const unpacked = createGunzip();
    pipeline(found.body, unpacked, () => undefined);
    unpacked.setEncoding('utf8');
    for await (const text of unpacked as AsyncIterable<string>) {
      hash.update(text);
      const lines = (rest + text).split('\n');
      rest = lines.pop() ?? '';
      yield* lines;
    }
  } catch (thrown) {
    throw isUnreadable(thrown) ? corrupt(file.key) : toCatalystError(thrown);
  } finally {
    found.body.destroy();
  }
  if (rest !== '' || `sha256:${hash.digest('hex')}` !== file.digest) throw corrupt(file.key);
}

function isUnreadable(thrown: unknown): boolean {
  return thrown instanceof Error && 'code' in thrown && String(thrown.code).startsWith('Z_');
}

export function corrupt(key: string): CatalystError {
  return new CatalystError('BACKUP_CORRUPT', `The file ${key} of the backup is not what was written.`);
}
