import { setTimeout as sleep } from 'node:timers/promises';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { createGenerationRegistry } from '../../../src/adapters/postgres/generations/generationRegistry.ts';
import { createSearchHistory } from '../../../src/adapters/postgres/history/searchHistory.ts';
import { createSweepRegistry } from '../../../src/adapters/postgres/sweeps/sweepRegistry.ts';
import { createWorkOutbox } from '../../../src/adapters/postgres/workOutbox.ts';
import { createLabelling } from '../../../src/api/documents/labelling.ts';
import { documentIdOf } from '../../../src/contracts/identifiers.ts';
import { retentionPolicySchema } from '../../../src/contracts/sweeps.ts';
import type { RetentionPolicy } from '../../../src/contracts/sweeps.ts';
import type { SearchHistory } from '../../../src/ports/searchHistory.ts';
import { unitVector } from '../index/points.ts';
import { carryOut } from './carryOut.ts';
import { openShelf } from './shelf.ts';
import type { Ingestion, Shelf } from './shelf.ts';

let shelf: Shelf;
let history: SearchHistory;
beforeAll(async () => {
  shelf = await openShelf();
  history = createSearchHistory(shelf.database);
}, 600_000);
afterAll(() => shelf.close());

const keeping = (searchableHistoryDays: number): RetentionPolicy => retentionPolicySchema.parse({ searchableHistoryDays });
const retain = (tenant: string, days: number) => createSweepRegistry(shelf.database).writeRetention(tenant, keeping(days));
const holding = (tenant: string, ...policies: string[]) => ({ tenant, subject: 'ada', roles: [], policies });
const write = (tenant: string, key: string, text: string, policies: string[] = []): Promise<Ingestion> => shelf.ingest(tenant, [{ key, text }], (specification) => ({ ...specification, policies }));
const versionOf = ({ progress }: Ingestion): string => progress[0]!.versionId;
const release = (tenant: string, inDays: number) =>
  createSweepRegistry(shelf.database, { now: () => new Date(Date.now() + inDays * 86_400_000) }).releaseHistory(tenant, (versions) => shelf.index.deleteKept(tenant, versions));

/** Versions that a search as of a time, or of now, finds for one who holds these labels. */
async function found(tenant: string, asOf?: number, ...policies: string[]): Promise<string[]> {
  const principal = holding(tenant, ...policies);
  const { dense } = await shelf.index.queryLegs(principal, asOf === undefined ? {} : { asOf }, { dense: unitVector(1), limit: 1000 });
  const payloads = await shelf.index.retrieve(principal, (dense ?? []).map(({ id }) => id), undefined, asOf);
  return [...new Set([...payloads.values()].map(({ version }) => version))].sort();
}

async function now(tenant: string): Promise<number> {
  return (await history.read(tenant)).moment;
}

