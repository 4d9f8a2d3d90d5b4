import { sql } from 'kysely';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { createLabelRegistry } from '../../../src/adapters/postgres/documents/labelRegistry.ts';
import { createLibrary } from '../../../src/adapters/postgres/documents/library.ts';
import { createIndexEpoch } from '../../../src/adapters/postgres/epochs/indexEpoch.ts';
import { createWorkOutbox } from '../../../src/adapters/postgres/workOutbox.ts';
import { createLabelling } from '../../../src/api/documents/labelling.ts';
import type { Labelling } from '../../../src/api/documents/labelling.ts';
import { CatalystError } from '../../../src/contracts/errors.ts';
import { documentIdOf, newIdentifier } from '../../../src/contracts/identifiers.ts';
import type { Principal } from '../../../src/contracts/principal.ts';
import type { PendingWork } from '../../../src/ports/workOutbox.ts';
import type { VectorIndex } from '../../../src/ports/vectorIndex.ts';
import { unitVector } from '../index/points.ts';
import { carryOut } from './carryOut.ts';
import { openShelf } from './shelf.ts';
import type { Shelf } from './shelf.ts';

let shelf: Shelf;
beforeAll(async () => void (shelf = await openShelf()), 600_000);
afterAll(() => shelf.close());

const holding = (tenant: string, ...policies: string[]): Principal => ({ tenant, subject: 'ada', roles: [], policies });

function labellingOver(index: Pick<VectorIndex, 'setLabels'>): Labelling {
  return createLabelling({ labels: createLabelRegistry(shelf.database), index, outbox: createWorkOutbox(shelf.database), emit: () => undefined });
}

/** Documents that search and the registry show to one who holds these labels. */
async function seen(tenant: string, ...policies: string[]): Promise<{ readonly search: string[]; readonly list: string[] }> {
  const principal = holding(tenant, ...policies);
  const { dense } = await shelf.index.queryLegs(principal, {}, { dense: unitVector(1), limit: 100 });
  const payloads = await shelf.index.retrieve(principal, (dense ?? []).map(({ id }) => id));
  const { documents } = await createLibrary(shelf.database).list(principal, {}, undefined, 100);
  return { search: [...new Set([...payloads.values()].map(({ document }) => document))].sort(), list: documents.map(({ id }) => id).sort() };
}

async function waitingLabels(): Promise<PendingWork[]> {
  return (await createWorkOutbox(shelf.database).list(0, 1000)).filter(({ kind }) => kind === 'labels');
}

const ids = (tenant: string, ...keys: string[]): string[] => keys.map((key) => documentIdOf(tenant, key)).sort();
const sameIn = (documents: string[]) => ({ search: documents, list: documents });

