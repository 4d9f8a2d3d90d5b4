import { setTimeout as sleep } from 'node:timers/promises';
import { GetObjectCommand, ListObjectsV2Command, PutObjectCommand, S3Client } from '@aws-sdk/client-s3';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import type { Backup, Restore } from '../../src/contracts/backups.ts';
import { CatalystClient } from '../../src/sdk/client.ts';
import { pollUntil } from '../../src/sdk/pollUntil.ts';
import { killWorker } from '../lifecycle/killWorker.ts';
import { LiveLoad } from '../lifecycle/liveLoad.ts';
import { inventDocuments } from '../lifecycle/library.ts';
import { startFullStack } from '../support/fullStack.ts';
import type { FullStack } from '../support/fullStack.ts';

const limitMs = 120_000;
const bucket = 'catalyst-backup';
const queries = ['crane timber signal', 'ledger clerk', 'boiler winter timetable', 'anchor chart pilot'];

let first: FullStack;
let starting: Promise<FullStack>;
let second: FullStack;
let platform: CatalystClient;
let backup: Backup;
let before: Seen;
let pausedJob: string;
let deletedLater: { readonly deletionId: string; readonly documentId: string };

beforeAll(async () => {
  first = await startFullStack({ CATALYST_EMBEDDING_PROVIDER: 'stub' });
  platform = await platformOf(first);
  // It reads the same backup bucket, and takes its time to start: meanwhile the backup is made.
  const { environment } = first;
  starting = startFullStack({
    CATALYST_EMBEDDING_PROVIDER: 'stub',
    CATALYST_DEDICATED_TENANTS: 'beta',
    CATALYST_BACKUP_S3_ENDPOINT: environment['S3_ENDPOINT'] ?? '',
    CATALYST_BACKUP_S3_ACCESS_KEY_ID: environment['S3_ACCESS_KEY_ID'] ?? '',
    CATALYST_BACKUP_S3_SECRET_ACCESS_KEY: environment['S3_SECRET_ACCESS_KEY'] ?? '',
  });
  starting.catch(() => undefined);
}, 600_000);
afterAll(async () => {
  const both = [first, await starting?.catch(() => undefined)];
  await Promise.all(both.map(async (stack) => stack?.stop()));
}, 60_000);

async function platformOf(stack: FullStack): Promise<CatalystClient> {
  return new CatalystClient({ url: stack.apiUrl, token: await stack.tokenFor('platform', { roles: ['platform-admin'] }) });
}

async function collected<Item>(items: AsyncIterable<Item>): Promise<Item[]> {
  const found: Item[] = [];
  for await (const item of items) found.push(item);
  return found;
}

async function ingest(client: CatalystClient, documents: ReturnType<typeof inventDocuments>): Promise<void> {
  const { jobId } = await client.ingest({ documents });
  expect(await client.waitForJob(jobId)).toMatchObject({ state: 'succeeded' });
}

interface Seen {
  readonly documents: readonly unknown[];
  /** For each query the best score of every document. */
  readonly answers: readonly ReadonlyMap<string, number>[];
}

/** All that a tenant can see of its documents: themselves, their histories, what searches answer. */
async function seenBy(client: CatalystClient): Promise<Seen> {
  const documents = [];
  for await (const document of client.documents.list()) documents.push({ ...document, history: await client.documents.history(document.id) });
  const answers = [];
  for (const query of queries) {
    const best = new Map<string, number>();
    for (const { document, score } of (await client.search({ query, limit: 50 })).results) best.set(document.id, Math.max(score, best.get(document.id) ?? 0));
    answers.push(best);
  }
  return { documents, answers };
}

/** The engine adds numbers in another order, so that their last digits differ, and with them the order of passages that are as good as each other. */
function expectSame(seen: Seen, wanted: Seen): void {
  expect(seen.documents).toEqual(wanted.documents);
  for (const [place, best] of wanted.answers.entries()) {
    expect([...(seen.answers[place]?.keys() ?? [])].sort()).toEqual([...best.keys()].sort());
    expect(best.size).toBeGreaterThan(5);
    for (const [id, score] of best) expect(seen.answers[place]?.get(id)).toBeCloseTo(score, 4);
  }
}

async function made(): Promise<Backup> {
  const known = new Set((await platform.backups.list()).map(({ id }) => id));
  await platform.backups.create();
  const own = (backups: readonly Backup[]) => backups.find(({ id }) => !known.has(id));
  return own(await pollUntil(() => platform.backups.list(), (backups) => own(backups)?.verification != null || own(backups)?.state === 'failed', {})) as Backup;
}

async function restored(client: CatalystClient, request: Parameters<CatalystClient['backups']['restore']>[0]): Promise<Restore> {
  const { restoreId } = await client.backups.restore(request);
  const own = (restores: readonly Restore[]) => restores.find(({ id }) => id === restoreId);
  return own(await pollUntil(() => client.backups.listRestores(), (restores) => (own(restores)?.state ?? 'running') !== 'running', {})) as Restore;
}

