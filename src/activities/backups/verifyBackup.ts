import { createHash } from 'node:crypto';
import { listBackups, writeJson } from '../../backups/catalogue.ts';
import { chooseUnverified } from '../../backups/chooseUnverified.ts';
import { readLines } from '../../backups/lineFiles.ts';
import { readManifest } from '../../backups/manifests.ts';
import { readObjects } from '../../backups/objectLists.ts';
import { RowDigest } from '../../backups/rowDigest.ts';
import { verificationKey } from '../../backups/setKeys.ts';
import type { BackupManifest, BackupVerification, CopiedObject, DumpedTable, SetFile } from '../../contracts/backups.ts';
import { CatalystError, toCatalystError } from '../../contracts/errors.ts';
import type { Failure } from '../../contracts/failure.ts';
import type { BucketObject, ObjectBucket } from '../../ports/objectBucket.ts';
import type { ActivityContext } from '../activityContext.ts';
import { requireBackups } from './dependencies.ts';
import type { BackupDependencies } from './dependencies.ts';
import { inTurns } from './inTurns.ts';

const mostExamples = 20;
const objectsAtOnce = 500;
const readsAtOnce = 8;

/** Compares a set with what the bucket holds: by listing, or by all bytes. Throws NOT_FOUND where it was never finished. */
export async function verifyBackup(dependencies: BackupDependencies, id: string, deep: boolean, context: ActivityContext): Promise<BackupVerification> {
  const { bucket } = requireBackups(dependencies);
  const check = new SetCheck(bucket, deep, context);
  const manifest = await check.manifest(id);
  if (manifest !== undefined) {
    await check.files(manifest);
    await check.objects(manifest);
  }
  const verification = check.result();
  await writeJson(bucket, verificationKey(id), verification);
  const { problems, bytes } = verification;
  dependencies.emit({ type: 'backup.verified', backupId: id, at: verification.at, deep, objects: verification.objects, bytes, problems, examples: verification.examples.slice(0, 3) });
  return verification;
}

/** Which set the schedule is to read through; null: none, for now. */
export async function chooseVerification({ backups }: BackupDependencies): Promise<{ readonly id: string | null }> {
  if (backups === undefined) return { id: null };
  await backups.bucket.prepare();
  return { id: chooseUnverified(await listBackups(backups.bucket), backups.verifyDays, Date.now()) };
}

export function failVerification({ emit }: BackupDependencies, id: string | null, { code, message }: Failure): void {
  emit({ type: 'backup.unverified', backupId: id, code, detail: message });
}

/** Collects what is wrong with one set. */
class SetCheck {
  private readonly examples: string[] = [];
  private problems = 0;
  private read = 0;
  private fileCount = 0;
  private objectCount = 0;
  private readonly bucket: ObjectBucket;
  private readonly deep: boolean;
  private readonly context: Pick<ActivityContext, 'progress'>;

  constructor(bucket: ObjectBucket, deep: boolean, context: Pick<ActivityContext, 'progress'>) {
    this.bucket = bucket;
    this.deep = deep;
    this.context = context;
  }

  /** Undefined where it is not what was written, which is noted: nothing else can be told then. */
  async manifest(id: string): Promise<BackupManifest | undefined> {
    try {
      const manifest = await readManifest(this.bucket, id);
      if (manifest === undefined) throw new CatalystError('NOT_FOUND', `There is no finished backup ${id}.`);
      return manifest;
    } catch (thrown) {
      this.note(thrown);
      return undefined;
    }
  }

  async files({ registry, objects, index }: BackupManifest): Promise<void> {
    const all = [...registry.tables.map(({ file }) => file), ...objects.lists, ...(index.snapshot === null ? [] : [index.snapshot])];
    for (const file of all) {
      this.fileCount += 1;
      const { objects: [found] } = await this.bucket.list(file.key, undefined, 1);
      this.compare(file.key, found?.key === file.key ? found : undefined, file);
      this.context.progress(file.key);
    }
    if (!this.deep) return;
    for (const table of registry.tables) await this.rows(table);
    if (index.snapshot !== null) await this.bytes(index.snapshot.key, index.snapshot.digest);
  }

