import { createServer } from 'node:http';
import type { Server } from 'node:http';
import type { AddressInfo } from 'node:net';
import { setTimeout as sleep } from 'node:timers/promises';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import type { JobDocument } from '../../src/contracts/jobs.ts';
import type { CatalystClient, DocumentInput } from '../../src/sdk/client.ts';
import { startFullStack } from '../support/fullStack.ts';
import type { FullStack } from '../support/fullStack.ts';
import { startRecordingEmbedder } from '../support/recordingEmbedder.ts';
import type { RecordingEmbedder } from '../support/recordingEmbedder.ts';

let stack: FullStack;
let embedder: RecordingEmbedder;
let site: Server;
let siteUrl: string;
/** By path: what the site serves; what is not here does not exist. */
const pages = new Map<string, string>();
/** `path status` of every answer. */
const answers: string[] = [];
const patience = { timeout: 60_000, interval: 200 };

beforeAll(async () => {
  site = createServer((request, response) => {
    const path = request.url ?? '/';
    const page = pages.get(path);
    const etag = `"${page?.length ?? 0}"`;
    const status = page === undefined ? 404 : request.headers['if-none-match'] === etag ? 304 : 200;
    answers.push(`${path} ${status}`);
    response.writeHead(status, { 'content-type': 'text/html; charset=utf-8', ...(page === undefined ? {} : { etag }) }).end(status === 200 ? page : undefined);
  });
  await new Promise<void>((resolve) => site.listen(0, '127.0.0.1', resolve));
  siteUrl = `http://127.0.0.1:${(site.address() as AddressInfo).port}`;
  embedder = await startRecordingEmbedder(40);
  stack = await startFullStack({
    CATALYST_EMBEDDING_PROVIDER: 'openai',
    CATALYST_EMBEDDING_BASE_URL: embedder.url,
    CATALYST_EMBEDDING_MODEL: 'recording',
    CATALYST_EMBEDDING_DIMENSION: String(embedder.dimension),
    CATALYST_SLICE_DOCUMENTS: '4',
    CATALYST_INGEST_WINDOW: '2',
  });
}, 600_000);

afterAll(async () => {
  site.close();
  await (stack as FullStack | undefined)?.stop();
  await embedder.close();
}, 60_000);

const notes = (count: number, about: string): DocumentInput[] => Array.from({ length: count }, (_, place) => ({ id: `${about}-${place}`, text: `Note ${place} about ${about}: entry ${place * 7919} of the log.` }));

async function documentsOf(client: CatalystClient, jobId: string): Promise<JobDocument[]> {
  const documents: JobDocument[] = [];
  for await (const document of client.listJobDocuments(jobId)) documents.push(document);
  return documents;
}

async function succeededOf(client: CatalystClient, jobId: string): Promise<number> {
  return (await client.getJob(jobId)).counts.succeeded;
}

/** Passages that the words find; by words alone, since the vectors of this test mean nothing. */
async function find(client: CatalystClient, query: string): Promise<string[]> {
  return (await client.search({ query, mode: 'sparse', limit: 50 })).results.map(({ passage }) => passage);
}

/** How often the model was asked for a text since, at most. */
function mostAsked(before: ReadonlyMap<string, number>): number {
  return Math.max(0, ...[...embedder.counts].map(([key, count]) => count - (before.get(key) ?? 0)));
}