describe('backups', () => {
  it('are made under writes, though the worker is killed meanwhile', async () => {
    const beta = await first.clientFor('beta');
    // What is replaced stays for searches as of earlier times, and comes back with the rest.
    await beta.retention.set({ replacedVersionDays: 30, failedArtifactDays: 7, uploadDays: 30, searchableHistoryDays: 30 });
    const documents = inventDocuments(12, 7);
    await ingest(beta, documents);
    await ingest(beta, documents.slice(0, 4).map((document) => ({ ...document, text: `${document.text}\n\nA line more.` })));
    const deletion = await beta.documents.delete((await collected(beta.documents.list()))[0]?.id ?? '');
    await beta.deletions.wait(deletion.id);
    await beta.searchSettings.set({ quarantine: 'high' });
    const waiting = await beta.ingest({ documents: inventDocuments(3, 9, 'late'), concurrency: 1 });
    pausedJob = waiting.jobId;
    await beta.jobs.pause(pausedJob);
    // Its documents end the stage that they are in, and no more is begun.
    await sleep(1_500);
    before = await seenBy(beta);

    const load = new LiveLoad(await first.clientFor('alpha'), 'alpha', 20);
    await load.prepare();
    load.start();
    const making = made();
    await sleep(400);
    killWorker(first);
    backup = await making;
    expect(await load.stop()).toMatchObject({ failedWrites: 0, lostWrites: 0 });
    expect(backup).toMatchObject({ state: 'finished', failure: null, verification: { problems: 0 } });
    expect(backup.objects).toBeGreaterThan(10);
    expect(backup.rows).toBeGreaterThan(100);
  }, limitMs);

  it('copy only what no earlier one has', async () => {
    const next = await made();
    expect(next).toMatchObject({ state: 'finished', verification: { problems: 0 } });
    expect(next.objects).toBeGreaterThanOrEqual(backup.objects ?? 0);
    // What the writes made since the first one listed.
    expect(next.copiedObjects).toBeLessThan(next.objects ?? 0);
    const last = await made();
    expect(last).toMatchObject({ copiedObjects: 0, copiedBytes: 0, objects: next.objects });
  }, limitMs);

  it('are found to be altered', async () => {
    const { environment } = first;
    const store = new S3Client({ endpoint: environment['S3_ENDPOINT'] ?? '', region: 'us-east-1', forcePathStyle: true, credentials: { accessKeyId: environment['S3_ACCESS_KEY_ID'] ?? '', secretAccessKey: environment['S3_SECRET_ACCESS_KEY'] ?? '' } });
    const { Contents = [] } = await store.send(new ListObjectsV2Command({ Bucket: bucket, Prefix: 'objects/tenants/beta/' }));
    const Key = Contents[0]?.Key ?? '';
    const { Body, Metadata, ContentType } = await store.send(new GetObjectCommand({ Bucket: bucket, Key }));
    const bytes = Buffer.from((await Body?.transformToByteArray()) ?? []);
    const altered = Buffer.from(bytes);
    altered[0] = (altered[0] ?? 0) ^ 1;
    await store.send(new PutObjectCommand({ Bucket: bucket, Key, Body: altered, Metadata, ContentType }));
    expect(await verified(false)).toMatchObject({ state: 'damaged', verification: { problems: 1, examples: [expect.stringContaining(Key)] } });
    await store.send(new PutObjectCommand({ Bucket: bucket, Key, Body: bytes, Metadata, ContentType }));
    expect(await verified(true)).toMatchObject({ state: 'finished', verification: { deep: true, problems: 0, objects: backup.objects } });
    store.destroy();
  }, limitMs);

  it('are told of what is deleted after them', async () => {
    const beta = await first.clientFor('beta');
    const documentId = (await collected(beta.documents.list())).at(-1)?.id ?? '';
    const { id: deletionId } = await beta.documents.delete(documentId);
    await beta.deletions.wait(deletionId);
    deletedLater = { deletionId, documentId };
    const told = await collected(platform.backups.listDeletions(backup.id));
    expect(told.at(-1)).toMatchObject({ tenant: 'beta', deletionId, documents: [documentId], endsTenant: false });
  }, limitMs);

  it('are not restored over anything', async () => {
    const refused = await restored(platform, { backupId: backup.id });
    expect(refused).toMatchObject({ state: 'failed', failure: { code: 'RESTORE_REFUSED' } });
    expect(refused.failure?.message).toMatch(/not empty: there are rows in .*documents/);
  }, limitMs);

  it('are no tenant’s', async () => {
    const tenant = await first.clientFor('beta');
    for (const call of [() => tenant.backups.list(), () => tenant.backups.create(), () => tenant.backups.restore({ backupId: backup.id }), () => tenant.backups.listRestores()]) await expect(call()).rejects.toMatchObject({ code: 'SCOPE_MISSING' });
  });
});

async function verified(deep: boolean): Promise<Backup> {
  const last = (await platform.backups.get(backup.id)).verification?.at;
  await platform.backups.verify(backup.id, { deep });
  return pollUntil(() => platform.backups.get(backup.id), ({ verification }) => verification?.at !== last, {});
}

