import { setTimeout as sleep } from 'node:timers/promises';
import { sql } from 'kysely';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { createGenerationRegistry } from '../../../src/adapters/postgres/generations/generationRegistry.ts';
import { createQuerySamples } from '../../../src/adapters/postgres/generations/querySamples.ts';
import { createLibrary } from '../../../src/adapters/postgres/documents/library.ts';
import { modelVectorsKind, recutChunksKind, recutVectorsKind } from '../../../src/contracts/artifacts.ts';
import { digestOf, documentIdOf } from '../../../src/contracts/identifiers.ts';
import type { GenerationRegistry } from '../../../src/ports/generationRegistry.ts';
import { contract } from '../index/indexServer.ts';
import { carryOut } from './carryOut.ts';
import { openShelf } from './shelf.ts';
import type { Shelf } from './shelf.ts';

let shelf: Shelf;
let generations: GenerationRegistry;
beforeAll(async () => {
  shelf = await openShelf();
  generations = createGenerationRegistry(shelf.database);
  await generations.adopt({ id: 'blue', reason: 'test', contract, settings: {} });
}, 600_000);
afterAll(() => shelf.close());

const begin = async (id: string): Promise<void> => void (await generations.begin({ id, reason: 'test', contract, settings: {} }));
const write = (tenant: string, key: string, text = 'One.') => shelf.ingest(tenant, [{ key, text }]);
const changedKeys = async (id: string): Promise<string[]> => (await generations.listChanges(id, 100)).map(({ documentId }) => documentId);
const ready = { documents: 0, points: 0, digest: '' };

/** A transaction that has written a document and stays open. */
async function openWriter(tenant: string, key: string): Promise<{ end(): Promise<unknown> }> {
  let end: () => void = () => undefined;
  let written: () => void = () => undefined;
  const ended = new Promise<void>((resolve) => (end = resolve));
  const hasWritten = new Promise<void>((resolve) => (written = resolve));
  const transaction = shelf.database.withTenant(tenant, async (open) => {
    await sql`update documents set updated_at = now() where tenant = ${tenant} and id = ${documentIdOf(tenant, key)}`.execute(open);
    written();
    await ended;
  });
  await hasWritten;
  return { end: () => (end(), transaction) };
}

describe('changes of documents', () => {
  it('are kept for a generation that follows, once a document, whatever happened to it', async () => {
    await begin('green-1');
    await write('acme', 'before');
    expect(await changedKeys('green-1')).toEqual([]);
    await generations.follow('green-1');
    await write('acme', 'first');
    await write('acme', 'second');
    await write('acme', 'first', 'Another text.');
    expect(new Set(await changedKeys('green-1'))).toEqual(new Set([documentIdOf('acme', 'second'), documentIdOf('acme', 'first')]));
  });

  it('are forgotten when they were followed, but for what changed again meanwhile', async () => {
    const seen = await generations.listChanges('green-1', 100);
    await write('acme', 'second', 'Changed again.');
    await generations.removeChanges('green-1', seen);
    expect(await changedKeys('green-1')).toEqual([documentIdOf('acme', 'second')]);
  });

  it('of labels and deletions are changes too', async () => {
    await generations.removeChanges('green-1', await generations.listChanges('green-1', 100));
    const first = documentIdOf('acme', 'first');
    await shelf.labels.change({ tenant: 'acme', subject: 'tester', policies: [] }, { id: '0190a000-0000-7000-8000-000000000001', documents: [first], labels: ['secret'] });
    expect(await changedKeys('green-1')).toEqual([first]);
    expect(await generations.findDocuments('acme', [first])).toMatchObject([{ documentId: first, policies: ['secret'] }]);
    await carryOut(shelf, 'acme', { documents: [documentIdOf('acme', 'before')] });
    expect(await changedKeys('green-1')).toContain(documentIdOf('acme', 'before'));
    expect(await generations.findDocuments('acme', [documentIdOf('acme', 'before')])).toEqual([]);
  });

  it('that were under way when it began to follow have ended before', async () => {
    await begin('green-2');
    const writer = await openWriter('acme', 'first');
    let follows = false;
    const following = generations.follow('green-2').then(() => (follows = true));
    await sleep(300);
    expect(follows).toBe(false);
    await writer.end();
    await following;
    await write('acme', 'first', 'Since then.');
    expect(await changedKeys('green-2')).toEqual([documentIdOf('acme', 'first')]);
  });

  it('do not wait long for one that does not end: the attempt is given up', async () => {
    const writer = await openWriter('acme', 'first');
    await expect(generations.follow('green-2')).rejects.toMatchObject({ code: 'REGISTRY_UNAVAILABLE' });
    await writer.end();
  }, 20_000);
});

