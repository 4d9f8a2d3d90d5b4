import { randomUUID } from 'node:crypto';
import { Readable } from 'node:stream';
import { afterAll, beforeAll, beforeEach, describe, expect, it } from 'vitest';
import type { ActivityContext } from '../../../src/activities/activityContext.ts';
import { beginRestore } from '../../../src/activities/backups/beginRestore.ts';
import { copyObjects } from '../../../src/activities/backups/copyObjects.ts';
import type { BackupDependencies } from '../../../src/activities/backups/dependencies.ts';
import { beginBackup } from '../../../src/activities/backups/dumpRegistry.ts';
import { describeIndex, failBackup, finishBackup } from '../../../src/activities/backups/finishBackup.ts';
import { removeOldBackups } from '../../../src/activities/backups/removeOldBackups.ts';
import { restoreObjects } from '../../../src/activities/backups/restoreObjects.ts';
import { verifyBackup } from '../../../src/activities/backups/verifyBackup.ts';
import { createGenerationIndex } from '../../../src/adapters/qdrant/generationIndex.ts';
import { createQdrantIndex } from '../../../src/adapters/qdrant/qdrantIndex.ts';
import { createIndexSnapshots } from '../../../src/adapters/qdrant/snapshots.ts';
import { createObjectBucket } from '../../../src/adapters/s3/s3ObjectBucket.ts';
import { findBackup, listBackups, writeJson } from '../../../src/backups/catalogue.ts';
import { readDeletions, writeDeletion } from '../../../src/backups/deletionJournal.ts';
import { writeLines } from '../../../src/backups/lineFiles.ts';
import { readManifest } from '../../../src/backups/manifests.ts';
import { readObjects } from '../../../src/backups/objectLists.ts';
import { RowDigest } from '../../../src/backups/rowDigest.ts';
import { registryKey, tableKey } from '../../../src/backups/setKeys.ts';
import type { CopiedObject, RestorePart } from '../../../src/contracts/backups.ts';
import { settingsOfBefore } from '../../../src/contracts/indexSettings.ts';
import type { DomainEvent } from '../../../src/contracts/events.ts';
import { toFailure } from '../../../src/contracts/failure.ts';
import { CatalystError } from '../../../src/contracts/errors.ts';
import type { GenerationIndex } from '../../../src/ports/generationIndex.ts';
import type { RegistryDumper } from '../../../src/ports/registryBackup.ts';
import type { ObjectBucket } from '../../../src/ports/objectBucket.ts';
import { startObjectStore } from '../artifacts/objectStore.ts';
import type { ObjectStore } from '../artifacts/objectStore.ts';
import { contract } from '../index/indexServer.ts';
import { version } from '../index/points.ts';
import { startQdrant } from '../qdrant/qdrantServer.ts';
import type { Qdrant } from '../qdrant/qdrantServer.ts';

let store: ObjectStore;
let qdrant: Qdrant;
let artifactBucket: ObjectBucket;
let bucket: ObjectBucket;
let events: DomainEvent[];
let startedAt = Date.parse('2026-01-01T00:00:00Z');

beforeAll(async () => {
  [store, qdrant] = await Promise.all([startObjectStore(), startQdrant()]);
}, 600_000);
afterAll(async () => {
  await Promise.all([store.stop(), qdrant.stop()]);
}, 60_000);
beforeEach(async () => {
  events = [];
  artifactBucket = createObjectBucket({ ...store.settings, bucket: `artifacts-${randomUUID()}` });
  bucket = createObjectBucket({ ...store.settings, bucket: `backups-${randomUUID()}` });
  await artifactBucket.prepare();
});

const context: ActivityContext = { signal: new AbortController().signal, attempt: 1, progress: () => undefined };
const put = (key: string, text: string, metadata = {}) => artifactBucket.store(key, { body: Readable.from([Buffer.from(text)]), mediaType: 'text/plain', metadata });
const keyOf = (tenant: string, number: number) => `tenants/${tenant}/chunks/${String(number % 100).padStart(2, '0')}/${String(number).padStart(64, '0')}`;

