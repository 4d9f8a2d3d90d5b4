import { createServer } from 'node:http';
import type { IncomingMessage, Server, ServerResponse } from 'node:http';
import type { AddressInfo } from 'node:net';
import { buffer } from 'node:stream/consumers';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { digestOf } from '../../src/contracts/identifiers.ts';
import type { Job } from '../../src/contracts/jobs.ts';
import type { CatalystClient } from '../../src/sdk/client.ts';
import { startFullStack } from '../support/fullStack.ts';
import type { FullStack } from '../support/fullStack.ts';

/** A site whose pages a test may change, with validators, that remembers what it was asked. */
class ChangingSite {
  readonly pages = new Map<string, string>();
  readonly requests: { readonly path: string; readonly status: number }[] = [];
  readonly #server: Server;

  constructor() {
    this.#server = createServer((request, response) => this.#answer(request, response));
  }

  async start(): Promise<string> {
    await new Promise<void>((resolve) => this.#server.listen(0, '127.0.0.1', resolve));
    return `http://127.0.0.1:${(this.#server.address() as AddressInfo).port}`;
  }

  close(): void {
    this.#server.closeAllConnections();
    this.#server.close();
  }

  statusesOf(path: string): number[] {
    return this.requests.filter((request) => request.path === path).map(({ status }) => status);
  }

  #answer(request: IncomingMessage, response: ServerResponse): void {
    const path = request.url ?? '/';
    const page = this.pages.get(path);
    const etag = page === undefined ? '' : `"${digestOf(page).slice(7, 23)}"`;
    const status = page === undefined ? 404 : request.headers['if-none-match'] === etag ? 304 : 200;
    this.requests.push({ path, status });
    response.writeHead(status, { 'content-type': 'text/html; charset=utf-8', ...(page === undefined ? {} : { etag }) }).end(status === 200 ? page : undefined);
  }
}

const pageOf = (title: string, text: string, links: readonly string[] = []) =>
  `<!doctype html><html lang="en"><head><title>${title}</title></head><body><main><h1>${title}</h1><p>${text}</p><ul>${links.map((link) => `<li><a href="${link}">${link}</a></li>`).join('')}</ul></main></body></html>`;

const site = new ChangingSite();
let stack: FullStack;
let client: CatalystClient;
let address: string;

beforeAll(async () => {
  address = await site.start();
  site.pages.set('/manual/', pageOf('Manual', 'Everything about the Zephyr pump.', ['/manual/install', '/manual/care', '/shop']));
  site.pages.set('/manual/install', pageOf('Installing', 'Bolt the pump to a concrete floor with four screws.'));
  site.pages.set('/manual/care', pageOf('Care', 'Grease the bearing every two hundred hours.'));
  site.pages.set('/shop', pageOf('Shop', 'Spare impellers at a discount.'));
  stack = await startFullStack();
  client = await stack.clientFor('plumber');
}, 600_000);

afterAll(async () => {
  await stack.stop();
  site.close();
}, 60_000);

async function finished(jobId: string): Promise<Job> {
  return client.waitForJob(jobId, { signal: AbortSignal.timeout(90_000) });
}

async function collect<Item>(items: AsyncIterable<Item>): Promise<Item[]> {
  const all: Item[] = [];
  for await (const item of items) all.push(item);
  return all;
}

async function titlesFor(query: string): Promise<string[]> {
  const { results } = await client.search({ query, limit: 5 });
  return results.map(({ document }) => document.title);
}

