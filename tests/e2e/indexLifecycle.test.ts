import { setTimeout as sleep } from 'node:timers/promises';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import type { IndexOverview } from '../../src/contracts/generations.ts';
import { CatalystClient } from '../../src/sdk/client.ts';
import { changeIndex } from '../lifecycle/indexChange.ts';
import { killWorker } from '../lifecycle/killWorker.ts';
import { LiveLoad } from '../lifecycle/liveLoad.ts';
import type { LoadReport } from '../lifecycle/liveLoad.ts';
import { startFullStack } from '../support/fullStack.ts';
import type { FullStack } from '../support/fullStack.ts';

let stack: FullStack;
let platform: CatalystClient;
let load: LiveLoad;
let other: LiveLoad;
const limitMs = 180_000;
const noLoss = { failedSearches: 0, failedWrites: 0, lostWrites: 0, examples: [] } satisfies Partial<LoadReport>;

beforeAll(async () => {
  stack = await startFullStack({ CATALYST_EMBEDDING_PROVIDER: 'stub', CATALYST_COMPACTION_LEAST_POINTS: '0', CATALYST_GENERATION_GRACE_MINUTES: '30', CATALYST_NEXT_EMBEDDING_PROVIDER: 'stub', CATALYST_NEXT_EMBEDDING_DIMENSION: '256', CATALYST_DEDICATED_TENANTS: 'gamma', CATALYST_NEXT_CHUNK_TOKENS: '64', CATALYST_NEXT_CHUNK_OVERLAP_TOKENS: '0' });
  platform = new CatalystClient({ url: stack.apiUrl, token: await stack.tokenFor('platform', { roles: ['platform-admin'] }) });
  load = new LiveLoad(await stack.clientFor('alpha'), 'alpha', 120);
  other = new LiveLoad(await stack.clientFor('beta'), 'beta', 30);
  await Promise.all([load.prepare(), other.prepare()]);
}, 600_000);
afterAll(() => stack.stop(), 60_000);

/** Without the collection that is one tenant's own. */
function ofAll({ generations, decisions }: IndexOverview): Pick<IndexOverview, 'generations' | 'decisions'> {
  return { generations: generations.filter(({ tenant }) => tenant === null), decisions: decisions.filter(({ tenant }) => tenant === null) };
}

/** Points of a collection by tenant, past the product. */
async function holdings(collection: string): Promise<string[]> {
  const response = await fetch(`${stack.environment['QDRANT_URL']}/collections/${collection}/facet`, { method: 'POST', headers: { 'content-type': 'application/json' }, body: JSON.stringify({ key: 'tenant', exact: true, limit: 100 }) });
  const { result } = (await response.json()) as { readonly result: { readonly hits: readonly { readonly value: string; readonly count: number }[] } };
  return result.hits.flatMap(({ value, count }) => (count > 0 ? [value] : [])).sort();
}

/** Of a document in a collection, past the product. */
async function pointsOf(collection: string, document: string): Promise<number> {
  const body = JSON.stringify({ filter: { must: [{ key: 'document', match: { value: document } }] }, exact: true });
  const response = await fetch(`${stack.environment['QDRANT_URL']}/collections/${collection}/points/count`, { method: 'POST', headers: { 'content-type': 'application/json' }, body });
  return ((await response.json()) as { readonly result: { readonly count: number } }).result.count;
}

/** Every point, artifact and record is as it should be. Writes go on meanwhile: what is being written is left alone. */
async function expectClean(client: CatalystClient): Promise<void> {
  const audit = await client.consistency.waitFor((await client.consistency.audit({ deep: true })).id);
  const faults: unknown[] = [];
  for await (const fault of client.consistency.listFaults(audit.id)) faults.push(fault);
  expect([audit.state, faults.slice(0, 3)]).toEqual(['finished', []]);
}

/** In how many passages a document of this text is ingested now. */
async function chunksOf(client: CatalystClient, text: string): Promise<number> {
  const { jobId } = await client.ingest({ documents: [{ id: `cut-${text.length}`, title: 'Cut', text }] });
  return (await client.waitForJob(jobId)).counts.chunks;
}