describe('a job in work', () => {
  it('is paused and resumed, and embeds every text once', async () => {
    const client = await stack.clientFor('pausing');
    const before = new Map(embedder.counts);
    const { jobId } = await client.ingest({ documents: notes(48, 'lighthouses') });
    await expect.poll(() => succeededOf(client, jobId), patience).toBeGreaterThan(3);
    const paused = await client.jobs.pause(jobId);
    expect(paused.pause).toMatchObject({ reason: 'request', by: 'tester' });
    await sleep(3_000);
    const resting = await succeededOf(client, jobId);
    await sleep(2_000);
    expect(await succeededOf(client, jobId)).toBe(resting);
    expect(resting).toBeLessThan(48);
    await client.jobs.resume(jobId);
    expect(await client.waitForJob(jobId)).toMatchObject({ state: 'succeeded', pause: null, counts: { succeeded: 48 } });
    expect(mostAsked(before)).toBe(1);
  }, 120_000);

  it('rests when its budget is used up, spends no token more, and goes on when it is approved', async () => {
    const client = await stack.clientFor('budget');
    const before = new Map(embedder.counts);
    const { jobId } = await client.ingest({ documents: notes(24, 'dredging'), budget: { maximumTokens: 200 } });
    await expect.poll(async () => (await client.getJob(jobId)).pause?.reason, patience).toBe('budget');
    const { spent, counts } = await client.getJob(jobId);
    expect(spent.tokens).toBeLessThanOrEqual(200);
    expect(counts.failed).toBe(0);
    await client.jobs.approve(jobId, null);
    expect(await client.waitForJob(jobId)).toMatchObject({ state: 'succeeded', counts: { succeeded: 24 } });
    expect(mostAsked(before)).toBe(1);
  }, 120_000);

  it('takes more documents up, and failed ones again after its end', async () => {
    const client = await stack.clientFor('retrying');
    const { jobId } = await client.ingest({ documents: [...notes(12, 'moorings'), { url: `${siteUrl}/late` }] });
    await client.jobs.add(jobId, { documents: notes(3, 'buoys') });
    const first = await client.waitForJob(jobId);
    expect(first).toMatchObject({ state: 'partial', counts: { total: 16, succeeded: 15, failed: 1 } });
    expect((await documentsOf(client, jobId)).find(({ state }) => state === 'failed')?.failure).toMatchObject({ code: 'FETCH_NOT_FOUND', attempts: 1 });
    pages.set('/late', '<html><head><title>Late</title></head><body><main><p>The harbourmaster publishes the berths on the evening before.</p></main></body></html>');
    expect(await client.jobs.retry(jobId)).toBe(1);
    expect(await client.waitForJob(jobId)).toMatchObject({ state: 'succeeded', counts: { total: 16, succeeded: 16 } });
    expect(await find(client, 'harbourmaster berths')).toHaveLength(1);
  }, 120_000);

  it('is undone: what it changed is as it was, what it made is gone', async () => {
    const client = await stack.clientFor('undoing');
    const before = await client.ingest({ documents: [{ id: 'charter', text: 'The charter of the guild forbids night fishing.' }] });
    await client.waitForJob(before.jobId);
    const { jobId } = await client.ingest({ documents: [{ id: 'charter', text: 'The charter of the guild permits night fishing.' }, ...notes(60, 'eels')] });
    await expect.poll(() => succeededOf(client, jobId), patience).toBeGreaterThan(7);
    expect(await find(client, 'guild permits')).toContain('The charter of the guild permits night fishing.');
    await client.jobs.cancel(jobId, 'undo');
    await expect.poll(async () => (await client.getJob(jobId)).finishedAt, patience).not.toBeNull();
    const job = await client.getJob(jobId);
    expect(job.cancellation?.mode).toBe('undo');
    expect(job.counts.failed).toBeGreaterThan(0);
    expect(await find(client, 'charter guild')).toEqual(['The charter of the guild forbids night fishing.']);
    expect(await find(client, 'eels')).toEqual([]);
    expect(job).toMatchObject({ state: 'failed', counts: { succeeded: 0, failed: 61 } });
    const undone = (await documentsOf(client, jobId)).filter(({ failure }) => failure?.code === 'UNDONE').map(({ index }) => index);
    expect(undone.length).toBeGreaterThan(7);
    // What was taken back stays so; the others are ingested, and the job tells both.
    expect(await client.jobs.retry(jobId)).toBe(61 - undone.length);
    const retried = await client.waitForJob(jobId);
    expect(retried).toMatchObject({ state: 'partial', counts: { succeeded: 61 - undone.length, failed: undone.length } });
    expect(await find(client, 'charter guild')).toEqual(['The charter of the guild forbids night fishing.']);
  }, 120_000);

  it('only looks in a dry run', async () => {
    const client = await stack.clientFor('looking');
    const before = new Map(embedder.counts);
    const documents: DocumentInput[] = [{ id: 'survey', text: '# Survey\n\nThe sandbank moved forty metres to the east.', mediaType: 'text/markdown' }, { id: 'empty', text: '<html><body><script>let nothing;</script></body></html>', mediaType: 'text/html' }];
    const { jobId } = await client.ingest({ documents, dryRun: true });
    const job = await client.waitForJob(jobId);
    expect(job).toMatchObject({ dryRun: true, state: 'partial', spent: { tokens: 0 } });
    const [survey, empty] = await documentsOf(client, jobId);
    expect(survey).toMatchObject({ state: 'succeeded', outcome: 'previewed', preview: { title: 'Survey', mediaType: 'text/markdown', chunks: 1, change: 'create' } });
    expect(empty).toMatchObject({ state: 'failed', failure: { code: 'EMPTY_DOCUMENT' } });
    expect(await find(client, 'sandbank')).toEqual([]);
    expect(mostAsked(before)).toBe(0);
    const real = await client.ingest({ documents: documents.slice(0, 1) });
    await client.waitForJob(real.jobId);
    const again = await client.ingest({ documents: documents.slice(0, 1), dryRun: true });
    await client.waitForJob(again.jobId);
    expect((await documentsOf(client, again.jobId))[0]?.preview?.change).toBe('none');
    expect(await find(client, 'sandbank')).toHaveLength(1);
  }, 120_000);
});

