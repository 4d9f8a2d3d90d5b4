import { setTimeout as sleep } from 'node:timers/promises';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import type { SearchReceipt } from '../../src/contracts/receipts.ts';
import type { SearchResponse } from '../../src/contracts/search.ts';
import { CatalystClient } from '../../src/sdk/client.ts';
import { changeIndex } from '../lifecycle/indexChange.ts';
import { startFullStack } from '../support/fullStack.ts';
import type { FullStack } from '../support/fullStack.ts';

let stack: FullStack;
let client: CatalystClient;
let platform: CatalystClient;
let receipt: SearchReceipt;
let then: SearchResponse;
const query = { query: 'harbour fees for visiting boats', limit: 20, passagesPerDocument: 5 };
const retention = { replacedVersionDays: 30, failedArtifactDays: 7, uploadDays: 30 };

beforeAll(async () => {
  stack = await startFullStack({ CATALYST_EMBEDDING_PROVIDER: 'stub', CATALYST_COMPACTION_LEAST_POINTS: '0' });
  client = await stack.clientFor('harbour');
  platform = new CatalystClient({ url: stack.apiUrl, token: await stack.tokenFor('platform', { roles: ['platform-admin'] }) });
}, 600_000);
afterAll(() => stack.stop(), 60_000);

async function ingest(documents: Readonly<Record<string, string>>): Promise<void> {
  const { jobId } = await client.ingest({ documents: Object.entries(documents).map(([id, text]) => ({ id, title: id, text })) });
  expect((await client.waitForJob(jobId)).state).toBe('succeeded');
}
const passages = ({ results }: SearchResponse): string[] => results.map(({ passage }) => passage.split('\n').at(-1) ?? '').sort();
const documentOf = (title: string): string => then.results.find(({ document }) => document.title === title)!.document.id;
const reasonsOf = async (replayed: SearchReceipt) => (await client.replaySearch(replayed)).reasons.map(({ code }) => code);

const fees = (year: number): string => `Harbour fees of ${year}: visiting boats pay ${year - 2000} a night.`;
const written = { fees: fees(2024), rules: 'Visiting boats moor at the north quay.', tides: 'Fees for boats follow the tides.' };