describe('history', () => {
  it('begins when it is first asked for, and reaches back no farther than it is kept', async () => {
    const tenant = 'begins';
    expect(await history.read(tenant)).toMatchObject({ since: null });
    await retain(tenant, 0);
    expect((await history.read(tenant)).since).toBeNull();
    const before = await now(tenant);
    await retain(tenant, 10);
    const { since } = await history.read(tenant);
    expect(since).toBeGreaterThanOrEqual(before);
    await retain(tenant, 20);
    expect((await history.read(tenant)).since).toBe(since);
    await shelf.database.withTenant(tenant, (transaction) => transaction.updateTable('retention_policies').set({ history_since: new Date(0) }).where('tenant', '=', tenant).execute());
    const { moment, since: bounded } = await history.read(tenant);
    expect(moment - bounded!).toBe(20 * 86_400_000);
    // What was kept for a shorter time is not there for having been asked for longer.
    await retain(tenant, 5);
    await retain(tenant, 20);
    const again = await history.read(tenant);
    expect(again.moment - again.since!).toBeLessThan(5 * 86_400_000 + 60_000);
    await retain(tenant, 0);
    expect((await history.read(tenant)).since).toBeNull();
  });

  it('finds at each time the versions of then; a publication that is taken again changes none of it', async () => {
    const tenant = 'versions';
    await retain(tenant, 30);
    const times: number[] = [await now(tenant)];
    const versions: string[] = [];
    for (const text of ['one', 'two', 'three']) {
      const ingestion = await write(tenant, 'a', text);
      await shelf.documents.publish(tenant, [requestOf(ingestion)], (winners, _superseded, kept) => shelf.index.publish(tenant, winners, kept));
      versions.push(versionOf(ingestion));
      times.push(await now(tenant));
    }
    const other = await write(tenant, 'b', 'other');
    expect(await found(tenant, times[0])).toEqual([]);
    for (const [place, version] of versions.entries()) expect(await found(tenant, times[place + 1])).toEqual([version]);
    expect(await found(tenant)).toEqual([versions[2]!, versionOf(other)].sort());
    // Each ends as the next begins.
    const { versions: told } = (await shelf.library.history(tenant, documentIdOf(tenant, 'a')))!;
    const ordered = [...told].sort((left, right) => left.sequence - right.sequence);
    expect(ordered[0]!.replacedAt).toBe(ordered[1]!.publishedAt);
    expect(ordered[1]!.replacedAt).toBe(ordered[2]!.publishedAt);
    for (const asOf of [Date.parse(ordered[1]!.publishedAt), Date.parse(ordered[2]!.publishedAt) - 1]) expect(await found(tenant, asOf)).toEqual([versions[1]]);
  });

  it('is the same in the registry, by which generations are filled', async () => {
    const tenant = 'parity';
    await retain(tenant, 30);
    const generations = createGenerationRegistry(shelf.database);
    const first = await write(tenant, 'a', 'one', ['x']);
    await write(tenant, 'a', 'two', ['y']);
    await write(tenant, 'b', 'one');
    const kept = await generations.findKept(tenant, [documentIdOf(tenant, 'a'), documentIdOf(tenant, 'b')]);
    const [visible] = await generations.findDocuments(tenant, [documentIdOf(tenant, 'a')]);
    expect(kept).toMatchObject([{ versionId: versionOf(first), chunks: 2, policies: ['x', 'y'], replacedAt: visible!.publishedAt }]);
    expect(visible!.replacedAt).toBeNull();
    expect(Object.keys(kept[0]!.artifacts).sort()).toEqual(['chunks', 'manifest', 'vectors']);
    expect(await generations.sumDocuments(tenant, null)).toMatchObject({ documents: 2, points: 6 });
    // What stays in the index is not counted as removed from it.
    const removed = await generations.countRemoved(new Date(0), { tenant, excluded: [] });
    await write(tenant, 'b', 'two');
    expect(await generations.countRemoved(new Date(0), { tenant, excluded: [] })).toBe(removed);
    await retain(tenant, 0);
    await release(tenant, 0);
    expect(await generations.countRemoved(new Date(0), { tenant, excluded: [] })).toBe(removed + 4);
    expect(await generations.sumDocuments(tenant, null)).toMatchObject({ documents: 2, points: 4 });
    expect(await generations.findKept(tenant, [documentIdOf(tenant, 'a')])).toEqual([]);
  });

  it('is open to no more than document and version are', async () => {
    const tenant = 'labels';
    await retain(tenant, 30);
    const first = await write(tenant, 'a', 'one', ['x']);
    const asOf = await now(tenant);
    await write(tenant, 'a', 'two', ['y']);
    const seenBy = async (...policies: string[]) => (await found(tenant, asOf, ...policies)).length;
    expect([await seenBy('x'), await seenBy('y'), await seenBy('x', 'y')]).toEqual([0, 0, 1]);
    await write(tenant, 'a', 'three', []);
    expect([await seenBy(), await seenBy('x')]).toEqual([0, 1]);
    const labelling = createLabelling({ labels: shelf.labels, index: shelf.index, outbox: createWorkOutbox(shelf.database), emit: () => undefined });
    await labelling.change(holding(tenant), [documentIdOf(tenant, 'a')], ['z']);
    expect([await seenBy('x'), await seenBy('z')]).toEqual([0, 1]);
    await labelling.change(holding(tenant, 'z'), [documentIdOf(tenant, 'a')], null);
    expect([await seenBy(), await seenBy('x')]).toEqual([0, 1]);
    expect(await found(tenant, asOf, 'x')).toEqual([versionOf(first)]);
  });

  it('does not outlive a deletion; a document that comes back begins anew', async () => {
    const tenant = 'deleted';
    await retain(tenant, 30);
    await write(tenant, 'a', 'one');
    const asOf = await now(tenant);
    await write(tenant, 'a', 'two');
    await write(tenant, 'b', 'stays');
    expect(await found(tenant, asOf)).toHaveLength(1);
    await carryOut(shelf, tenant, { documents: [documentIdOf(tenant, 'a')] });
    expect(await found(tenant, asOf)).toEqual([]);
    await write(tenant, 'a', 'three');
    expect(await found(tenant, asOf)).toEqual([]);
    const generations = createGenerationRegistry(shelf.database);
    expect(await generations.findKept(tenant, [documentIdOf(tenant, 'a')])).toEqual([]);
    expect((await generations.sumDocuments(tenant, null)).points).toBe(await shelf.index.countTenant(tenant));
  });

  it('is given up as it becomes too old, and at once where none is kept; then publications keep nothing', async () => {
    const tenant = 'released';
    await retain(tenant, 10);
    const first = await write(tenant, 'a', 'one');
    const asOf = await now(tenant);
    await write(tenant, 'a', 'two');
    expect(await release(tenant, 9)).toBe(0);
    expect(await found(tenant, asOf)).toEqual([versionOf(first)]);
    expect(await release(tenant, 11)).toBe(1);
    expect(await release(tenant, 11)).toBe(0);
    expect(await found(tenant, asOf)).toEqual([]);
    const second = await now(tenant);
    await write(tenant, 'a', 'three');
    expect(await found(tenant, second)).toHaveLength(1);
    await retain(tenant, 0);
    await write(tenant, 'a', 'four');
    expect(await found(tenant, second)).toEqual([]);
    expect(await release(tenant, 0)).toBe(0);
    expect((await createGenerationRegistry(shelf.database).sumDocuments(tenant, null)).points).toBe(2);
  });

  it('begins anew where an index takes over that holds none', async () => {
    const tenant = 'anew';
    await retain(tenant, 10);
    await write(tenant, 'a', 'one');
    await write(tenant, 'a', 'two');
    const generations = createGenerationRegistry(shelf.database);
    expect((await generations.sumDocuments(tenant, null)).points).toBe(4);
    const before = await now(tenant);
    await generations.beginHistoryAnew(tenant);
    expect((await generations.sumDocuments(tenant, null)).points).toBe(2);
    expect((await history.read(tenant)).since).toBeGreaterThanOrEqual(before);
    await generations.beginHistoryAnew('never-kept-any');
    expect((await history.read('never-kept-any')).since).toBeNull();
  });

  it('that the operator had bounded does not come back with the bound', async () => {
    const tenant = 'bounded-history';
    await retain(tenant, 10);
    await write(tenant, 'a', 'one');
    await write(tenant, 'a', 'two');
    expect(await release(tenant, 30)).toBe(1);
    const { moment, since } = await history.read(tenant);
    expect(since).toBeGreaterThan(moment);
  });

  it('of a moment waits for the publications that have begun, and for no other tenant', async () => {
    const tenant = 'waits';
    await retain(tenant, 30);
    const ingestion = await shelf.accept(tenant, [{ key: 'a', text: 'one' }]);
    await shelf.acquire(tenant, ingestion);
    await shelf.make(tenant, ingestion);
    await shelf.write(tenant, ingestion);
    let end: () => void = () => undefined;
    let begun: () => void = () => undefined;
    const hasBegun = new Promise<void>((resolve) => (begun = resolve));
    const ended = new Promise<void>((resolve) => (end = resolve));
    const publishing = shelf.documents.publish(tenant, [requestOf(ingestion)], async (winners, _superseded, kept) => {
      begun();
      await ended;
      await shelf.index.publish(tenant, winners, kept);
    });
    await hasBegun;
    let moment = 0;
    const reading = history.read(tenant).then((state) => (moment = state.moment));
    await history.read('begins');
    await sleep(200);
    expect(moment).toBe(0);
    end();
    await publishing;
    expect(await found(tenant, await reading)).toEqual([versionOf(ingestion)]);
  });
});

function requestOf({ jobId, specifications, progress }: Ingestion) {
  const { documentId, versionId, versionDigest, sequence, raw, text, chunks, vectors, manifest } = progress[0] as unknown as Parameters<Shelf['documents']['publish']>[1][number] & Parameters<Shelf['documents']['publish']>[1][number]['artifacts'];
  const { sourceKey, source } = specifications[0]!;
  return { documentId, versionId, versionDigest, sequence, jobId, chunks: 2, pages: null, title: '', sourceKey, source, sourceId: null, parentId: null, policies: [], tokens: 1, fetched: null, artifacts: { raw, text, chunks, vectors, manifest } };
}