describe('a tenant that is to have a collection of its own', () => {
  it('moves there, back, forth, and home for good under live searches and writes', async () => {
    const gamma = new LiveLoad(await stack.clientFor('gamma'), 'gamma', 12);
    await gamma.prepare();
    gamma.start();
    const { serving: shared } = await platform.index.get();
    const moved = await changeIndex(platform, () => platform.index.compact({ tenant: 'gamma' }), limitMs, 'gamma');
    expect(moved.outcome).toMatchObject({ kind: 'compaction', decision: 'switched' });
    expect(moved.overview.placements).toMatchObject([{ tenant: 'gamma', own: true }]);
    expect(moved.overview.serving).toBe(shared);
    const own = moved.outcome.generation ?? '';
    expect([await holdings(own), await holdings(shared ?? '')]).toEqual([['gamma'], ['alpha', 'beta', 'gamma']]);
    const back = await changeIndex(platform, () => platform.index.rollBack({ tenant: 'gamma' }), limitMs, 'gamma');
    expect(back.overview.placements).toMatchObject([{ serving: shared, own: false }]);
    const forth = await changeIndex(platform, () => platform.index.rollBack({ tenant: 'gamma' }), limitMs, 'gamma');
    expect(forth.overview.placements).toMatchObject([{ serving: own, own: true }]);
    const home = await changeIndex(platform, () => platform.index.compact({ takeBack: ['gamma'] }), limitMs);
    expect(home.outcome).toMatchObject({ decision: 'switched' });
    expect(home.overview.placements).toMatchObject([{ serving: home.overview.serving, own: false }]);
    expect(await gamma.stop()).toMatchObject(noLoss);
    await expect(platform.index.compact({ tenant: 'alpha' })).rejects.toMatchObject({ code: 'CONFLICT' });
  }, limitMs + 60_000);
});

