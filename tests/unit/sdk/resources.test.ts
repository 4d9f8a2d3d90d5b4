import { createServer } from 'node:http';
import type { AddressInfo } from 'node:net';
import { text } from 'node:stream/consumers';
import { sql } from 'kysely';
import { afterAll, beforeAll, beforeEach, describe, expect, it } from 'vitest';
import { newIdentifier } from '../../../src/contracts/identifiers.ts';
import type { Job } from '../../../src/contracts/jobs.ts';
import { CatalystClient } from '../../../src/sdk/client.ts';
import type { JobUpdate } from '../../../src/sdk/jobEvents.ts';
import { publishDocument } from '../../support/api/publishDocument.ts';
import { startRegistryApi } from '../../support/api/registryApi.ts';
import type { RegistryApi } from '../../support/api/registryApi.ts';
import { signToken } from '../../support/api/runningApi.ts';
import { breakConnection, ContractServer, problem } from '../../support/contractServer.ts';
import { acceptJob, failed, succeeded } from '../../support/registryJobs.ts';

let api: RegistryApi;
let client: CatalystClient;
let tenant: string;
let number = 0;

beforeAll(async () => void (api = await startRegistryApi()), 600_000);
afterAll(() => api.close());
beforeEach(async () => {
  tenant = `sdk-${(number += 1)}`;
  client = new CatalystClient({ url: api.url, token: await signToken({ tenant, sub: 'ada' }) });
});

async function all<Item>(items: AsyncIterable<Item>): Promise<Item[]> {
  const taken: Item[] = [];
  for await (const item of items) taken.push(item);
  return taken;
}

async function finished(...results: ReturnType<typeof succeeded>[]): Promise<string> {
  const jobId = await acceptJob(api.database, tenant, results.length);
  await api.jobs.markJobRunning(tenant, jobId);
  await api.jobs.finishDocuments(tenant, jobId, results);
  await api.jobs.finishJob(tenant, jobId);
  return jobId;
}

const setState = (table: 'deletions' | 'sweeps', id: string) => api.database.withTenant(tenant, (transaction) => sql`update ${sql.table(table)} set state = 'finished', finished_at = now() where id = ${id}`.execute(transaction));

describe('jobs', () => {
  it('are steered, listed over pages, and told of', async () => {
    const ids = [await acceptJob(api.database, tenant, 1), await acceptJob(api.database, tenant, 1), await acceptJob(api.database, tenant, 1)];
    expect((await all(client.jobs.list({ pageSize: 2 }))).map(({ id }) => id)).toEqual(ids.toReversed());
    const jobId = ids[0] ?? '';
    expect((await client.jobs.pause(jobId)).pause).toMatchObject({ reason: 'request', by: 'ada' });
    expect((await client.jobs.resume(jobId)).pause).toBeNull();
    expect((await client.jobs.setConcurrency(jobId, 3)).concurrency).toBe(3);
    expect((await client.jobs.approve(jobId, { maximumTokens: 9 })).budget).toEqual({ maximumTokens: 9 });
    expect((await client.jobs.approve(jobId, null)).budget).toBeNull();
    expect((await client.jobs.add(jobId, { documents: [{ text: 'more' }] })).documents).toMatchObject([{ index: 1 }]);
    expect(await client.jobs.progress(jobId)).toMatchObject({ jobId, counts: { total: 2 }, remaining: null });
    expect((await client.jobs.cancel(jobId, 'undo')).cancellation).toMatchObject({ mode: 'undo' });
    await expect(client.jobs.pause(jobId)).rejects.toMatchObject({ code: 'JOB_NOT_RUNNING', status: 409 });
    await expect(client.jobs.pause(newIdentifier())).rejects.toMatchObject({ code: 'NOT_FOUND' });
  });

  it('are retried, whole or in part', async () => {
    const jobId = await finished(failed(0), failed(1, 'FETCH_FAILED'), failed(2));
    expect([await client.jobs.retry(jobId, { codes: ['FETCH_FAILED'] }), await client.jobs.retry(jobId, { indexes: [2] }), await client.jobs.retry(jobId), await client.jobs.retry(jobId)]).toEqual([1, 1, 1, 0]);
  });

  it('are watched with their progress, which nobody has to heed', async () => {
    const jobId = await acceptJob(api.database, tenant, 1);
    setTimeout(() => {
      void api.jobs.markJobRunning(tenant, jobId).then(() => api.jobs.finishDocuments(tenant, jobId, [succeeded(0)])).then(() => api.jobs.finishJob(tenant, jobId));
    }, 2_600);
    const updates: JobUpdate[] = [];
    const job = await client.waitForJob(jobId, { onProgress: (update) => void updates.push(update) });
    expect(job.state).toBe('succeeded');
    expect(updates.find(({ type }) => type === 'progress')).toMatchObject({ progress: { jobId, counts: { total: 1 } } });
    expect((await client.waitForJob(jobId)).state).toBe('succeeded');
  });
});