/** What the steps need that look at no registry. */
function dependencies(more: Partial<NonNullable<BackupDependencies['backups']>> = {}): BackupDependencies {
  const generationIndex = createGenerationIndex({ url: qdrant.url, alias: 'backups-test', requestTimeoutMs: 10_000 });
  const backups = { artifactBucket, bucket, keep: { days: 0, least: 1 }, release: '0.0.1', snapshots: undefined, ...more };
  return { backups, generationIndex, emit: (event: DomainEvent) => void events.push(event) } as unknown as BackupDependencies;
}

const nextId = (): string => {
  startedAt += 1_000;
  return `${new Date(startedAt).toISOString().replaceAll(/[-:]|\.\d+/g, '')}-0a1b2c3d`;
};

/** A set with one table of these rows. */
async function makeSet(own = dependencies(), rows = ['["acme"]', '["beta"]']): Promise<string> {
  const id = nextId();
  await beginBackup(own, id, 'tester');
  const digest = new RowDigest();
  const file = await writeLines(bucket, tableKey(id, 'things'), rows, (line) => digest.add(line));
  await writeJson(bucket, registryKey(id), { snapshotAt: new Date().toISOString(), server: 'PostgreSQL 18', migrations: [], tables: [{ name: 'things', columns: ['name'], rows: digest.rows, digest: digest.text, file }], sequences: {} });
  while (!(await copyObjects(own, id, context)).finished);
  await describeIndex(own, id, context);
  await finishBackup(own, id);
  return id;
}

async function objectsOf(id: string): Promise<CopiedObject[]> {
  const found: CopiedObject[] = [];
  for await (const object of readObjects(bucket, (await readManifest(bucket, id))?.objects.lists ?? [])) found.push(object);
  return found;
}

async function copies(): Promise<string[]> {
  return (await bucket.list('objects/', undefined, 1_000)).objects.map(({ key }) => key);
}

describe('a set', () => {
  it('holds every object with its bytes and its metadata, and only what is new is copied for the next', async () => {
    await put(keyOf('acme', 1), 'one');
    await put(keyOf('acme-2', 2), 'two', { erased: 'yes' });
    await put('tenants/acme/uploads/a', 'a');
    await put('tenants/acme/uploads/a-b', 'a-b');
    const first = await makeSet();
    expect((await objectsOf(first)).map(({ key }) => key)).toEqual(['tenants/acme-2/chunks/02/' + '2'.padStart(64, '0'), keyOf('acme', 1), 'tenants/acme/uploads/a', 'tenants/acme/uploads/a-b']);
    const [marked] = await objectsOf(first);
    expect((await bucket.open(marked?.copy ?? ''))?.metadata).toEqual({ erased: 'yes' });
    await put(keyOf('acme', 3), 'three');
    await put(keyOf('acme', 1), 'one, of which a part was erased');
    const second = await makeSet();
    expect(await findBackup(bucket, second)).toMatchObject({ state: 'finished', objects: 5, copiedObjects: 2 });
    expect(await findBackup(bucket, await makeSet())).toMatchObject({ objects: 5, copiedObjects: 0, copiedBytes: 0 });
  });

  it('goes on where it was cut off, and lists everything once', async () => {
    const count = 620;
    for (let start = 0; start < count; start += 20) await Promise.all(Array.from({ length: 20 }, (_, place) => put(keyOf('acme', start + place), `object ${start + place}`)));
    const own = dependencies();
    const id = nextId();
    await beginBackup(own, id, 'tester');
    const cutOff: ActivityContext = { ...context, progress: () => { throw new Error('the worker is gone'); } };
    await expect(copyObjects(own, id, cutOff)).rejects.toThrow('the worker is gone');
    expect(await copyObjects(own, id, context)).toEqual({ finished: true, objects: 120 });
    expect(await copyObjects(own, id, context)).toEqual({ finished: true, objects: 0 });
    await writeJson(bucket, registryKey(id), { snapshotAt: new Date().toISOString(), server: '', migrations: [], tables: [], sequences: {} });
    await describeIndex(own, id, context);
    await finishBackup(own, id);
    const keys = (await objectsOf(id)).map(({ key }) => key);
    expect(new Set(keys).size).toBe(count);
    expect(keys).toHaveLength(count);
    expect(await findBackup(bucket, id)).toMatchObject({ copiedObjects: count });
  }, 60_000);

  it('is none before its manifest is written, and says why it was given up', async () => {
    const own = dependencies();
    const id = nextId();
    await beginBackup(own, id, 'tester');
    expect(await listBackups(bucket)).toMatchObject([{ id, state: 'unfinished', by: 'tester' }]);
    await expect(verifyBackup(own, id, false, context)).rejects.toMatchObject({ code: 'NOT_FOUND' });
    await failBackup(own, id, toFailure(new CatalystError('REGISTRY_UNAVAILABLE', 'Postgres is away.')));
    expect(await listBackups(bucket)).toMatchObject([{ id, state: 'failed', failure: { code: 'REGISTRY_UNAVAILABLE' } }]);
  });
});

