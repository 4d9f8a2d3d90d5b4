import { openAsBlob } from 'node:fs';
import { createServer } from 'node:http';
import type { Server } from 'node:http';
import type { AddressInfo } from 'node:net';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import type { JobDocument } from '../../src/contracts/jobs.ts';
import type { CatalystClient, DocumentInput } from '../../src/sdk/client.ts';
import { startFullStack } from '../support/fullStack.ts';
import type { FullStack } from '../support/fullStack.ts';

let stack: FullStack;
let site: Server;
let siteUrl: string;

const page = `<!doctype html><html lang="en"><head><title>Ferry timetable</title></head><body><nav>Menu</nav>
<main><h1>Ferry timetable</h1><p>The ferry to Heron Island leaves at seven in the morning and returns at dusk.</p>
<h2>Fares</h2><table><tr><th>Passenger</th><th>Fare</th></tr><tr><td>Adult</td><td>12 crowns</td></tr><tr><td>Child</td><td>5 crowns</td></tr></table>
<p>Bicycles travel free of charge on weekdays; on Sundays they cost two crowns each.</p></main></body></html>`;

beforeAll(async () => {
  site = createServer((request, response) => {
    if (request.url === '/robots.txt') response.writeHead(404).end();
    else if (request.url === '/ferry') response.writeHead(200, { 'content-type': 'text/html; charset=utf-8' }).end(page);
    else if (request.url === '/moved') response.writeHead(302, { location: '/ferry' }).end();
    else if (request.url === '/error') response.writeHead(403).end('no');
    else response.writeHead(404).end('not here');
  });
  await new Promise<void>((resolve) => site.listen(0, '127.0.0.1', resolve));
  siteUrl = `http://127.0.0.1:${(site.address() as AddressInfo).port}`;
  stack = await startFullStack();
}, 600_000);

afterAll(async () => {
  site.close();
  await (stack as FullStack | undefined)?.stop();
}, 60_000);

async function ingest(client: CatalystClient, documents: readonly DocumentInput[]) {
  const accepted = await client.ingest({ documents });
  const job = await client.waitForJob(accepted.jobId);
  const results: JobDocument[] = [];
  for await (const document of client.listJobDocuments(accepted.jobId)) results.push(document);
  return { accepted, job, results };
}