describe('time travel', () => {
  it('is refused before history begins, and for a time to come', async () => {
    await expect(client.search({ ...query, asOf: new Date(Date.now() - 1000).toISOString() })).rejects.toMatchObject({ code: 'AS_OF_TOO_EARLY', status: 422 });
    await expect(client.search({ ...query, asOf: '2999-01-01T00:00:00Z' })).rejects.toMatchObject({ code: 'INVALID_REQUEST' });
    await client.retention.set({ ...retention, searchableHistoryDays: 30 });
    await expect(client.search({ ...query, asOf: '2026-01-01T00:00:00Z' })).rejects.toMatchObject({ code: 'AS_OF_TOO_EARLY', detail: expect.stringMatching(/complete since 20/) as string });
  });

  it('finds what was visible then, after documents were replaced, added and relabelled', async () => {
    await ingest(written);
    then = await client.search({ ...query, receipt: true });
    receipt = then.receipt!;
    expect(passages(then)).toHaveLength(3);
    await ingest({ fees: fees(2025), added: 'More about harbour fees and visiting boats.' });
    await ingest({ fees: fees(2026), rules: 'Boats moor anywhere.' });
    const now = await client.search(query);
    expect(passages(now)).toEqual([fees(2026), written.tides, 'Boats moor anywhere.', 'More about harbour fees and visiting boats.'].sort());
    expect(now.asOf).toBeUndefined();
    const past = await client.search({ ...query, asOf: receipt.asOf });
    expect(past.asOf).toBe(receipt.asOf);
    expect(past.results.map(({ chunk, score, scores }) => [chunk.id, score, scores])).toEqual(then.results.map(({ chunk, score, scores }) => [chunk.id, score, scores]));
    expect((await client.search({ ...query, asOf: receipt.asOf })).cached).toBe(true);
    const debugged = await client.debugSearch({ ...query, asOf: receipt.asOf });
    expect(debugged.results.map(({ chunk }) => chunk.id)).toEqual(then.results.map(({ chunk }) => chunk.id));
    const similar = await client.searchSimilar({ documentId: documentOf('tides'), asOf: receipt.asOf });
    expect(passages(similar)).toEqual([fees(2024), written.rules].sort());
    const [answer] = (await client.searchBatch([{ ...query, asOf: receipt.asOf, facets: ['tier'] }])).answers;
    expect(answer).toMatchObject({ answer: { facets: { tier: [{ value: 'passage', count: 3 }] } } });
  });

  it('replays a receipt bit by bit, also after the index was made anew; an audit leaves history alone', async () => {
    expect(await client.replaySearch(receipt)).toEqual({ same: true, asOf: receipt.asOf, generation: { then: receipt.generation, now: receipt.generation }, reasons: [], differences: [] });
    const { id } = await client.consistency.audit({ deep: true, dryRun: false });
    expect(await client.consistency.waitFor(id)).toMatchObject({ state: 'finished', report: { found: {} } });
    // What the index lost of history an audit finds, and writes again.
    const { serving } = await platform.index.get();
    const lost = receipt.results.find(({ documentId }) => documentId === documentOf('rules'))!;
    const sent = await fetch(`${stack.environment['QDRANT_URL']}/collections/${serving}/points/delete?wait=true`, { method: 'POST', headers: { 'content-type': 'application/json' }, body: JSON.stringify({ points: [lost.chunkId] }) });
    expect(sent.ok).toBe(true);
    expect((await client.replaySearch(receipt)).same).toBe(false);
    const repair = await client.consistency.audit({ dryRun: false });
    expect(await client.consistency.waitFor(repair.id)).toMatchObject({ report: { found: { 'missing-point': 1 }, mended: { 'missing-point': 1 } } });
    expect((await client.replaySearch(receipt)).same).toBe(true);
    const { overview } = await changeIndex(platform, () => platform.index.compact({ force: true }), 120_000);
    const replayed = await client.replaySearch(JSON.parse(JSON.stringify(receipt)) as SearchReceipt);
    expect(replayed).toMatchObject({ same: true, generation: { then: receipt.generation, now: overview.serving } });
    expect(overview.serving).not.toBe(receipt.generation);
  }, 180_000);

  it('refuses receipts that were changed, and those of other tenants', async () => {
    const refused = { code: 'RECEIPT_REFUSED', status: 422 };
    await expect(client.replaySearch({ ...receipt, results: receipt.results.slice(1) })).rejects.toMatchObject(refused);
    await expect(client.replaySearch({ ...receipt, seal: receipt.seal.replace(/^../, '00') })).rejects.toMatchObject(refused);
    await expect((await stack.clientFor('stranger')).replaySearch(receipt)).rejects.toMatchObject(refused);
  });

  it('finds nothing that was erased, and shows nothing that the caller may not see today', async () => {
    await client.documents.setLabels([documentOf('rules')], ['crew']);
    expect(await reasonsOf(receipt)).toContain('unavailable');
    const crew = await stack.clientFor('harbour', ['crew']);
    expect((await crew.search({ ...query, asOf: receipt.asOf })).results).toHaveLength(3);
    const deletion = await client.deletions.create({ documents: [documentOf('fees')] });
    await client.deletions.wait(deletion.id);
    expect(passages(await client.search({ ...query, asOf: receipt.asOf }))).toEqual([written.tides]);
    const { same, differences } = await client.replaySearch(receipt);
    expect([same, differences.length]).toEqual([false, 3]);
  });

  it('ends with the history: sweeps take it out of the index, and what is earlier is refused', async () => {
    await client.retention.set({ ...retention, searchableHistoryDays: 0 });
    await expect(client.search({ ...query, asOf: receipt.asOf })).rejects.toMatchObject({ code: 'AS_OF_TOO_EARLY', detail: expect.stringMatching(/keeps no history/) as string });
    expect(await reasonsOf(receipt)).toContain('history');
    const { id } = await client.retention.sweep({ dryRun: false });
    expect((await client.retention.waitForSweep(id)).state).toBe('finished');
    await client.retention.set({ ...retention, searchableHistoryDays: 1 });
    await sleep(5);
    await expect(client.search({ ...query, asOf: receipt.asOf })).rejects.toMatchObject({ code: 'AS_OF_TOO_EARLY' });
    expect((await client.search({ ...query, asOf: new Date().toISOString() })).results.length).toBeGreaterThan(0);
  });
});