describe('verifyBackup', () => {
  let id: string;
  beforeEach(async () => {
    await put(keyOf('acme', 1), 'one');
    await put(keyOf('acme', 2), 'two');
    id = await makeSet();
  });

  const change = async (key: string, text: string) => bucket.store(key, { body: Readable.from([Buffer.from(text)]), mediaType: 'text/plain' });
  const found = async (deep: boolean) => (await verifyBackup(dependencies(), id, deep, context)).examples;

  it('finds nothing where nothing is', async () => {
    expect(await found(false)).toEqual([]);
    expect(await verifyBackup(dependencies(), id, true, context)).toMatchObject({ problems: 0, objects: 2, files: 2 });
    expect(await findBackup(bucket, id)).toMatchObject({ state: 'finished', verification: { deep: true } });
  });

  it('finds a copy that is missing, shorter or another', async () => {
    const [first, second] = await objectsOf(id);
    await change(first?.copy ?? '', 'tw0');
    await bucket.remove([second?.copy ?? '']);
    expect(await found(false)).toEqual([`${first?.copy} was written again`, `${second?.copy} is missing`]);
    await change(first?.copy ?? '', 'longer');
    expect((await found(false))[0]).toBe(`${first?.copy} has 6 bytes and had 3`);
    expect(await findBackup(bucket, id)).toMatchObject({ state: 'damaged' });
    expect(events.at(-1)).toMatchObject({ type: 'backup.verified', problems: 2 });
  });

  it('finds bytes that changed under the same mark', async () => {
    const [first] = await objectsOf(id);
    const manifest = await readManifest(bucket, id);
    await change(first?.copy ?? '', 'xxx');
    const { objects: [listed] } = await bucket.list(first?.copy ?? '', undefined, 1);
    // As rot below a store that keeps marks beside the bytes: the list is given the mark of now.
    const page = (await objectsOf(id)).map((object) => JSON.stringify(object.key === first?.key ? { ...object, copyMark: listed?.mark } : object));
    const list = await writeLines(bucket, manifest?.objects.lists[0]?.key ?? '', page);
    const { digest: _digest, ...rest } = manifest as NonNullable<typeof manifest>;
    const { sealed } = await import('../../../src/backups/manifests.ts');
    await writeJson(bucket, `sets/${id}/manifest.json`, sealed({ ...rest, objects: { ...rest.objects, lists: [list] } }));
    expect(await found(false)).toEqual([]);
    expect(await found(true)).toEqual([`${first?.copy} holds other bytes than were written`]);
  });

  it('finds rows that are others, and a manifest that is', async () => {
    await writeLines(bucket, tableKey(id, 'things'), ['["acme"]', '["mallory"]']);
    expect((await found(true)).length).toBeGreaterThan(0);
    const manifest = new TextDecoder().decode(await bucket.read(`sets/${id}/manifest.json`));
    await change(`sets/${id}/manifest.json`, manifest.replace('"rows":2', '"rows":3'));
    expect(await found(false)).toEqual([expect.stringContaining('manifest')]);
    expect(await findBackup(bucket, id)).toMatchObject({ state: 'damaged' });
  });
});