describe('sources', () => {
  it('are created, listed, changed, run, scheduled and removed', async () => {
    const input = { name: 'News', definition: { type: 'feed', url: 'https://example.com/feed.xml' }, schedule: { everySeconds: 900 } } as const;
    const source = await client.sources.create(input);
    expect(await client.sources.get(source.id)).toEqual(source);
    expect((await all(client.sources.list({ pageSize: 1 }))).map(({ id }) => id)).toEqual([source.id]);
    expect((await client.sources.replace(source.id, { ...input, onMissing: 'delete' })).onMissing).toBe('delete');
    expect([(await client.sources.pause(source.id)).paused, (await client.sources.schedule(source.id)).paused, (await client.sources.resume(source.id)).paused]).toEqual([true, true, false]);
    expect((await client.sources.backfill(source.id, { from: '2026-01-01T00:00:00Z', to: '2026-01-01T06:00:00Z' })).nextRuns).toHaveLength(1);
    const { jobId } = await client.sources.run(source.id, { concurrency: 2 });
    expect((await all(client.jobs.list({ sourceId: source.id }))).map(({ id }) => id)).toEqual([jobId]);
    expect(await client.sources.remove(source.id, 'delete')).toMatchObject({ request: { sourceId: source.id } });
    expect(await client.sources.remove((await client.sources.create(input)).id)).toBeUndefined();
    await expect(client.sources.create({ name: 'x', definition: { type: 'feed', url: 'http://10.0.0.1/' } })).rejects.toMatchObject({ status: 422, problems: [{ pointer: '/definition/url' }] });
  });

  it('are read once, too', async () => {
    const { jobId } = await client.ingestSource({ definition: { type: 'sitemap', url: 'https://example.com/sitemap.xml' }, dryRun: true });
    expect(await client.getJob(jobId)).toMatchObject({ dryRun: true, discovery: { state: 'running' } });
    expect(await client.estimate({ documents: [{ text: 'hello' }] })).toMatchObject({ documents: 1, bytes: { known: 5 } });
    await expect(client.ingestInProcess({ text: 'hello' })).rejects.toMatchObject({ code: 'NOT_IN_PRODUCTION' });
  });
});

describe('documents', () => {
  it('are listed, told of, downloaded and deleted', async () => {
    const { documentId, versionId } = await publishDocument(api, tenant, 'a', 'one');
    expect((await all(client.documents.list({ pageSize: 1 }))).map(({ id }) => id)).toEqual([documentId]);
    expect(await client.documents.get(documentId)).toMatchObject({ versionId });
    expect((await client.documents.history(documentId)).versions).toHaveLength(1);
    expect(await text(await client.documents.artifact(documentId, 'raw', { versionId }))).toBe('raw one');
    const deletion = await client.documents.delete(documentId);
    expect((await all(client.deletions.list())).map(({ id }) => id)).toEqual([deletion.id]);
    setTimeout(() => void setState('deletions', deletion.id), 400);
    expect((await client.deletions.wait(deletion.id)).state).toBe('finished');
    expect(await client.deletions.create({ everything: true })).toMatchObject({ state: 'queued' });
    await expect(client.documents.artifact(newIdentifier(), 'raw')).rejects.toMatchObject({ code: 'NOT_FOUND' });
  });

  it('that are damaged in the store fail their download', async () => {
    const { documentId } = await publishDocument(api, tenant, 'a', 'damaged in the store');
    for (const bytes of api.artifacts.objects.values()) if (Buffer.from(bytes).includes('damaged in')) bytes.set(Buffer.from('X'), 0);
    await expect(client.documents.artifact(documentId, 'raw').then((stream) => text(stream))).rejects.toMatchObject({ name: 'CatalystApiError', code: 'API_UNREACHABLE' });
  });

  it('whose download falls silent are given up', async () => {
    const silent = createServer((_request, response) => void response.writeHead(200, { 'content-length': '10' }).write('half'));
    await new Promise<void>((resolve) => silent.listen(0, '127.0.0.1', resolve));
    const impatient = new CatalystClient({ url: `http://127.0.0.1:${(silent.address() as AddressInfo).port}`, timeoutMs: 200 });
    await expect(impatient.documents.artifact(newIdentifier(), 'raw').then((stream) => text(stream))).rejects.toMatchObject({ code: 'API_TIMEOUT' });
    silent.closeAllConnections();
    silent.close();
  });
});