describe('the main job', () => {
  it('takes text, Markdown, HTML, PDF, DOCX and pages in, and finds what is in them', async () => {
    const client = await stack.clientFor('main');
    const pdf = await client.upload(await fixture('heat-pumps.pdf'), { fileName: 'heat-pumps.pdf', mediaType: 'application/pdf' });
    const docx = await client.upload(await fixture('leave-policy.docx'), { fileName: 'leave-policy.docx' });
    const { job, results } = await ingest(client, [
      { id: 'bees', title: 'Keeping bees', text: 'A hive needs a water source within two hundred metres.\n\nSwarming happens in May when the colony has outgrown its space.', tags: ['animals'], metadata: { year: 2024, region: 'north' } },
      { id: 'kiln', text: '# Kiln log\n\nThe glaze crazed after cooling too fast.\n\n## Settings\n\n```\nramp 120 hold 1240\n```\n', mediaType: 'text/markdown', metadata: { year: 2020 } },
      { id: 'tides', text: '<html><body><h1>Tides</h1><p>Spring tides follow the new moon by about two days in this harbour.</p></body></html>', mediaType: 'text/html' },
      { uploadId: pdf.id },
      { uploadId: docx.id },
      { url: `${siteUrl}/ferry` },
    ]);
    expect(results.filter((result) => result.failure !== null)).toEqual([]);
    expect(job).toMatchObject({ state: 'succeeded', counts: { total: 6, succeeded: 6, failed: 0 } });
    expect(results.every((result) => result.outcome === 'created' && (result.chunks ?? 0) > 0)).toBe(true);

    const bees = await client.search({ query: 'when do colonies swarm?' });
    expect(bees.results[0]).toMatchObject({ document: { title: 'Keeping bees', tags: ['animals'], metadata: { year: 2024 } } });
    expect(bees.results[0]?.passage).toContain('Swarming happens in May');

    const fares = await client.search({ query: 'how much is the ferry for a child', explain: true });
    const best = fares.results[0];
    expect(best?.document).toMatchObject({ title: 'Ferry timetable', source: { type: 'url', location: `${siteUrl}/ferry` } });
    expect(best?.passage).toMatch(/Child \| 5 crowns/);
    expect(best?.highlights.map(({ start, end }) => best.passage.slice(start, end).toLowerCase())).toContain('child');
    expect(best?.scores.dense).not.toBeNull();
    expect(best?.scores.sparse).not.toBeNull();
    expect(best?.explanation?.length).toBeGreaterThan(0);

    const compressor = (await client.search({ query: 'refrigerant compressor efficiency', limit: 1 })).results[0];
    expect(compressor?.document.title).toBe('Heat pumps in old houses');
    expect([compressor?.chunk.page, compressor?.chunk.pageEnd]).toContain(2);
    expect((await client.search({ query: 'parental leave weeks', limit: 1 })).results[0]?.document.source).toEqual({ type: 'upload', location: 'leave-policy.docx' });
    for (const mode of ['dense', 'sparse'] as const) {
      expect((await client.search({ query: 'glaze crazed cooling', mode, limit: 1 })).results[0]?.chunk.headings).toEqual(['Kiln log']);
    }
  }, 120_000);

  it('filters by tags, metadata, ranges, source and tier', async () => {
    const client = await stack.clientFor('main');
    const titles = async (filters: NonNullable<Parameters<CatalystClient['search']>[0]['filters']>) =>
      (await client.search({ query: 'the hive, the glaze, the tides', filters, limit: 20 })).results.map((result) => result.document.source.location);
    expect(new Set(await titles({ tags: ['animals'] }))).toEqual(new Set(['bees']));
    expect(new Set(await titles({ metadata: { year: { gte: 2020, lt: 2024 } } }))).toEqual(new Set(['kiln']));
    expect(new Set(await titles({ metadata: { region: ['north', 'south'] } }))).toEqual(new Set(['bees']));
    expect(new Set(await titles({ source: { type: 'url' } }))).toEqual(new Set([`${siteUrl}/ferry`]));
    expect(await titles({ ingestedAt: { to: '2020-01-01T00:00:00Z' } })).toEqual([]);
  });

  it('does no work for the same content and says so', async () => {
    const client = await stack.clientFor('again');
    const documents: DocumentInput[] = [{ text: 'The lighthouse keeper polishes the lens each Thursday.' }, { url: `${siteUrl}/ferry` }];
    const first = await ingest(client, documents);
    const before = await embeddedTexts();
    const second = await ingest(client, documents);
    expect(second.job).toMatchObject({ state: 'succeeded', counts: { unchanged: 2 } });
    expect(second.results.map((result) => [result.outcome, result.versionId])).toEqual(first.results.map((result) => ['unchanged', result.versionId]));
    expect(await embeddedTexts()).toBe(before);
  }, 60_000);

  it('fills the index again where it was lost, without embedding anything anew', async () => {
    const client = await stack.clientFor('lost');
    const documents: DocumentInput[] = [{ id: 'cellar', text: 'The cellar floods when the river rises above four metres.' }];
    await ingest(client, documents);
    await fetch(`${stack.environment['QDRANT_URL']}/collections/catalyst/points/delete?wait=true`, {
      method: 'POST',
      headers: { 'content-type': 'application/json' },
      body: JSON.stringify({ filter: { must: [{ key: 'tenant', match: { value: 'lost' } }] } }),
    });
    expect((await client.search({ query: 'cellar floods' })).results).toEqual([]);
    const before = await embeddedTexts();
    expect((await ingest(client, documents)).job).toMatchObject({ state: 'succeeded', counts: { unchanged: 0 } });
    expect((await client.search({ query: 'cellar floods' })).results).toHaveLength(1);
    expect(await embeddedTexts()).toBe(before);
  }, 60_000);

  it('shows a changed document at once and its old version never again', async () => {
    const client = await stack.clientFor('change');
    await ingest(client, [{ id: 'menu', text: 'Today the canteen serves lentil soup.' }]);
    const changed = await ingest(client, [{ id: 'menu', text: 'Today the canteen serves pumpkin risotto.' }]);
    expect(changed.results[0]?.outcome).toBe('updated');
    const { results } = await client.search({ query: 'lentil soup', mode: 'sparse' });
    expect(results.filter((result) => result.passage.includes('lentil'))).toEqual([]);
    const found = await client.search({ query: 'what does the canteen serve', limit: 10 });
    expect(found.results.map((result) => result.passage)).toEqual(['Today the canteen serves pumpkin risotto.']);
    // Back to the first content is a new version again.
    await ingest(client, [{ id: 'menu', text: 'Today the canteen serves lentil soup.' }]);
    expect((await client.search({ query: 'canteen' })).results.map((result) => result.passage)).toEqual(['Today the canteen serves lentil soup.']);
  }, 60_000);

  it('lets bad documents fail alone, each with its code, sentence and remedy', async () => {
    const client = await stack.clientFor('bad');
    const upload = async (name: string, content: string | Blob | Uint8Array<ArrayBuffer>) => ({ uploadId: (await client.upload(content instanceof Blob ? content : new Blob([content]), { fileName: name })).id });
    const { job, results } = await ingest(client, [
      { text: 'A good document about otters in the estuary.' },
      await upload('blank.txt', '   \n\t\n '),
      await upload('broken.pdf', '%PDF-1.7\nthis is not a pdf at all'),
      await upload('locked.pdf', await fixture('locked.pdf')),
      await upload('program.exe', Uint8Array.from([0x4d, 0x5a, 0x90, 0, 3, 0, 0, 0, 4, 0, 0, 0, 0xff, 0xff, 0, 0])),
      await upload('junk.pdf', 'junk'),
      await upload('broken.docx', Uint8Array.from([0x50, 0x4b, 3, 4, 20, 0, 0, 0])),
      { url: `${siteUrl}/missing` },
      { url: `${siteUrl}/error` },
    ]);
    expect(job).toMatchObject({ state: 'partial', counts: { succeeded: 1, failed: 8 } });
    expect(results.map((result) => result.failure?.code ?? result.state)).toEqual([
      'succeeded', 'EMPTY_DOCUMENT', 'CORRUPT_DOCUMENT', 'PASSWORD_PROTECTED', 'UNSUPPORTED_TYPE', 'CORRUPT_DOCUMENT', expect.stringMatching(/CORRUPT_DOCUMENT|UNSUPPORTED_TYPE/), 'FETCH_NOT_FOUND', 'FETCH_REFUSED',
    ]);
    for (const { failure } of results.slice(1)) {
      expect(failure?.message).toMatch(/^[A-Z“"h].{15,}\.$/s);
      expect(failure?.remedy.length).toBeGreaterThan(20);
    }
    expect(job.failures.reduce((sum, failure) => sum + failure.count, 0)).toBe(8);
    expect((await client.search({ query: 'otters' })).results).toHaveLength(1);
  }, 60_000);

  it('keeps tenants and policies apart', async () => {
    const owner = await stack.clientFor('owner');
    const { accepted, results } = await ingest(owner, [{ id: 'secret', text: 'The vault combination is written behind the portrait.', policies: ['board'] }, { id: 'open', text: 'The vault is cleaned on Mondays.' }]);
    const stranger = await stack.clientFor('stranger', ['board']);
    expect((await stranger.search({ query: 'vault combination portrait' })).results).toEqual([]);
    await expect(stranger.getJob(accepted.jobId)).rejects.toMatchObject({ status: 404 });
    expect((await stranger.search({ query: 'vault', filters: { documents: results.map((result) => result.documentId) } })).results).toEqual([]);
    expect((await owner.search({ query: 'vault combination portrait' })).results.map((result) => result.document.source.location)).toEqual(['open']);
    const member = await stack.clientFor('owner', ['board']);
    expect((await member.search({ query: 'vault combination portrait' })).results[0]?.document.source.location).toBe('secret');
  }, 60_000);

  it('ingests a thousand documents of one request in slices', async () => {
    const client = await stack.clientFor('many');
    const documents = Array.from({ length: 1000 }, (_, number) => ({ id: `note-${number}`, text: `Note ${number}.` }));
    const { job } = await ingest(client, documents);
    expect(job).toMatchObject({ state: 'succeeded', counts: { total: 1000, succeeded: 1000, chunks: 1000 } });
  }, 120_000);
});

const fixture = (name: string) => openAsBlob(new URL(`../fixtures/${name}`, import.meta.url));

async function embeddedTexts(): Promise<number> {
  const response = await fetch(`http://127.0.0.1:${stack.settings.ports.workerMetrics}/metrics`);
  return Number(/^catalyst_embedded_texts_total\S* (\d+)/m.exec(await response.text())?.[1] ?? 0);
}
