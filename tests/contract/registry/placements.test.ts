import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { createGenerationRegistry } from '../../../src/adapters/postgres/generations/generationRegistry.ts';
import { documentIdOf } from '../../../src/contracts/identifiers.ts';
import { wayBack } from '../../../src/generations/wayBack.ts';
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

const ready = { documents: 0, points: 0, digest: '' };
const later = (): Date => new Date(Date.now() + 60_000);
const nothing = (): Promise<void> => Promise.resolve();
const write = (tenant: string, key: string, text = 'One.') => shelf.ingest(tenant, [{ key, text }]);
const changed = async (id: string): Promise<string[]> => (await generations.listChanges(id, 100)).map(({ tenant, documentId }) => `${tenant} ${documentId}`);
const forget = async (id: string): Promise<void> => generations.removeChanges(id, await generations.listChanges(id, 100));
const state = async (id: string): Promise<string | undefined> => (await generations.find(id))?.state;

async function make(id: string, tenant: string | null, more: { readonly excluded?: readonly string[]; readonly takesBack?: readonly string[] } = {}): Promise<void> {
  await generations.begin({ id, reason: 'test', contract, settings: {}, tenant, ...more });
  await generations.follow(id);
  await generations.markReady(id, ready);
}

describe('a generation of one tenant', () => {
  it('hears of its documents alone, and serves beside the shared one, which follows what the tenant does until its points are removed', async () => {
    await make('big-1', 'big');
    await Promise.all([write('big', 'one'), write('small', 'one')]);
    expect(await changed('big-1')).toEqual([`big ${documentIdOf('big', 'one')}`]);
    await generations.switchTo('big-1', 'big', later(), nothing);
    expect([await state('blue'), await state('big-1')]).toEqual(['serving', 'serving']);
    expect(Object.keys((await generations.find('blue'))?.departures ?? {})).toEqual(['big']);
    await Promise.all([write('big', 'two'), write('small', 'two')]);
    expect([await changed('blue'), await changed('big-1')]).toEqual([[`big ${documentIdOf('big', 'two')}`], []]);
    expect(wayBack(await generations.list(), 'big')).toBe('blue');
    expect(wayBack(await generations.list(), null)).toBeUndefined();
  });

  it('goes back to the shared one while that holds it, and forth again, and misses nothing', async () => {
    let swaps = 0;
    const swap = () => Promise.resolve(void (swaps += 1));
    for (let time = 0; time < 2; time += 1) await generations.switchTo('blue', 'big', later(), swap);
    expect([swaps, await state('blue'), await state('big-1'), await changed('blue')]).toEqual([1, 'serving', 'retired', []]);
    await write('big', 'three');
    expect([await changed('blue'), await changed('big-1')]).toEqual([[], [`big ${documentIdOf('big', 'three')}`]]);
    expect(wayBack(await generations.list(), 'big')).toBe('big-1');
    await generations.switchTo('big-1', 'big', later(), nothing);
    expect(await state('big-1')).toBe('serving');
  });

  it('is made anew by itself: the one before is retired, and the shared one is not', async () => {
    await make('big-2', 'big');
    await generations.switchTo('big-2', 'big', later(), nothing);
    expect([await state('big-1'), await state('big-2'), await state('blue')]).toEqual(['retired', 'serving', 'serving']);
    expect(wayBack(await generations.list(), 'big')).toBe('big-1');
  });

  it('serves no other, and a switch that failed has changed nothing but what is followed', async () => {
    await make('big-3', 'big');
    await expect(generations.switchTo('big-3', null, later(), nothing)).rejects.toMatchObject({ code: 'CONFLICT' });
    await expect(generations.switchTo('big-3', 'big', later(), () => Promise.reject(new Error('the alias did not move')))).rejects.toThrow();
    expect([await state('big-2'), await state('big-3')]).toEqual(['serving', 'ready']);
    await generations.markAbandoned('big-3', { code: 'INTERNAL', message: 'test', remedy: '' });
  });

  it('counts what is removed of its tenant, and the shared one what is removed of others', async () => {
    const since = new Date();
    await write('big', 'one', 'Replaced.');
    await write('small', 'one', 'Replaced.');
    const counts = [{ tenant: null, excluded: [] }, { tenant: null, excluded: ['big'] }, { tenant: 'big', excluded: [] }].map((of) => generations.countRemoved(since, of));
    expect(await Promise.all(counts)).toEqual([4, 2, 2]);
  });
});

describe('the shared generation', () => {
  it('lets points of a tenant that has moved be removed, and then there is no way back to it', async () => {
    const since = new Date();
    expect(await generations.beginRemoval('blue', 'big')).toBe(true);
    await expect(generations.switchTo('blue', 'big', later(), nothing)).rejects.toMatchObject({ code: 'CONFLICT' });
    await generations.endRemoval('blue', 'big', 7);
    expect(await generations.find('blue')).toMatchObject({ excluded: ['big'], departures: {} });
    await forget('blue');
    await write('big', 'four');
    expect(await changed('blue')).toEqual([]);
    expect(await generations.countRemoved(since, { tenant: null, excluded: ['big'] })).toBe(7);
  });

  it('takes a tenant back when it takes over, with it and its own in one', async () => {
    await make('green', null, { excluded: [], takesBack: ['big'] });
    await forget('green');
    await write('big', 'five');
    expect(await changed('green')).toEqual([`big ${documentIdOf('big', 'five')}`]);
    expect(await generations.listReturning('green')).toEqual(['big']);
    await generations.switchTo('green', null, later(), nothing);
    expect([await state('blue'), await state('big-2'), await state('green')]).toEqual(['retired', 'retired', 'serving']);
    expect(await generations.listReturning('green')).toEqual([]);
    await write('big', 'six');
    expect([await changed('blue'), await changed('big-2'), await changed('green')]).toEqual([[], expect.arrayContaining([`big ${documentIdOf('big', 'six')}`]), []]);
  });

  it('does not go back to one that does not hold who came back since: that tenant goes first', async () => {
    await expect(generations.switchTo('blue', null, later(), nothing)).rejects.toMatchObject({ code: 'CONFLICT', message: expect.stringContaining('big') as string });
    await generations.switchTo('big-2', 'big', later(), nothing);
    await generations.switchTo('blue', null, later(), nothing);
    expect([await state('blue'), await state('big-2'), await state('green')]).toEqual(['serving', 'serving', 'retired']);
    // And forth: the green one holds the tenant, which is served elsewhere now, and is followed.
    await generations.switchTo('green', null, later(), nothing);
    expect(Object.keys((await generations.find('green'))?.departures ?? {})).toEqual(['big']);
    await write('big', 'seven');
    expect(await changed('green')).toContain(`big ${documentIdOf('big', 'seven')}`);
  });

  it('keeps the points of a tenant that it serves, whatever was to become of them', async () => {
    await generations.switchTo('green', 'big', later(), nothing);
    expect(await generations.beginRemoval('green', 'big')).toBe(false);
    expect((await generations.find('green'))?.excluded).toEqual([]);
  });
});

it('a deletion of documents is told to both, too', async () => {
  await generations.switchTo('big-2', 'big', later(), nothing);
  await forget('green');
  await carryOut(shelf, 'big', { documents: [documentIdOf('big', 'one')] });
  expect(await changed('green')).toContain(`big ${documentIdOf('big', 'one')}`);
});
