import { mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { CatalystApiError } from '../../../src/sdk/apiError.ts';
import { CatalystClient } from '../../../src/sdk/client.ts';
import type { JobUpdate } from '../../../src/sdk/jobEvents.ts';
import { ContractServer, breakConnection, problem } from '../../support/contractServer.ts';

let server: ContractServer;
let client: CatalystClient;

beforeEach(async () => {
  server = await ContractServer.start();
  client = new CatalystClient({ url: `${server.url}/`, token: server.token });
});
afterEach(() => server.stop());

async function failureOf(call: Promise<unknown>): Promise<CatalystApiError> {
  const thrown = await call.then(() => undefined, (error: unknown) => error);
  expect(thrown).toBeInstanceOf(CatalystApiError);
  return thrown as CatalystApiError;
}

async function collect<Item>(items: AsyncIterable<Item>): Promise<Item[]> {
  const collected: Item[] = [];
  for await (const item of items) collected.push(item);
  return collected;
}

const texts = (count: number): { id: string; text: string }[] => Array.from({ length: count }, (_, index) => ({ id: `d${index}`, text: `Text ${index}` }));

describe('errors', () => {
  it('tells what the problem details say', async () => {
    const error = await failureOf(client.ingest({ documents: [{ text: 'x' }, { url: 'ftp://nowhere' }] }));
    expect(error).toMatchObject({ code: 'INVALID_DOCUMENTS', status: 422, requestId: 'request-7', detail: '1 documents are invalid' });
    expect(error.remedy).toContain('onInvalid');
    expect(error.problems[0]?.pointer).toMatch(/^\/documents\/1/);
  });

  it('names an answer that is no problem details by its status and text', async () => {
    server.script('GET /v1/jobs', (_request, response) => void response.writeHead(404).end('<h1>nginx says no</h1>'));
    expect(await failureOf(client.getJob('x'))).toMatchObject({ code: 'API_RESPONSE_INVALID', status: 404, detail: expect.stringContaining('nginx says no') as string });
  });

  it('refuses an answer that does not fit the contract, naming the field', async () => {
    server.script('POST /v1/search', (_request, response) => void response.writeHead(200).end('{"query":"q","mode":"hybrid","results":{},"tookMs":1}'));
    expect(await failureOf(client.search({ query: 'q' }))).toMatchObject({ code: 'API_RESPONSE_INVALID', detail: expect.stringContaining('results') as string });
  });

  it('names silence', async () => {
    server.script('GET /v1/jobs', () => undefined);
    const impatient = new CatalystClient({ url: server.url, token: server.token, retries: 0, timeoutMs: 50 });
    expect(await failureOf(impatient.getJob('x'))).toMatchObject({ code: 'API_TIMEOUT', status: null });
  });

  it('passes the reason of an abort on as it is', async () => {
    const reason = new Error('enough');
    server.script('GET /v1/jobs', () => undefined);
    const controller = new AbortController();
    setTimeout(() => controller.abort(reason), 20);
    await expect(client.getJob('x', { signal: controller.signal })).rejects.toBe(reason);
  });
});

describe('repeating calls', () => {
  it('repeats a search over rate limits, outages and broken connections, honouring Retry-After', async () => {
    const started = Date.now();
    server.script('POST /v1/search', problem('FETCH_RATE_LIMITED', 'slow down', { headers: { 'retry-after': '0.4' } }), breakConnection, problem('INDEX_UNAVAILABLE', 'away'));
    expect((await client.search({ query: 'q' })).results).toEqual([]);
    expect(server.count('POST /v1/search')).toBe(4);
    expect(Date.now() - started).toBeGreaterThanOrEqual(400);
  });

  it('gives up after the repetitions allowed, with the last failure', async () => {
    const answers = Array.from({ length: 3 }, () => problem('INDEX_UNAVAILABLE', 'away'));
    server.script('POST /v1/search', ...answers);
    const short = new CatalystClient({ url: server.url, token: server.token, retries: 1 });
    expect(await failureOf(short.search({ query: 'q' }))).toMatchObject({ code: 'INDEX_UNAVAILABLE' });
    expect(server.count('POST /v1/search')).toBe(2);
  });

  it('sends an ingest that may have been taken again under the same key, and another ingest under another', async () => {
    server.script('POST /v1/ingest/bulk', breakConnection, problem('IDEMPOTENCY_IN_PROGRESS', 'still in work', { headers: { 'retry-after': '0' } }));
    await client.ingest({ documents: [{ text: 'x' }] });
    await client.ingest({ documents: [{ text: 'x' }] });
    const keys = server.requests.map(({ headers }) => headers['idempotency-key']);
    expect(keys).toHaveLength(4);
    expect(keys[0]).toMatch(/^[0-9a-f-]{36}$/);
    expect(new Set(keys.slice(0, 3))).toEqual(new Set([keys[0]]));
    expect(keys[3]).not.toBe(keys[0]);
  });

  it('does not send a request for a key again that may have been taken: its answer can be had once', async () => {
    server.script('POST /v1/keys', breakConnection);
    expect(await failureOf(client.keys.create({ name: 'k', scopes: ['search:read'] }))).toMatchObject({ code: 'API_UNREACHABLE', neverArrived: false });
    expect(server.count('POST /v1/keys')).toBe(1);
  });

  it('sends an ingest again once a refused connection is accepted', async () => {
    const { url, token } = server;
    const port = Number(new URL(url).port);
    await server.stop();
    const sending = new CatalystClient({ url, token }).ingest({ documents: [{ text: 'x' }] });
    const refused = await failureOf(new CatalystClient({ url, token, retries: 0 }).ingest({ documents: [{ text: 'x' }] }));
    expect(refused).toMatchObject({ code: 'API_UNREACHABLE', neverArrived: true });
    server = await ContractServer.start(port);
    expect((await sending).documents).toHaveLength(1);
    expect(server.count('POST /v1/ingest/bulk')).toBe(1);
  });
});

describe('uploads', () => {
  let folder: string;
  beforeEach(async () => void (folder = await mkdtemp(join(tmpdir(), 'catalyst-sdk-'))));
  afterEach(() => rm(folder, { recursive: true }));

  it('sends a file with its name, type and exact bytes, again after a passing failure', async () => {
    const path = join(folder, 'Überblick "A".md');
    const content = Buffer.from('# Überblick\r\n--catalyst\r\n\0end');
    await writeFile(path, content);
    server.script('POST /v1/uploads', problem('ARTIFACT_STORE_UNAVAILABLE', 'away'));
    const upload = await client.upload(path);
    expect(upload).toMatchObject({ fileName: 'Überblick %22A%22.md', mediaType: 'text/markdown', bytes: content.length });
    expect(server.uploads.get(upload.id)?.content).toEqual(content);
  });

  it('sends streams and blobs', async () => {
    async function* chunks(): AsyncGenerator<Uint8Array> {
      yield Buffer.from('one ');
      await Promise.resolve();
      yield Buffer.from('two');
    }
    const fromStream = await client.upload(chunks(), { fileName: 'a.txt' });
    const fromBlob = await client.upload(new Blob(['three'], { type: 'text/html' }), { fileName: 'b.bin' });
    expect(server.uploads.get(fromStream.id)?.content?.toString()).toBe('one two');
    expect(fromStream.mediaType).toBe('text/plain');
    expect(fromBlob).toMatchObject({ bytes: 5, mediaType: 'text/html' });
  });

  it('does not send a stream twice', async () => {
    server.script('POST /v1/uploads', problem('ARTIFACT_STORE_UNAVAILABLE', 'away'));
    const stream = new Blob(['x']).stream();
    expect(await failureOf(client.upload(stream, { fileName: 'x.txt' }))).toMatchObject({ code: 'ARTIFACT_STORE_UNAVAILABLE' });
    expect(server.count('POST /v1/uploads')).toBe(1);
  });

  it('says that the file cannot be read, not that the API is away', async () => {
    expect(await failureOf(client.upload(join(folder, 'missing.pdf')))).toMatchObject({ code: 'CONTENT_UNREADABLE', detail: expect.stringContaining('missing.pdf') as string });
  });

  it('keeps memory flat over 300 MB', async () => {
    server.discardUploads = true;
    const chunk = new Uint8Array(1024 * 1024);
    async function* large(): AsyncGenerator<Uint8Array> {
      for (let sent = 0; sent < 300; sent += 1) {
        await Promise.resolve();
        yield chunk;
      }
    }
    let peak = 0;
    const before = process.memoryUsage().rss;
    const upload = await client.upload(large(), { fileName: 'large.bin', onProgress: () => void (peak = Math.max(peak, process.memoryUsage().rss)) });
    expect(upload.bytes).toBe(300 * 1024 * 1024);
    expect(peak - before).toBeLessThan(150 * 1024 * 1024);
  });
});

describe('jobs', () => {
  it('lists all documents over pages, and of one state only', async () => {
    const { jobId } = await client.ingest({ documents: [...texts(5), { id: 'empty', text: ' ' }] });
    const all = await collect(client.listJobDocuments(jobId));
    expect(all.map(({ index }) => index)).toEqual([0, 1, 2, 3, 4, 5]);
    const failed = await collect(client.listJobDocuments(jobId, { state: 'failed', pageSize: 1 }));
    expect(failed.map(({ failure }) => failure?.code)).toEqual(['EMPTY_DOCUMENT']);
  });

  it('watches every change once over torn connections, continuing after the last one seen', async () => {
    const { jobId } = await client.ingest({ documents: texts(7) });
    server.cutEventsAfter = 3;
    const updates: JobUpdate[] = await collect(client.watchJob(jobId));
    const seen = updates.flatMap((update) => (update.type === 'document' ? [update.event.id] : []));
    expect(seen).toEqual(['1', '2', '3', '4', '5', '6', '7']);
    expect(updates.at(-1)).toMatchObject({ type: 'job', job: { state: 'succeeded' } });
    const sent = server.requests.filter(({ path }) => path.endsWith('/events')).map(({ headers }) => headers['last-event-id']);
    expect(sent).toEqual([undefined, '3', '6']);
  });

  it('survives outages while it waits, and reports the finished job', async () => {
    const { jobId } = await client.ingest({ documents: [...texts(1), { text: '' }] });
    server.script(`GET /v1/jobs/${jobId}/events`, problem('REGISTRY_UNAVAILABLE', 'away'), breakConnection);
    const states: string[] = [];
    const job = await client.waitForJob(jobId, { onProgress: (update) => void (update.type === 'job' && states.push(update.job.state)) });
    expect(job).toMatchObject({ state: 'partial', failures: [{ code: 'EMPTY_DOCUMENT', count: 1 }] });
    expect(states).toEqual(['running', 'partial']);
  });

  it('fails at once where there is nothing to watch, and after its patience where the API is away', async () => {
    expect(await failureOf(client.waitForJob('0190a6f0-0000-7000-8000-000000000000'))).toMatchObject({ code: 'NOT_FOUND' });
    await server.stop();
    expect(await failureOf(client.waitForJob('0190a6f0-0000-7000-8000-000000000000', { patienceMs: 1 }))).toMatchObject({ code: 'API_UNREACHABLE' });
    server = await ContractServer.start();
  });

  it('stops watching when told to', async () => {
    const { jobId } = await client.ingest({ documents: texts(3) });
    server.script(`GET /v1/jobs/${jobId}/events`, (_request, response) => void response.writeHead(200, { 'content-type': 'text/event-stream' }).write(': nothing yet\n\n'));
    const controller = new AbortController();
    setTimeout(() => controller.abort(), 50);
    await expect(client.waitForJob(jobId, { signal: controller.signal })).rejects.toMatchObject({ name: 'AbortError' });
  });
});

describe('the fetch underneath', () => {
  it('may be another, such as the built-in one', async () => {
    const { jobId } = await client.ingest({ documents: texts(3) });
    const urls: string[] = [];
    const builtIn = new CatalystClient({
      url: server.url, token: server.token,
      fetch: (url, options) => {
        urls.push(url);
        return globalThis.fetch(url, options);
      },
    });
    expect(await builtIn.waitForJob(jobId)).toMatchObject({ state: 'succeeded' });
    expect(await builtIn.upload(new Blob(['x']))).toMatchObject({ bytes: 1 });
    expect(urls).toHaveLength(2);
  });

  it('reads a refusal that comes while the body is still being sent, and stops sending', async () => {
    server.script('POST /v1/uploads', problem('PAYLOAD_TOO_LARGE', 'too large', { headers: { connection: 'keep-alive' } }));
    let sent = 0;
    let closed = false;
    async function* endless(): AsyncGenerator<Uint8Array> {
      try {
        for (;;) {
          await new Promise(setImmediate);
          sent += 65_536;
          yield new Uint8Array(65_536);
        }
      } finally {
        closed = true;
      }
    }
    expect(await failureOf(client.upload(endless(), { fileName: 'endless.bin' }))).toMatchObject({ code: 'PAYLOAD_TOO_LARGE', status: 413 });
    await expect.poll(() => closed).toBe(true);
    expect(sent).toBeLessThan(64 * 1024 * 1024);
  });

  it('does not take the token to another address by a redirect', async () => {
    const other = await ContractServer.start();
    server.script('POST /v1/search', (_request, response) => void response.writeHead(307, { location: `${other.url}/v1/search` }).end());
    expect(await failureOf(client.search({ query: 'q' }))).toMatchObject({ status: 307 });
    expect(other.requests).toEqual([]);
    await other.stop();
  });
});

describe('health', () => {
  it('answers with the dependencies also when one is away, without a token', async () => {
    server.dependencies = [{ name: 'qdrant', ok: false, latencyMs: 2000, detail: 'refused', remedy: 'Start it.' }];
    const health = await new CatalystClient({ url: server.url }).health();
    expect(health).toEqual({ status: 'unavailable', dependencies: [{ ...server.dependencies[0], optional: false }] });
    expect(server.count('GET /readyz')).toBe(1);
  });
});