describe('an empty stack', () => {
  it('becomes what was backed up', async () => {
    second = await starting;
    const client = await platformOf(second);
    expect((await client.backups.list()).map(({ id }) => id)).toContain(backup.id);
    const started = await client.backups.restore({ backupId: backup.id });
    const own = async () => (await client.backups.listRestores()).find(({ id }) => id === started.restoreId);
    await expect.poll(own, { timeout: 60_000, interval: 20 }).toBeDefined();
    killWorker(second);
    // In the middle of it: another worker goes on.
    expect(await client.backups.getRun(started)).toMatchObject({ state: 'running' });
    await client.backups.wait(started);
    const done = (await own()) as Restore;
    expect(done).toMatchObject({ state: 'finished', failure: null, report: { rows: backup.rows, objects: backup.objects, lostDocuments: 0, tenantsToMove: ['beta'] } });
    // The load deletes too.
    expect(done.report.deletedSince).toBeGreaterThanOrEqual(1);
    expect(done.report.points).toBe(done.report.expectedPoints);
    expect(done.report.points).toBeGreaterThan(40);
    expect(done.report.resumed.jobs).toBeGreaterThanOrEqual(1);
    expectSame(await seenBy(await second.clientFor('beta')), before);
  }, 300_000);

  it('deletes again what was deleted since, once', async () => {
    const [client, beta] = [await platformOf(second), await second.clientFor('beta')];
    const { deletionId, documentId } = deletedLater;
    expect(await beta.documents.get(documentId)).toMatchObject({ deletedAt: null });
    const ofBeta = { tenants: ['beta'] };
    // That of before the backup is known.
    expect(await client.backups.deleteAgain(backup.id, ofBeta)).toMatchObject({ accepted: 1, documents: 1, tenants: 0, known: 1, absent: 0, next: null });
    expect(await beta.deletions.wait(deletionId)).toMatchObject({ state: 'finished', reason: 'restore', receipt: { before: { documents: 1 }, after: { points: 0 } } });
    expect(await beta.documents.get(documentId)).toMatchObject({ deletedAt: expect.any(String) as string });
    // Backups that were made in between have the document: the deletion is named anew.
    expect(await client.backups.deleteAgain(backup.id, ofBeta)).toMatchObject({ accepted: 0, known: 3 });
  }, limitMs);

  it('keeps its tenants apart', async () => {
    const [alpha, beta] = await Promise.all([second.clientFor('alpha'), second.clientFor('beta')]);
    const mine = await alpha.search({ query: 'quokkastable3v0', mode: 'sparse' });
    expect(mine.results).toHaveLength(1);
    expect((await beta.search({ query: 'quokkastable3v0', mode: 'sparse' })).results).toEqual([]);
    await expect(beta.documents.get(mine.results[0]?.document.id ?? '')).rejects.toMatchObject({ code: 'NOT_FOUND' });
  });

  it('goes on with what was in work', async () => {
    const beta = await second.clientFor('beta');
    await beta.jobs.resume(pausedJob);
    expect(await beta.waitForJob(pausedJob)).toMatchObject({ state: 'succeeded' });
    expect((await beta.search({ query: 'late ledger', limit: 50, mode: 'sparse' })).results.length).toBeGreaterThan(0);
    const alpha = await second.clientFor('alpha');
    const isOpen = async () => (await collected(alpha.jobs.list())).some(({ state }) => state === 'queued' || state === 'running');
    expect(await pollUntil(isOpen, (open) => !open, {})).toBe(false);
  }, limitMs);

  it('has one unbroken audit log of both stacks', async () => {
    const client = await platformOf(second);
    const operations = (await collected(client.audit.list())).map(({ operation }) => operation);
    expect(operations).toContain('createBackup');
    expect(operations).toContain('restoreBackup');
  });

  it('moves a tenant to the collection that it is to have', async () => {
    const client = await platformOf(second);
    expect((await client.index.get()).placements).toMatchObject([{ tenant: 'beta', own: false }]);
    await client.index.compact({ tenant: 'beta' });
    await expect.poll(async () => (await client.index.get()).placements, { timeout: 60_000 }).toMatchObject([{ tenant: 'beta', own: true }]);
  }, limitMs);

  it('builds an index that was lost anew of artifacts', async () => {
    const client = await platformOf(second);
    const url = second.environment['QDRANT_URL'] ?? '';
    const { serving: shared, placements } = await client.index.get();
    const seen = await seenBy(await second.clientFor('beta'));
    for (const serving of [shared, placements[0]?.serving]) await fetch(`${url}/collections/${serving}/points/delete?wait=true`, { method: 'POST', headers: { 'content-type': 'application/json' }, body: JSON.stringify({ filter: {} }) });
    const done = await restored(client, { only: 'index' });
    expect(done).toMatchObject({ state: 'finished', report: { lostDocuments: 0, tenantsToMove: [] } });
    expect(done.report.points).toBe(done.report.expectedPoints);
    expectSame(await seenBy(await second.clientFor('beta')), seen);
  }, limitMs);
});