describe('a switch', () => {
  it('is refused for a generation that is not complete', async () => {
    await expect(generations.switchTo('green-1', null, new Date(), () => Promise.resolve())).rejects.toMatchObject({ code: 'CONFLICT' });
  });

  it('keeps writers out while the alias moves, and readers in', async () => {
    await generations.markReady('green-1', ready);
    let wrote = false;
    let writing: Promise<unknown> = Promise.resolve();
    await generations.switchTo('green-1', null, new Date(Date.now() + 60_000), async () => {
      writing = write('acme', 'meanwhile').then(() => (wrote = true));
      await sleep(700);
      expect(wrote).toBe(false);
      expect((await shelf.library.list('acme', { deleted: false }, undefined, 10)).documents.length).toBeGreaterThan(0);
    });
    await writing;
    expect(await generations.list()).toMatchObject([{ id: 'green-2' }, { id: 'green-1', state: 'serving' }, { id: 'blue', state: 'retired' }]);
    // Written after the switch: the one that is retired has to follow it, the one that serves does not.
    expect(await changedKeys('blue')).toContain(documentIdOf('acme', 'meanwhile'));
    expect(await changedKeys('green-1')).toEqual([]);
  }, 20_000);

  it('that failed has changed nothing, and can be made again', async () => {
    await expect(generations.switchTo('blue', null, new Date(), () => Promise.reject(new Error('the alias did not move')))).rejects.toThrow();
    expect(await generations.find('green-1')).toMatchObject({ state: 'serving' });
    let swaps = 0;
    const swap = () => Promise.resolve(void (swaps += 1));
    for (let time = 0; time < 2; time += 1) await generations.switchTo('blue', null, new Date(), swap);
    expect(swaps).toBe(1);
    expect(await generations.find('green-1')).toMatchObject({ state: 'retired' });
  });
});

describe('what is removed', () => {
  it('counts the points of versions that were replaced and deleted', async () => {
    const since = new Date();
    await write('counting', 'one');
    expect(await generations.countRemoved(since, { tenant: null, excluded: [] })).toBe(0);
    await write('counting', 'one', 'Replaced.');
    expect(await generations.countRemoved(since, { tenant: null, excluded: [] })).toBe(2);
    await carryOut(shelf, 'counting', { documents: [documentIdOf('counting', 'one')] });
    expect(await generations.countRemoved(since, { tenant: null, excluded: [] })).toBe(4);
  });
});

describe('visible documents', () => {
  it('come in order, page by page, with what their points are made of', async () => {
    for (const key of ['a', 'b', 'c']) await write('paging', key);
    const first = await generations.listDocuments('paging', null, 2);
    const second = await generations.listDocuments('paging', first.at(-1)?.documentId ?? null, 2);
    expect([...first, ...second].map(({ documentId }) => documentId)).toEqual(['a', 'b', 'c'].map((key) => documentIdOf('paging', key)).sort());
    expect(Object.keys(first[0]?.artifacts ?? {}).sort()).toEqual(['chunks', 'manifest', 'vectors']);
    expect(await generations.sumDocuments('paging', null)).toMatchObject({ documents: 3, points: 6 });
    expect(await generations.sumDocuments('nobody', null)).toMatchObject({ documents: 0, points: 0 });
  });
});