  async objects({ objects }: BackupManifest): Promise<void> {
    const batch: CopiedObject[] = [];
    try {
      for await (const object of readObjects(this.bucket, objects.lists)) {
        batch.push(object);
        if (batch.length === objectsAtOnce) await this.page(batch.splice(0));
      }
      if (batch.length > 0) await this.page(batch);
    } catch (thrown) {
      this.note(thrown);
    }
  }

  result(): BackupVerification {
    return { at: new Date().toISOString(), deep: this.deep, files: this.fileCount, objects: this.objectCount, bytes: this.read, problems: this.problems, examples: this.examples };
  }

  private async page(objects: readonly CopiedObject[]): Promise<void> {
    this.objectCount += objects.length;
    const wanted = new Map(objects.map((object) => [object.copy, object]));
    const found = await this.listed([...wanted.keys()].sort());
    for (const [copy, { bytes, copyMark }] of wanted) this.compare(copy, found.get(copy), { bytes, mark: copyMark });
    if (this.deep) await inTurns(readsAtOnce, objects, ({ copy, digest }) => this.bytes(copy, digest));
    this.context.progress(objects.at(-1)?.key);
  }

  /** Those of the names that are there; names come in the order of the store, or nearly: what is not met is asked for by itself. */
  private async listed(names: readonly string[]): Promise<ReadonlyMap<string, BucketObject>> {
    const found = new Map<string, BucketObject>();
    const [first = '', last = ''] = [names[0], names.at(-1)];
    let after: string | undefined = first.slice(0, -1);
    while (after !== undefined) {
      const { objects, isLast }: { readonly objects: readonly BucketObject[]; readonly isLast: boolean } = await this.bucket.list('objects/', after, 1_000);
      for (const object of objects) found.set(object.key, object);
      const end: string | undefined = objects.at(-1)?.key;
      after = isLast || end === undefined || end >= last ? undefined : end;
    }
    for (const name of names) {
      if (found.has(name)) continue;
      const { objects: [alone] } = await this.bucket.list(name, undefined, 1);
      if (alone?.key === name) found.set(name, alone);
    }
    return found;
  }

  private compare(key: string, found: BucketObject | undefined, wanted: Pick<SetFile, 'bytes' | 'mark'>): void {
    if (found === undefined) this.problem(`${key} is missing`);
    else if (found.bytes !== wanted.bytes) this.problem(`${key} has ${found.bytes} bytes and had ${wanted.bytes}`);
    else if (found.mark !== wanted.mark) this.problem(`${key} was written again`);
  }

  private async rows({ name, rows, digest, file }: DumpedTable): Promise<void> {
    const found = new RowDigest();
    try {
      for await (const line of readLines(this.bucket, file)) {
        found.add(line);
        if (found.rows % 10_000 === 0) this.context.progress(name);
      }
      if (found.rows !== rows || found.text !== digest) this.problem(`the table ${name} has other rows than were written`);
      this.read += file.bytes;
    } catch (thrown) {
      this.note(thrown);
    }
  }

  private async bytes(key: string, digest: string): Promise<void> {
    const found = await this.bucket.open(key);
    if (found === undefined) return;
    const hash = createHash('sha256');
    for await (const part of found.body as AsyncIterable<Buffer>) {
      hash.update(part);
      this.read += part.byteLength;
    }
    if (`sha256:${hash.digest('hex')}` !== digest) this.problem(`${key} holds other bytes than were written`);
  }

  private note(thrown: unknown): void {
    const error = toCatalystError(thrown);
    if (error.code !== 'BACKUP_CORRUPT') throw error;
    this.problem(error.message);
  }

  private problem(text: string): void {
    this.problems += 1;
    if (this.examples.length < mostExamples) this.examples.push(text);
  }
}