describe('dead letters and retention', () => {
  it('are read, replayed, set and swept', async () => {
    const jobId = await finished(failed(0), failed(1, 'FETCH_FAILED'));
    expect((await all(client.deadLetters.list({ code: 'FETCH_FAILED', jobId }))).map(({ index }) => index)).toEqual([1]);
    expect(await client.deadLetters.summary()).toMatchObject({ total: 2 });
    expect(await client.deadLetters.replay({ codes: ['FETCH_FAILED'] })).toEqual({ documents: 1, jobs: [jobId] });
    expect(await client.deadLetters.replay()).toEqual({ documents: 1, jobs: [jobId] });
    expect(await client.retention.set({ uploadDays: null })).toEqual({ ...(await client.retention.get()), uploadDays: null });
    expect(await client.retention.change({ logDays: 5 })).toMatchObject({ uploadDays: null, logDays: 5 });
    const sweep = await client.retention.sweep();
    expect(sweep.dryRun).toBe(true);
    setTimeout(() => void setState('sweeps', sweep.id), 300);
    expect((await client.retention.waitForSweep(sweep.id)).state).toBe('finished');
    expect((await all(client.retention.listSweeps())).map(({ id }) => id)).toEqual([sweep.id]);
  });
});

describe('calls that fail', () => {
  let server: ContractServer;
  let contract: CatalystClient;
  beforeAll(async () => {
    server = await ContractServer.start();
    contract = new CatalystClient({ url: server.url, token: server.token });
  });
  afterAll(() => server.stop());
  const job = newIdentifier();

  it('are sent again where a second one does no harm', async () => {
    server.script(`POST /v1/jobs/${job}/pause`, breakConnection, problem('REGISTRY_UNAVAILABLE', 'Postgres does not answer'), problem('JOB_NOT_RUNNING', 'The job is finished'));
    await expect(contract.jobs.pause(job)).rejects.toMatchObject({ code: 'JOB_NOT_RUNNING' });
    expect(server.count(`POST /v1/jobs/${job}/pause`)).toBe(3);
  });

  it.each<[string, () => Promise<unknown>]>([
    ['POST /v1/sources', () => contract.sources.create({ name: 'x', definition: { type: 'feed', url: 'https://example.com/' } })],
    [`POST /v1/sources/${job}/runs`, () => contract.sources.run(job)],
    ['POST /v1/deletions', () => contract.deletions.create({ everything: true })],
    ['POST /v1/sweeps', () => contract.retention.sweep()],
    [`POST /v1/jobs/${job}/retry`, () => contract.jobs.retry(job)],
    ['POST /v1/dead-letters/replay', () => contract.deadLetters.replay()],
    ['POST /v1/ingest/source', () => contract.ingestSource({ definition: { type: 'feed', url: 'https://example.com/' } })],
  ])('are sent again under the same key where a second one would do harm: %s', async (match, send) => {
    server.script(match, breakConnection, problem('CONFLICT', 'The present state is another'));
    const before = server.requests.length;
    await expect(send()).rejects.toMatchObject({ code: 'CONFLICT' });
    const keys = server.requests.slice(before).map(({ headers }) => headers['idempotency-key']);
    expect(keys).toHaveLength(2);
    expect(keys[0]).toMatch(/^[0-9a-f-]{36}$/);
    expect(keys[1]).toBe(keys[0]);
  });

  it('while a deletion is waited for are borne for a while', async () => {
    server.script(`GET /v1/deletions/${job}`, ...Array.from({ length: 7 }, () => breakConnection), problem('NOT_FOUND', 'There is no such deletion'));
    const patient = new CatalystClient({ url: server.url, token: server.token, retries: 0 });
    await expect(patient.deletions.wait(job)).rejects.toMatchObject({ code: 'NOT_FOUND' });
    server.script(`GET /v1/deletions/${job}`, ...Array.from({ length: 7 }, () => breakConnection));
    await expect(patient.deletions.wait(job, { patienceMs: 300 })).rejects.toMatchObject({ code: 'API_UNREACHABLE' });
    const controller = new AbortController();
    setTimeout(() => controller.abort(new Error('enough')), 50);
    await expect(patient.deletions.wait(job, { signal: controller.signal, patienceMs: 60_000 })).rejects.toThrow('enough');
  }, 20_000);

  it('tell of answers that are not what is promised', async () => {
    server.script(`GET /v1/jobs/${job}/progress`, (_request, response) => void response.writeHead(200, { 'content-type': 'application/json' }).end('{"jobId":1}'));
    await expect(contract.jobs.progress(job)).rejects.toMatchObject({ code: 'API_RESPONSE_INVALID' });
    server.script(`GET /v1/jobs/${job}/events`, (_request, response) => {
      response.writeHead(200, { 'content-type': 'text/event-stream' });
      response.end('event: weather\ndata: sunny\n\nevent: progress\ndata: {"odd":true}\n\n');
    });
    const seen: (Job | string)[] = [];
    await expect((async () => { for await (const update of contract.watchJob(job)) seen.push(update.type); })()).rejects.toMatchObject({ code: 'API_RESPONSE_INVALID' });
    expect(seen).toEqual([]);
  });
});