describe('the index under live searches and writes', () => {
  it('is made anew, and searched and written all the while', async () => {
    const { serving: blue } = await platform.index.get();
    load.start();
    const { outcome, overview } = await changeIndex(platform, () => platform.index.compact({ force: true }), limitMs);
    const [first, second] = await Promise.all([load.stop(), other.stop()]);
    expect(outcome).toMatchObject({ kind: 'compaction', decision: 'switched' });
    expect(overview.serving).not.toBe(blue);
    expect(ofAll(overview).generations.slice(0, 2)).toMatchObject([{ id: overview.serving, state: 'serving' }, { id: blue, state: 'retired' }]);
    expect(first).toMatchObject(noLoss);
    expect(second).toMatchObject(noLoss);
    expect(first.searches).toBeGreaterThan(20);
    expect(first.writes).toBeGreaterThan(120);
  }, limitMs + 60_000);

  it('goes back to the generation before, with all that was written since', async () => {
    const before = await platform.index.get();
    const client = await stack.clientFor('alpha');
    const since = new LiveLoad(client, 'since', 10);
    await since.prepare();
    since.start();
    const { outcome, overview, ms } = await changeIndex(platform, () => platform.index.rollBack(), limitMs);
    expect(await since.stop()).toMatchObject(noLoss);
    expect(outcome).toMatchObject({ kind: 'rollback', decision: 'switched' });
    expect(overview.serving).toBe(ofAll(before).generations.find(({ state }) => state === 'retired')?.id);
    console.log(`ms from the request until the generation before served: ${Math.round(ms)}`);
    expect(ms).toBeLessThan(60_000);
    expect(await load.stop()).toMatchObject({ lostWrites: 0 });
  }, limitMs + 60_000);

  it('is made anew where its worker is killed on the way', async () => {
    const client = await stack.clientFor('alpha');
    const killed = new LiveLoad(client, 'killed', 10);
    await killed.prepare();
    killed.start();
    const changing = changeIndex(platform, () => platform.index.compact({ force: true }), limitMs);
    for (let kill = 0; kill < 2; kill += 1) {
      await sleep(400);
      killWorker(stack);
    }
    const { outcome, overview } = await changing;
    expect(await killed.stop()).toMatchObject(noLoss);
    expect(outcome).toMatchObject({ kind: 'compaction', decision: 'switched' });
    // Taken up where it was: no second one was begun, after that which took a tenant back and the first. A worker that is killed just after it
    // has begun one does not tell so: the next one takes it up.
    expect(ofAll(overview).decisions.filter(({ decision }) => decision === 'begun').length).toBeLessThanOrEqual(3);
    expect(ofAll(overview).generations.filter(({ reason }) => reason.startsWith('Compaction'))).toHaveLength(3);
  }, limitMs + 60_000);

  it('says why there is nothing to do', async () => {
    // What was replaced while the generation was being made counts as removed from it: one that nobody wrote to meanwhile has nothing removed.
    await changeIndex(platform, () => platform.index.compact({ force: true }), limitMs);
    const { outcome } = await changeIndex(platform, () => platform.index.compact(), limitMs);
    expect(outcome).toMatchObject({ decision: 'nothing to do', by: 'tester' });
    expect(outcome.because[0]).toMatch(/of all points were deleted or replaced; the threshold is 5 %/);
  }, limitMs + 60_000);

  it('is compared with exact search, each collection that serves', async () => {
    await platform.schedules.run('recall');
    const serving = async () => (await platform.index.get()).generations.filter(({ state }) => state === 'serving');
    await expect.poll(async () => (await serving()).map(({ recall }) => recall?.recall), { timeout: 60_000, interval: 500 }).toEqual((await serving()).map(() => 1));
    expect((await serving()).map(({ settings }) => settings)).toEqual((await serving()).map(() => expect.objectContaining({ quantisation: 'none', exactPoints: 10_000, because: expect.any(Array) as unknown }) as unknown));
  }, 90_000);

  it('is cut by another chunker, and searched and written all the while, back and forth, and stays so when it is made anew', async () => {
    const approved = { recut: true, maximumTokens: 10_000_000, gates: { qualityLoss: 1, latencyFactor: 100 } };
    const client = await stack.clientFor('alpha');
    const tail = Array.from({ length: 30 }, (_, place) => ` At stop ${place} the captain writes the weather, the tide and the number of passengers into a book that nobody reads.`).join('');
    const live = new LiveLoad(client, 'recut', 10, tail);
    await live.prepare();
    const before = await platform.index.get();
    live.start();
    const estimated = await changeIndex(platform, () => platform.index.reindex({ recut: true }), limitMs);
    expect(estimated.outcome).toMatchObject({ decision: 'estimated', because: [expect.stringContaining('passages of up to 64 tokens'), expect.anything()] });
    const { outcome, overview } = await changeIndex(platform, () => platform.index.reindex(approved), limitMs);
    expect(outcome).toMatchObject({ kind: 'reindex', decision: 'switched' });
    const servingOf = ({ generations }: IndexOverview, { serving }: IndexOverview) => generations.find(({ id }) => id === serving);
    const [blue, green] = [servingOf(overview, before), servingOf(overview, overview)];
    expect([blue?.recut, green?.recut?.chunker, green?.contract]).toEqual([null, { version: expect.any(String) as unknown, maximumTokens: 64, overlapTokens: 0 }, blue?.contract]);
    expect(overview.statistics?.points).toBeGreaterThan((before.statistics?.points ?? 0) + 10 * 4);
    await expectClean(client);
    expect(await chunksOf(client, tail)).toBeGreaterThan(5);

    await changeIndex(platform, () => platform.index.rollBack(), limitMs);
    expect((await platform.index.get()).serving).toBe(blue?.id);
    await expectClean(client);
    expect(await chunksOf(client, `${tail} And so on.`)).toBeLessThan(5);
    await changeIndex(platform, () => platform.index.rollBack(), limitMs);
    expect((await platform.index.get()).serving).toBe(green?.id);
    await expectClean(client);

    const anew = await changeIndex(platform, () => platform.index.compact({ force: true }), limitMs);
    expect(servingOf(anew.overview, anew.overview)).toMatchObject({ recut: green?.recut, tokens: 0 });
    expect(await live.stop()).toMatchObject(noLoss);
    await expectClean(client);
  }, 3 * limitMs);

  it('is changed to another model, and searched and written all the while, and changed back', async () => {
    const approved = { maximumTokens: 10_000_000, gates: { qualityLoss: 1, latencyFactor: 100 } };
    const before = await platform.index.get();
    const client = await stack.clientFor('alpha');
    const live = new LiveLoad(client, 'reindexed', 10);
    await live.prepare();
    live.start();
    await platform.tenants.change('beta', { policy: { models: { embedding: ['another'], rerank: null } } });
    const forbidden = await changeIndex(platform, () => platform.index.reindex(approved), limitMs);
    expect(forbidden.outcome).toMatchObject({ kind: 'reindex', decision: 'nothing to do', because: [expect.stringContaining('beta')] });
    await platform.tenants.change('beta', { policy: {} });
    const estimated = await changeIndex(platform, () => platform.index.reindex(), limitMs);
    expect(estimated.outcome).toMatchObject({ kind: 'reindex', decision: 'estimated', generation: null });
    const refused = await changeIndex(platform, () => platform.index.reindex({ maximumTokens: 1 }), limitMs);
    expect(refused.outcome).toMatchObject({ decision: 'estimated' });
    const { outcome, overview } = await changeIndex(platform, () => platform.index.reindex(approved), limitMs);
    expect(outcome).toMatchObject({ kind: 'reindex', decision: 'switched' });
    const now = overview.generations.find(({ id }) => id === overview.serving);
    expect(now?.contract.dimension).toBe(256);
    expect(now?.tokens).toBeGreaterThan(1_000);
    expect(now?.expectedDocuments).toBeGreaterThan(100);
    expect([now?.filledDocuments, now?.doneBy]).toEqual([expect.any(Number), null]);
    const judged = overview.decisions.find(({ decision }) => decision === 'judged');
    expect(judged?.report).toMatchObject({ passed: true });
    expect(judged?.report?.foundAgain.probes).toBeGreaterThan(20);
    await changeIndex(platform, () => platform.index.rollBack(), limitMs);
    expect((await platform.index.get()).serving).toBe(before.serving);
    await changeIndex(platform, () => platform.index.rollBack(), limitMs);
    expect((await platform.index.get()).serving).toBe(now?.id);
    expect(await live.stop()).toMatchObject(noLoss);
  }, 3 * limitMs);

  it('does not serve by another model that is worse than the gates allow', async () => {
    const { serving } = await platform.index.get();
    const [known] = (await (await stack.clientFor('alpha')).search({ query: 'ferry', limit: 1 })).results;
    const smoke = [{ tenant: 'alpha', query: 'words that nothing holds', relevant: [known?.document.id ?? ''] }];
    const { outcome, overview } = await changeIndex(platform, () => platform.index.reindex({ maximumTokens: 10_000_000, gates: { overlap: 1, latencyFactor: 100 }, smoke }), limitMs);
    expect(outcome).toMatchObject({ kind: 'reindex', decision: 'stopped', report: { passed: false } });
    expect(overview.serving).toBe(serving);
    // What is deleted leaves the generation that waits, too.
    const waiting = outcome.generation ?? '';
    expect(await pointsOf(waiting, known?.document.id ?? '')).toBeGreaterThan(0);
    const client = await stack.clientFor('alpha');
    await client.deletions.wait((await client.documents.delete(known?.document.id ?? '')).id);
    expect(await pointsOf(waiting, known?.document.id ?? '')).toBe(0);
    const given = await changeIndex(platform, () => platform.index.reindex({ giveUp: true }), limitMs);
    expect(given.outcome).toMatchObject({ kind: 'reindex', decision: 'abandoned', generation: waiting });
    await expect.poll(async () => (await platform.index.get()).generations.find(({ id }) => id === waiting)?.state, { timeout: 60_000, interval: 500 }).toBe('dropped');
  }, 2 * limitMs);

  it('is nobody’s but the platform’s', async () => {
    const tenant = await stack.clientFor('alpha');
    for (const call of [() => tenant.index.get(), () => tenant.index.compact(), () => tenant.index.rollBack()]) await expect(call()).rejects.toMatchObject({ code: 'SCOPE_MISSING' });
  });
});