describe('vectors of another model', () => {
  const model = 'abcdef012345';
  const reference = (name: string) => ({ uri: `s3://bucket/${name}`, offset: 0, length: 4, digest: digestOf(name), mediaType: 'application/octet-stream' });
  const versionsOf = async (tenant: string) => (await generations.listDocuments(tenant, null, 10)).map(({ documentId, versionId }) => ({ documentId, versionId }));

  it('stay with the version, are read with it, and are no part of its history', async () => {
    await write('vectors', 'one');
    await write('other', 'one');
    const [version] = await versionsOf('vectors');
    await generations.recordParts('vectors', [{ ...version!, kind: modelVectorsKind(model), reference: reference('first') }]);
    await generations.recordParts('vectors', [{ ...version!, kind: modelVectorsKind(model), reference: reference('second') }]);
    const [document] = await generations.listDocuments('vectors', null, 10);
    expect(document?.vectorsOf).toEqual({ [model]: reference('second') });
    expect((await generations.listDocuments('other', null, 10))[0]?.vectorsOf).toEqual({});
    const history = await createLibrary(shelf.database, { prices: { currency: 'EUR', perMillionTokens: 0, perCredit: 0 } }).history({ tenant: 'vectors', policies: 'all' }, version!.documentId);
    expect(history?.versions[0]?.artifacts.map(({ kind }) => kind)).toEqual(['raw', 'text', 'chunks', 'vectors', 'manifest']);
  });

  it('of a version that is gone, or of another tenant, are not kept', async () => {
    const [foreign] = await versionsOf('other');
    await generations.recordParts('vectors', [{ ...foreign!, kind: modelVectorsKind(model), reference: reference('foreign') }]);
    expect((await generations.listDocuments('other', null, 10))[0]?.vectorsOf).toEqual({});
  });

  it('are forgotten when no generation needs them', async () => {
    await generations.forgetVectors('vectors', 'another');
    expect(Object.keys((await generations.listDocuments('vectors', null, 10))[0]?.vectorsOf ?? {})).toEqual([model]);
    await generations.forgetVectors('vectors', model);
    expect((await generations.listDocuments('vectors', null, 10))[0]?.vectorsOf).toEqual({});
  });

  it('are those of passages that were cut anew, too, which count in generations of that recut alone', async () => {
    await write('cut', 'one');
    const [version] = await versionsOf('cut');
    const recut = { id: '0123456789ab', chunker: { version: '4', maximumTokens: 100, overlapTokens: 0 } };
    const own = await generations.sumDocuments('cut', null);
    expect(await generations.sumDocuments('cut', recut)).toEqual(own);
    const cut = { ...version!, kind: recutChunksKind(recut.id), reference: reference('cut'), points: 7 };
    await generations.recordParts('cut', [cut, cut, { ...version!, kind: recutVectorsKind(recut.id, model), reference: reference('vectors') }]);
    const read = async () => (await generations.listDocuments('cut', null, 10))[0];
    expect(await read()).toMatchObject({ chunks: own.points, vectorsOf: {}, recuts: { [recut.id]: { chunks: reference('cut'), points: 7, vectorsOf: { [model]: reference('vectors') } } } });
    expect([(await generations.sumDocuments('cut', recut)).points, (await generations.sumDocuments('cut', null)).points, (await generations.sumDocuments('cut', { ...recut, id: 'ffffffffffff' })).points]).toEqual([7, own.points, own.points]);
    await generations.forgetVectors('cut', model);
    expect((await read())?.recuts).toMatchObject({ [recut.id]: { points: 7, vectorsOf: {} } });
    await generations.forgetRecut('cut', 'ffffffffffff');
    expect(Object.keys((await read())?.recuts ?? {})).toEqual([recut.id]);
    await generations.forgetRecut('cut', recut.id);
    expect((await read())?.recuts).toEqual({});
  });

  it('cost no more tokens than were approved, until they serve', async () => {
    await generations.begin({ id: 'priced', reason: 'test', contract, settings: {}, maximumTokens: 10 });
    await generations.spendTokens('priced', 8);
    await expect(generations.spendTokens('priced', 3)).rejects.toMatchObject({ code: 'REINDEX_BUDGET_EXHAUSTED' });
    await generations.allowTokens('priced', 11);
    await generations.spendTokens('priced', 3);
    expect((await generations.find('priced'))?.tokens).toBe(11);
    await generations.markReady('priced', ready);
    await expect(generations.spendTokens('priced', 1)).rejects.toMatchObject({ code: 'REINDEX_BUDGET_EXHAUSTED' });
    await generations.markAbandoned('priced', { code: 'CANCELLED', message: '', remedy: '' });
    expect(await generations.markDropped('priced')).toBe(true);
    expect(await generations.markDropped('priced')).toBe(false);
  });
});

describe('a sample of queries', () => {
  it('holds the last ones of each tenant, and nothing of another', async () => {
    const samples = createQuerySamples(shelf.database);
    for (let batch = 0; batch < 3; batch += 1) await samples.add('asks', Array.from({ length: 200 }, (_, index) => ({ query: `query ${batch * 200 + index}`, policies: ['green'] })));
    await samples.add('asks-too', [{ query: 'another', policies: [] }]);
    const kept = await samples.list('asks', 1_000);
    expect(kept).toHaveLength(500);
    expect(kept[0]).toEqual({ query: 'query 599', policies: ['green'] });
    expect(await samples.list('asks-too', 10)).toEqual([{ query: 'another', policies: [] }]);
  });
});

describe('what became of the index', () => {
  it('is forgotten with time; removals are counted as long as a generation needs them', async () => {
    const decide = () => generations.recordDecision({ kind: 'compaction', decision: 'nothing to do', because: ['test'], by: 'tester', generation: null, tenant: null, statistics: null, stillMs: null, report: null });
    await decide();
    const decisions = (await generations.listDecisions(100)).length;
    const count = async () => Number((await sql<{ n: string }>`select count(*) as n from index_removals`.execute(shelf.database.kysely)).rows[0]?.n);
    await sql`insert into index_removals (at, points) values (now() - interval '10 years', 5)`.execute(shelf.database.kysely);
    const [before, removed] = [await count(), await generations.countRemoved(new Date(Date.now() - 86_400_000), { tenant: null, excluded: [] })];
    await generations.forgetBefore(new Date(Date.now() - 60_000));
    expect([(await generations.listDecisions(100)).length, await count(), await generations.countRemoved(new Date(Date.now() - 86_400_000), { tenant: null, excluded: [] })]).toEqual([decisions, before - 1, removed]);
    await generations.forgetBefore(new Date(Date.now() + 60_000));
    expect(await generations.listDecisions(100)).toEqual([]);
    expect((await generations.list()).filter(({ state }) => state === 'dropped')).toEqual([]);
    expect((await generations.list()).some(({ state }) => state === 'serving')).toBe(true);
  });
});