describe('removeOldBackups', () => {
  it('removes names of what was deleted before the oldest set that is kept', async () => {
    const journal = (createdAt: string) => writeDeletion(bucket, { tenant: 'acme', deletionId: randomUUID(), createdAt, page: 0, documents: [randomUUID()], endsTenant: false });
    await bucket.prepare();
    await journal('2025-12-31T00:00:00.000Z');
    await journal('2026-01-02T00:00:00.000Z');
    const id = await makeSet();
    await writeJson(bucket, `sets/${id}/begun.json`, { by: 'tester', startedAt: '2026-01-01T00:00:00.000Z' });
    await removeOldBackups(dependencies({ keep: { days: 1, least: 1 } }), context);
    expect((await readDeletions(bucket, '2020-01-01T00:00:00.000Z', undefined, 10)).deletions.map(({ createdAt }) => createdAt)).toEqual(['2026-01-02T00:00:00.000Z']);
  });

  it('removes sets whose time is over, and copies that no other names', async () => {
    await put(keyOf('acme', 1), 'one');
    await put(keyOf('acme', 2), 'two');
    const first = await makeSet();
    await artifactBucket.remove([keyOf('acme', 1)]);
    const second = await makeSet();
    expect(await copies()).toHaveLength(2);
    expect(await removeOldBackups(dependencies({ keep: { days: 36_500, least: 1 } }), context)).toEqual({ sets: 0, copies: 0 });
    await writeJson(bucket, `sets/${first}/begun.json`, { by: 'tester', startedAt: '2026-01-01T00:00:00.000Z' });
    expect(await removeOldBackups(dependencies({ keep: { days: 1, least: 1 } }), context)).toEqual({ sets: 1, copies: 1 });
    expect((await listBackups(bucket)).map(({ id }) => id)).toEqual([second]);
    expect(await verifyBackup(dependencies(), second, true, context)).toMatchObject({ problems: 0 });
  });

  it('removes no copies while another set is in work', async () => {
    await put(keyOf('acme', 1), 'one');
    await makeSet();
    const own = dependencies();
    await put(keyOf('acme', 2), 'two');
    const id = nextId();
    await beginBackup(own, id, 'tester');
    await copyObjects(own, id, context);
    expect(await removeOldBackups(own, context)).toEqual({ sets: 0, copies: 0 });
    expect(await copies()).toHaveLength(2);
  });
});

describe('restoreObjects', () => {
  const restoring = (own: BackupDependencies): BackupDependencies => ({ ...own, restores: { report: () => Promise.resolve() } }) as unknown as BackupDependencies;
  const scope = (backupId: string, parts: readonly ('registry' | 'objects')[]) => ({ restoreId: randomUUID(), backupId, parts, by: 'tester' });

  it('brings back what is missing, and what is another only with the registry', async () => {
    await put(keyOf('acme', 1), 'one');
    await put(keyOf('acme', 2), 'two', { erased: 'yes' });
    const id = await makeSet();
    await put(keyOf('acme', 1), 'newer');
    await artifactBucket.remove([keyOf('acme', 2)]);
    const own = restoring(dependencies());
    expect(await restoreObjects(own, scope(id, ['objects']), null, context)).toMatchObject({ finished: true, place: { objects: 2, copied: 1 } });
    expect(Buffer.from((await artifactBucket.read(keyOf('acme', 1))) ?? []).toString()).toBe('newer');
    expect((await artifactBucket.open(keyOf('acme', 2)))?.metadata).toEqual({ erased: 'yes' });
    expect(await restoreObjects(own, scope(id, ['registry', 'objects']), null, context)).toMatchObject({ place: { copied: 1 } });
    expect(Buffer.from((await artifactBucket.read(keyOf('acme', 1))) ?? []).toString()).toBe('one');
  });

  it('leaves nothing of a copy that is not what was copied', async () => {
    await put(keyOf('acme', 1), 'one');
    const id = await makeSet();
    const [object] = await objectsOf(id);
    await bucket.store(object?.copy ?? '', { body: Readable.from([Buffer.from('two')]), mediaType: 'text/plain' });
    await artifactBucket.remove([keyOf('acme', 1)]);
    await expect(restoreObjects(restoring(dependencies()), scope(id, ['objects']), null, context)).rejects.toMatchObject({ code: 'BACKUP_CORRUPT' });
    expect(await artifactBucket.read(keyOf('acme', 1))).toBeUndefined();
  });
});