describe('a website that is read again and again', () => {
  let sourceId: string;
  let installId: string;

  it('is crawled within its patterns, and tells where each page came from', async () => {
    const source = await client.sources.create({
      name: 'Manual', definition: { type: 'website', url: `${address}/manual/`, include: ['/manual/**'] }, attributes: { tags: ['manual'] }, onMissing: 'delete',
    });
    sourceId = source.id;
    const job = await finished((await client.sources.run(sourceId)).jobId);
    expect(job).toMatchObject({ state: 'succeeded', counts: { total: 3, succeeded: 3 }, discovery: { state: 'finished', found: 3, gaps: [] } });
    expect(await titlesFor('how many screws hold the pump')).toContain('Installing');
    expect(await titlesFor('discount on spare impellers')).not.toContain('Shop');

    const documents = await collect(client.documents.list({ sourceId }));
    expect(documents.map(({ title }) => title).sort()).toEqual(['Care', 'Installing', 'Manual']);
    installId = documents.find(({ title }) => title === 'Installing')?.id ?? '';
    const history = await client.documents.history(installId);
    expect(history.versions).toHaveLength(1);
    expect(history.versions[0]?.fetched).toMatchObject({ finalUrl: `${address}/manual/install`, status: 200 });
    expect(history.versions[0]?.artifacts.map(({ kind }) => kind).sort()).toEqual(['chunks', 'manifest', 'raw', 'text', 'vectors']);
    expect(history.requests[0]).toMatchObject({ subject: 'tester', outcome: 'created', workflow: { id: expect.stringMatching(/^(document|job)\/plumber\//) as string } });
    const raw = await buffer(await client.documents.artifact(installId, 'raw'));
    expect(raw.toString('utf8')).toBe(site.pages.get('/manual/install'));
  }, 120_000);

  it('costs nothing where nothing changed, takes up what changed, and forgets what is gone', async () => {
    site.requests.length = 0;
    site.pages.set('/manual/', pageOf('Manual', 'Everything about the Zephyr pump.', ['/manual/install']));
    site.pages.set('/manual/install', pageOf('Installing', 'Bolt the pump to a concrete floor with six screws.'));
    site.pages.delete('/manual/care');
    const before = await client.documents.history(installId);
    const job = await finished((await client.sources.run(sourceId)).jobId);
    expect(job).toMatchObject({ state: 'succeeded', counts: { total: 2, missing: 1 } });

    const changed = await client.search({ query: 'how many screws hold the pump', limit: 1 });
    expect(changed.results[0]?.passage).toContain('six screws');
    expect(await titlesFor('grease the bearing')).not.toContain('Care');
    expect((await collect(client.documents.list({ sourceId }))).map(({ title }) => title).sort()).toEqual(['Installing', 'Manual']);
    const after = await client.documents.history(installId);
    expect(after.versions).toHaveLength(2);
    expect(after.versions.filter(({ replacedAt }) => replacedAt === null)).toHaveLength(1);
    expect(after.versions.map(({ id }) => id)).toContain(before.versions[0]?.id);

    site.requests.length = 0;
    const again = await finished((await client.sources.run(sourceId)).jobId);
    expect(again).toMatchObject({ state: 'succeeded', counts: { total: 2, unchanged: 2, missing: 0 }, spent: { tokens: 0 } });
    expect(site.statusesOf('/manual/')).toEqual([304]);
    expect(site.statusesOf('/manual/install')).toEqual([304]);
  }, 120_000);

  it('runs by its schedule', async () => {
    const { name, definition, attributes, onMissing } = await client.sources.get(sourceId);
    const manual = await collect(client.jobs.list({ sourceId }));
    await client.sources.replace(sourceId, { name, definition, attributes, onMissing, schedule: { everySeconds: 10 } });
    await expect.poll(async () => (await collect(client.jobs.list({ sourceId }))).filter(({ state }) => state === 'succeeded').length, { timeout: 60_000, interval: 500 }).toBeGreaterThan(manual.length);
    const paused = await client.sources.pause(sourceId);
    expect(paused).toMatchObject({ paused: true, schedule: { everySeconds: 10 } });
    expect(await client.sources.schedule(sourceId)).toMatchObject({ paused: true });
  }, 120_000);

  it('goes with its documents, and a receipt says what went', async () => {
    const deletion = await client.sources.remove(sourceId, 'delete');
    const done = await client.deletions.wait(deletion?.id ?? '');
    expect(done).toMatchObject({ state: 'finished', documents: 2, receipt: { before: { documents: 2 }, after: { documents: 0, versions: 0, points: 0, artifacts: 0, bytes: 0 } } });
    expect(await titlesFor('how many screws hold the pump')).toEqual([]);
    await expect(client.sources.get(sourceId)).rejects.toMatchObject({ status: 404 });
    await expect(client.documents.artifact(installId, 'raw')).rejects.toMatchObject({ status: 404 });
    expect((await client.documents.get(installId)).deletedAt).not.toBeNull();
    expect((await client.documents.history(installId)).deletions).toHaveLength(1);
  }, 120_000);
});

describe('ways to look before, and to do without Temporal', () => {
  it('estimates, and previews without writing anything', async () => {
    const documents = [{ id: 'preview', text: 'The valve opens at three bar and closes at two.' }];
    expect(await client.estimate({ documents })).toMatchObject({ documents: 1, bytes: { known: 47, documentsOfUnknownSize: 0 }, currency: 'USD' });
    const job = await finished((await client.ingest({ documents, dryRun: true })).jobId);
    const [document] = await collect(client.listJobDocuments(job.id));
    expect(document).toMatchObject({ state: 'succeeded', outcome: 'previewed', preview: { chunks: 1, change: 'create', bytes: 47 } });
    expect(document?.preview?.tokens).toBeGreaterThan(8);
    expect(await titlesFor('at which pressure does the valve open')).toEqual([]);
    await expect(client.documents.get(document?.documentId ?? '')).rejects.toMatchObject({ status: 404 });
  }, 60_000);

  it('ingests one document within the request', async () => {
    const document = await client.ingestInProcess({ id: 'in-process', title: 'Valves', text: 'The valve opens at three bar and closes at two.' });
    expect(document).toMatchObject({ state: 'succeeded', outcome: 'created', chunks: 1 });
    expect(await titlesFor('at which pressure does the valve open')).toEqual(['Valves']);
  }, 60_000);
});