describe('files inside a document', () => {
  const message = (attachments: readonly (readonly [name: string, text: string])[]) =>
    [
      'From: Ada <ada@example.org>', 'To: Ben <ben@example.org>', 'Subject: Minutes of the pilots', 'MIME-Version: 1.0', 'Content-Type: multipart/mixed; boundary="edge"', '',
      '--edge', 'Content-Type: text/plain; charset=utf-8', '', 'Please find the minutes enclosed.', '',
      ...attachments.flatMap(([name, text]) => ['--edge', `Content-Type: text/plain; name="${name}"`, `Content-Disposition: attachment; filename="${name}"`, '', text, '']),
      '--edge--', '',
    ].join('\r\n');

  it('become documents of their own, and go when the document no longer has them', async () => {
    const client = await stack.clientFor('attaching');
    const ingestMessage = async (attachments: readonly (readonly [string, string])[]) => {
      const upload = await client.upload(new Blob([message(attachments)]), { fileName: 'minutes.eml', mediaType: 'message/rfc822' });
      const { jobId } = await client.ingest({ documents: [{ id: 'minutes', uploadId: upload.id, tags: ['pilots'] }] });
      const job = await client.waitForJob(jobId);
      return { job, documents: await documentsOf(client, jobId) };
    };
    const first = await ingestMessage([['tides.txt', 'The spring tide reaches the quay wall.'], ['wrecks.txt', 'The wreck of the Albatross lies at nine fathoms.']]);
    expect(first.job).toMatchObject({ state: 'succeeded', counts: { total: 3 } });
    const [parent, tides] = first.documents;
    expect(tides).toMatchObject({ source: { type: 'attachment', location: 'tides.txt' }, parentId: parent?.documentId });
    expect(await find(client, 'Albatross fathoms')).toHaveLength(1);
    const second = await ingestMessage([['tides.txt', 'The spring tide floods the quay wall.']]);
    expect(second.job).toMatchObject({ state: 'succeeded', counts: { total: 2 } });
    expect(await find(client, 'quay wall')).toEqual(['The spring tide floods the quay wall.']);
    await expect.poll(() => find(client, 'Albatross fathoms'), patience).toEqual([]);
  }, 120_000);
});

describe('a registered website', () => {
  it('is read again with no work for what is unchanged; what is gone from it is deleted', async () => {
    const client = await stack.clientFor('website');
    const link = (path: string) => `<a href="${path}">${path}</a>`;
    pages.set('/', `<html><head><title>Pilots</title></head><body><main><h1>Pilots</h1><p>Stations of the pilots: ${link('/north')} ${link('/south')}</p></main></body></html>`);
    pages.set('/north', '<html><head><title>North</title></head><body><main><p>The northern station keeps two cutters ready at the skerries.</p></main></body></html>');
    pages.set('/south', '<html><head><title>South</title></head><body><main><p>The southern station closes when the estuary freezes.</p></main></body></html>');
    const source = await client.sources.create({ name: 'Pilots', definition: { type: 'website', url: `${siteUrl}/`, sitemap: 'skip' }, onMissing: 'delete' });
    const first = await client.waitForJob((await client.sources.run(source.id)).jobId);
    expect(first).toMatchObject({ state: 'succeeded', sourceId: source.id, counts: { total: 3, succeeded: 3, missing: 0 }, discovery: { state: 'finished', gaps: [] } });
    answers.length = 0;
    pages.set('/', `<html><head><title>Pilots</title></head><body><main><h1>Pilots</h1><p>The one station: ${link('/north')}</p></main></body></html>`);
    pages.delete('/south');
    const second = await client.waitForJob((await client.sources.run(source.id)).jobId);
    expect(second).toMatchObject({ state: 'succeeded', counts: { total: 2, succeeded: 2, unchanged: 1, missing: 1 } });
    expect(answers).toContain('/north 304');
    expect(await find(client, 'estuary freezes')).toEqual([]);
    expect(await find(client, 'cutters skerries')).toHaveLength(1);
  }, 120_000);
});

describe('ingestion within a request', () => {
  it('goes through the same stages without a workflow', async () => {
    const client = await stack.clientFor('inprocess');
    const document = await client.ingestInProcess({ text: 'The ferryman keeps a bell on either bank.' });
    expect(document).toMatchObject({ state: 'succeeded', outcome: 'created', chunks: 1 });
    expect(await find(client, 'ferryman bell')).toHaveLength(1);
  }, 60_000);
});