describe('beginRestore', () => {
  it('takes only an index without points, of the shared collection and of those of single tenants', async () => {
    const alias = `restore-${randomUUID()}`;
    const connection = { url: qdrant.url, alias, dedicatedTenants: ['big'], requestTimeoutMs: 30_000 };
    const index = createQdrantIndex({ ...connection, contract });
    await index.prepare();
    const generationIndex = createGenerationIndex(connection);
    const own = `${generationIndex.aliasOf('big')}_1`;
    await generationIndex.create(own, contract, settingsOfBefore, 'big');
    await generationIndex.pointAliasAt(own, 'big');
    const id = await makeSet();
    const begin = () => beginRestore(restoringInto({ generationIndex }), { restoreId: randomUUID(), backupId: id, parts: ['registry', 'objects', 'index'], by: 'tester' });
    await begin();
    expect(begun).toBe(1);
    await generationIndex.write(own, version({ tenant: 'big', name: 'left over', visible: true, texts: ['Big ships.'] }).points);
    await expect(begin()).rejects.toMatchObject({ code: 'RESTORE_REFUSED', message: expect.stringContaining(`${own} holds 1 points`) as string });
    expect(begun).toBe(1);
    await index.close();
    const serving = (await generationIndex.serving()) ?? '';
    for (const collection of [own, serving]) await qdrant.call('DELETE', `/collections/${collection}`);
  }, 60_000);

  it('asks of a stack what the part needs: of objects alone neither the schema nor the model', async () => {
    const id = await makeSet();
    const other = restoringInto({ migrations: ['0001_other'] });
    const begin = (parts: readonly RestorePart[]) => beginRestore(other, { restoreId: randomUUID(), backupId: id, parts, by: 'tester' });
    await begin(['objects']);
    expect(begun).toBe(1);
    await expect(begin(['registry', 'objects', 'index'])).rejects.toMatchObject({ code: 'RESTORE_REFUSED', message: expect.stringContaining('0001_other') as string });
    await expect(begin(['index'])).rejects.toMatchObject({ code: 'RESTORE_REFUSED', message: expect.stringContaining('There is no index') as string });
    const elsewhere = restoringInto({ backups: { artifactBucket: { ...artifactBucket, name: 'another' } } });
    await expect(beginRestore(elsewhere, { restoreId: randomUUID(), backupId: id, parts: ['objects'], by: 'tester' })).rejects.toMatchObject({ code: 'RESTORE_REFUSED' });
  });

  let begun = 0;
  beforeEach(() => {
    begun = 0;
  });

  /** A database without rows, of the schema of the sets here unless it has migrations. */
  function restoringInto({ migrations = [], generationIndex, backups = {} }: { migrations?: readonly string[]; generationIndex?: GenerationIndex; backups?: Partial<NonNullable<BackupDependencies['backups']>> }): BackupDependencies {
    const dumper = { occupied: () => Promise.resolve([]) } as unknown as RegistryDumper;
    const own = dependencies({ dumper, ...backups });
    const restores = { find: () => Promise.resolve(undefined), migrations: () => Promise.resolve(migrations), begin: () => Promise.resolve(void (begun += 1)) };
    return { ...own, restores, ...(generationIndex === undefined ? {} : { generationIndex }) } as unknown as BackupDependencies;
  }
});

describe('the index of a set', () => {
  it('is described, and kept as the database’s own snapshot where that is wanted', async () => {
    const index = createQdrantIndex({ url: qdrant.url, alias: 'backups-test', contract, requestTimeoutMs: 30_000 });
    await index.prepare();
    const serving = (await createGenerationIndex({ url: qdrant.url, alias: 'backups-test', requestTimeoutMs: 10_000 }).serving()) ?? '';
    const snapshots = createIndexSnapshots({ url: qdrant.url, requestTimeoutMs: 30_000 });
    const id = await makeSet(dependencies({ snapshots }));
    const manifest = await readManifest(bucket, id);
    expect(manifest?.index).toMatchObject({ generation: serving, contract, snapshot: { key: `sets/${id}/index.snapshot` } });
    expect(manifest?.index.snapshot?.bytes).toBeGreaterThan(0);
    expect(await qdrant.result('GET', `/collections/${serving}/snapshots`)).toEqual([]);
    expect(await verifyBackup(dependencies(), id, true, context)).toMatchObject({ problems: 0 });
    expect((await readManifest(bucket, await makeSet()))?.index.snapshot).toBeNull();
    await Promise.all([snapshots.close(), index.close(), qdrant.call('DELETE', `/collections/${serving}`)]);
  }, 60_000);
});