describe('labels set by hand', () => {
  it('hide from search and registry at once, and open again', async () => {
    const tenant = 'hide';
    await shelf.ingest(tenant, [{ key: 'a', text: 'a' }, { key: 'b', text: 'b' }]);
    const labelling = labellingOver(shelf.index);
    const epochs = createIndexEpoch(shelf.database);
    const before = await epochs.read(tenant);
    expect(await labelling.change(holding(tenant), ids(tenant, 'a'), ['legal'])).toMatchObject({ documents: 1, labels: ['legal'], inSearch: true });
    expect((await epochs.read(tenant)).epoch).not.toBe(before.epoch);
    expect(await seen(tenant)).toEqual(sameIn(ids(tenant, 'b')));
    expect(await seen(tenant, 'legal', 'more')).toEqual(sameIn(ids(tenant, 'a', 'b')));
    expect(await waitingLabels()).toEqual([]);
    await labelling.change(holding(tenant, 'legal'), ids(tenant, 'a'), null);
    expect(await seen(tenant)).toEqual(sameIn(ids(tenant, 'a', 'b')));
  });

  it('go before those of later ingestions, of another content too, until they are taken back', async () => {
    const tenant = 'again';
    await shelf.ingest(tenant, [{ key: 'a', text: 'one' }]);
    await labellingOver(shelf.index).change(holding(tenant), ids(tenant, 'a'), ['legal']);
    await shelf.ingest(tenant, [{ key: 'a', text: 'two' }]);
    expect(await seen(tenant)).toEqual(sameIn([]));
    expect(await seen(tenant, 'legal')).toEqual(sameIn(ids(tenant, 'a')));
    await labellingOver(shelf.index).change(holding(tenant, 'legal'), ids(tenant, 'a'), null);
    expect(await seen(tenant)).toEqual(sameIn(ids(tenant, 'a')));
  });

  it('reach a version that is written while they change, before anybody sees it', async () => {
    const tenant = 'between';
    await shelf.ingest(tenant, [{ key: 'a', text: 'one' }]);
    const next = await shelf.accept(tenant, [{ key: 'a', text: 'two' }]);
    await shelf.acquire(tenant, next);
    await shelf.make(tenant, next);
    await shelf.write(tenant, next);
    await labellingOver(shelf.index).change(holding(tenant), ids(tenant, 'a'), ['legal']);
    await shelf.publish(tenant, next);
    expect(await seen(tenant)).toEqual(sameIn([]));
    expect(await seen(tenant, 'legal')).toEqual(sameIn(ids(tenant, 'a')));
  });

  it('cover what is attached, also what comes later', async () => {
    const tenant = 'family';
    await shelf.ingest(tenant, [{ key: 'mail', text: 'mail' }]);
    await shelf.ingest(tenant, [{ key: 'file', text: 'file', parentKey: 'mail' }]);
    await shelf.ingest(tenant, [{ key: 'inner', text: 'inner', parentKey: 'file' }]);
    expect(await labellingOver(shelf.index).change(holding(tenant), ids(tenant, 'mail'), ['legal'])).toMatchObject({ documents: 3 });
    await shelf.ingest(tenant, [{ key: 'late', text: 'late', parentKey: 'mail' }]);
    expect(await seen(tenant)).toEqual(sameIn([]));
    expect((await seen(tenant, 'legal')).search).toEqual(ids(tenant, 'mail', 'file', 'inner', 'late'));
  });

  it('are stored though the index is away, and it follows when it is back; the last change wins', async () => {
    const tenant = 'away';
    await shelf.ingest(tenant, [{ key: 'a', text: 'one' }]);
    const away = labellingOver({ setLabels: () => Promise.reject(new CatalystError('INDEX_UNAVAILABLE', 'away')) });
    const first = await away.change(holding(tenant), ids(tenant, 'a'), ['first']);
    const second = await away.change(holding(tenant, 'first'), ids(tenant, 'a'), ['second']);
    expect([first.inSearch, second.inSearch]).toEqual([false, false]);
    expect((await seen(tenant)).list).toEqual([]);
    const waiting = await waitingLabels();
    expect(waiting.map(({ id }) => id).sort()).toEqual([first.id, second.id].sort());
    for (const { id } of [...waiting].reverse()) await labellingOver(shelf.index).apply(tenant, id);
    expect(await seen(tenant, 'first')).toEqual(sameIn([]));
    expect(await seen(tenant, 'second')).toEqual(sameIn(ids(tenant, 'a')));
    for (const work of waiting) await createWorkOutbox(shelf.database).remove(work);
  });

  it('are of documents that the caller sees: others are as missing ones, and none of the request is changed', async () => {
    const tenant = 'unseen';
    await shelf.ingest(tenant, [{ key: 'open', text: 'open' }, { key: 'closed', text: 'closed' }]);
    const labelling = labellingOver(shelf.index);
    await labelling.change(holding(tenant), ids(tenant, 'closed'), ['legal']);
    for (const other of [documentIdOf(tenant, 'closed'), newIdentifier()]) {
      await expect(labelling.change(holding(tenant), [documentIdOf(tenant, 'open'), other], ['mine'])).rejects.toMatchObject({ code: 'NOT_FOUND', message: `There is no document ${other}.` });
    }
    await expect(labelling.change(holding('stranger', 'legal'), ids(tenant, 'open'), [])).rejects.toMatchObject({ code: 'NOT_FOUND' });
    expect(await seen(tenant)).toEqual(sameIn(ids(tenant, 'open')));
  });

  it('vanish with the document: one that is sent again is a new one', async () => {
    const tenant = 'gone';
    await shelf.ingest(tenant, [{ key: 'a', text: 'one' }]);
    await labellingOver(shelf.index).change(holding(tenant), ids(tenant, 'a'), ['legal']);
    await carryOut(shelf, tenant, { documents: ids(tenant, 'a') });
    const { rows } = await shelf.database.withTenant(tenant, (transaction) => sql<{ policies: string[]; set_policies: string[] | null }>`select policies, set_policies from documents`.execute(transaction));
    expect(rows).toEqual([{ policies: ['legal'], set_policies: null }]);
    await shelf.ingest(tenant, [{ key: 'a', text: 'one' }]);
    expect(await seen(tenant)).toEqual(sameIn(ids(tenant, 'a')));
  });
});
