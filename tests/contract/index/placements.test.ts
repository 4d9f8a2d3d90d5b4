import { afterAll, beforeAll, beforeEach, describe, expect, it } from 'vitest';
import { createGenerationIndex } from '../../../src/adapters/qdrant/generationIndex.ts';
import type { QdrantIndex } from '../../../src/adapters/qdrant/qdrantIndex.ts';
import { contractFingerprint } from '../../../src/contracts/embedding.ts';
import { pointIdOf } from '../../../src/contracts/identifiers.ts';
import { settingsOfBefore } from '../../../src/contracts/indexSettings.ts';
import type { GenerationIndex } from '../../../src/ports/generationIndex.ts';
import { contract, newAlias, startIndexServer } from './indexServer.ts';
import type { IndexServer } from './indexServer.ts';
import { principal, unitVector, version } from './points.ts';
import type { Version } from './points.ts';

let server: IndexServer;
const opened: { close(): Promise<void> }[] = [];
beforeAll(async () => {
  server = await startIndexServer();
  alias = newAlias();
  index = server.open(alias, contract, ['big']);
  const made = createGenerationIndex({ url: server.url, apiKey: process.env['QDRANT_API_KEY'], alias, dedicatedTenants: ['big'], requestTimeoutMs: 30_000 });
  opened.push(made);
  generations = made;
  await index.prepare();
  shared = `${alias}_${contractFingerprint(contract)}`;
  own = `${generations.aliasOf('big')}_${contractFingerprint(contract)}_1`;
  green = `${alias}_${contractFingerprint(contract)}_2`;
  await generations.create(green, contract, settingsOfBefore);
}, 600_000);
afterAll(async () => {
  await Promise.all(opened.map((index) => index.close()));
  await server.stop();
});

let alias: string;
let index: QdrantIndex;
let generations: GenerationIndex;
let shared: string;
let own: string;
let green: string;
const small = version({ tenant: 'small', name: 'of small', visible: true, texts: ['Small boats.'] });
const big = version({ tenant: 'big', name: 'of big', visible: true, texts: ['Big ships.', 'Big cranes.'] });

/** One index with points of two tenants, of which one is to have a collection of its own: before each test it has none yet. */
beforeEach(async () => {
  await generations.create(own, contract, settingsOfBefore);
  await generations.pointAliasAt(shared, null, ['big']);
  for (const collection of [shared, own]) await server.send('POST', `/collections/${collection}/points/delete?wait=true`, { filter: {} });
  await index.upsert([...small.points, ...big.points]);
}, 60_000);

const targets = async (): Promise<Record<string, string>> => {
  const { aliases } = (await server.send('GET', '/aliases')) as { aliases: { alias_name: string; collection_name: string }[] };
  return Object.fromEntries(aliases.filter(({ alias_name }) => alias_name.startsWith(alias)).map(({ alias_name, collection_name }) => [alias_name, collection_name]));
};
const holdings = (generation: string) => generations.countByTenant(generation, 10);
const exists = async (collection: string): Promise<boolean> => ((await server.send('GET', '/collections')) as { collections: { name: string }[] }).collections.some(({ name }) => name === collection);

async function moveBig(): Promise<void> {
  await generations.write(own, big.points);
  await generations.pointAliasAt(own, 'big');
}

describe('a tenant that is to have a collection of its own', () => {
  it('is reached by an alias of its own, which leads to the shared one until it has moved', async () => {
    expect(await targets()).toEqual({ [alias]: shared, [generations.aliasOf('big')]: shared });
    expect(await holdings(shared)).toEqual(expect.arrayContaining([{ tenant: 'big', points: 2 }, { tenant: 'small', points: 1 }]));
    expect([await generations.serving('big'), await generations.serving('small')]).toEqual([shared, shared]);
  });

  it('is read and written there alone once it has moved, and nobody else is', async () => {
    await moveBig();
    await index.upsert([...version({ tenant: 'big', name: 'later', visible: true, texts: ['More ships.'] }).points, ...version({ tenant: 'small', name: 'later', visible: true, texts: ['More boats.'] }).points]);
    expect(await holdings(own)).toEqual([{ tenant: 'big', points: 3 }]);
    expect(await holdings(shared)).toEqual(expect.arrayContaining([{ tenant: 'big', points: 2 }, { tenant: 'small', points: 2 }]));
    expect([await generations.serving('big'), await generations.serving('small')]).toEqual([own, shared]);
  });

  it('has every kind of read and write go through its alias', async () => {
    await moveBig();
    // What the shared one still holds of it is gone: whatever finds or counts something reads its own collection.
    await generations.removeTenant(shared, 'big');
    const caller = principal('big');
    const { dense } = await index.queryLegs(caller, {}, { dense: unitVector(1), limit: 5 });
    expect(dense?.map(({ id }) => id).sort()).toEqual(big.points.map(({ id }) => id).sort());
    expect((await index.retrieve(caller, big.points.map(({ id }) => id))).size).toBe(2);
    expect(await index.documentVectors(caller, big.documentId, 5)).toHaveLength(2);
    expect((await index.facet(caller, {}, ['source.type'], 5)).get('source.type')).toEqual([{ value: 'text', count: 2 }]);
    expect(await index.sampleWords(caller, 'ship', 5)).toHaveLength(1);
    expect((await index.listWords(caller, 10)).length).toBeGreaterThan(0);
    expect(await index.findLabels(caller, 'title', ['of'], 5)).toHaveLength(1);
    expect((await index.readDocuments('big', [big.documentId], false)).points).toHaveLength(2);
    expect([await index.countTenant('big'), await index.countVersions('big', [big]), await index.countDocuments('big', [{ documentId: big.documentId, sequence: 9 }])]).toEqual([2, [2], 2]);
    await index.setLabels('big', [big], ['secret']);
    expect((await index.queryLegs(caller, {}, { dense: unitVector(1), limit: 5 })).dense).toEqual([]);
    await index.setLabels('big', [big], []);
    await index.publish('big', [{ ...big, replacesEarlier: true }]);
    await index.hideDocuments('big', [{ documentId: big.documentId, sequence: 9 }]);
    expect((await index.queryLegs(caller, {}, { dense: unitVector(1), limit: 5 })).dense).toEqual([]);
    await index.deleteDocuments('big', [{ documentId: big.documentId, sequence: 9 }]);
    expect(await holdings(own)).toEqual([]);
  });

  it('is met by no other, whatever they ask for', async () => {
    await moveBig();
    const other = principal('small');
    expect((await index.queryLegs(other, { documents: [big.documentId] }, { dense: unitVector(1), limit: 5 })).dense).toEqual([]);
    expect((await index.retrieve(other, big.points.map(({ id }) => id))).size).toBe(0);
    expect((await index.queryLegs(other, {}, { dense: unitVector(1), limit: 5 })).dense).toHaveLength(1);
  });

  it('is audited where it is: what the shared one holds still is no fault, and stays until it is removed', async () => {
    await moveBig();
    await server.send('POST', `/collections/${own}/points/delete?wait=true`, { points: [big.points[0]?.id] });
    expect(await index.countTenant('big')).toBe(1);
    const { points } = await index.readDocuments('big', [big.documentId], false);
    await index.removePoints('big', points);
    expect([await holdings(own), await generations.removeTenant(shared, 'big'), await holdings(shared)]).toEqual([[], 2, [{ tenant: 'small', points: 1 }]]);
  });

  it('keeps its points where its alias leads', async () => {
    await expect(generations.removeTenant(shared, 'big')).rejects.toMatchObject({ code: 'INDEX_REJECTED' });
    await moveBig();
    await expect(generations.removeTenant(own, 'big')).rejects.toMatchObject({ code: 'INDEX_REJECTED' });
    await expect(generations.drop(own)).rejects.toMatchObject({ code: 'INDEX_REJECTED' });
  });

  it('loses its collection with all else when it is deleted, and what the shared one holds of it', async () => {
    await moveBig();
    expect(await index.deleteTenant('big')).toBe(0);
    expect([await exists(own), await holdings(shared), await targets()]).toEqual([false, [{ tenant: 'small', points: 1 }], { [alias]: shared, [generations.aliasOf('big')]: shared }]);
    expect(await index.deleteTenant('big')).toBe(0);
  });
});

describe('a switch of the shared generation', () => {
  it('takes those along in one step who have not moved', async () => {
    await generations.pointAliasAt(green, null);
    expect(await targets()).toEqual({ [alias]: green, [generations.aliasOf('big')]: green });
    await expect(generations.drop(green)).rejects.toMatchObject({ code: 'INDEX_REJECTED' });
  });

  it('leaves those who have, unless they come back', async () => {
    await moveBig();
    await generations.pointAliasAt(green, null);
    expect(await targets()).toEqual({ [alias]: green, [generations.aliasOf('big')]: own });
    await generations.pointAliasAt(green, null, ['big']);
    expect(await targets()).toEqual({ [alias]: green, [generations.aliasOf('big')]: green });
  });
});

describe('a start', () => {
  it('mends an alias that was left at a generation that does not serve any more', async () => {
    await server.send('POST', '/collections/aliases', { actions: [{ create_alias: { alias_name: alias, collection_name: green } }] });
    await index.prepare();
    expect(await targets()).toEqual({ [alias]: green, [generations.aliasOf('big')]: green });
  });

  it('that does not name a tenant with a collection of its own is refused, and a process that runs on is not ready', async () => {
    const unaware = server.open(alias);
    await unaware.prepare();
    await moveBig();
    const refusal = { code: 'CONFIGURATION_INVALID', message: expect.stringMatching(/"big".*CATALYST_DEDICATED_TENANTS.*--take-back big/s) as string };
    await expect(unaware.prepare()).rejects.toMatchObject(refusal);
    await expect(unaware.check(AbortSignal.timeout(5000))).rejects.toMatchObject(refusal);
    expect(await index.check(AbortSignal.timeout(5000))).toMatch(/^Qdrant/);
  });

  it('of another index in the same Qdrant has nothing to do with it', async () => {
    await moveBig();
    const neighbour = server.open(`${alias}--big`);
    await neighbour.prepare();
    expect(await neighbour.countTenant('big')).toBe(0);
  });
});

describe('a generation whose documents were cut anew', () => {
  const recut = { id: '0123456789ab', chunker: { version: '4', maximumTokens: 64, overlapTokens: 0 } };

  it('says by what, and one that was not says so', async () => {
    const cut = `${alias}_${contractFingerprint(contract)}_${recut.id}`;
    await generations.create(cut, contract, settingsOfBefore, null, recut);
    expect([await generations.recutOf(cut), await generations.recutOf(shared), await generations.recutOf(`${alias}_none`)]).toEqual([recut, null, undefined]);
  });

  it('keeps of each document the versions that are named, each as it is cut', async () => {
    const ids = (of: Version) => of.points.map(({ id }) => id);
    const cut = { ...small, points: small.points.map((point) => ({ ...point, id: pointIdOf(small.versionId, 0, recut.id), payload: { ...point.payload, recut: recut.id } })) };
    const held = async () => [...(await generations.digestVersion(green, 'small', small)).keys()].sort();
    await server.send('POST', `/collections/${green}/points/delete?wait=true`, { filter: {} });
    await generations.write(green, [...small.points, ...cut.points]);
    expect(await held()).toEqual([...ids(small), ...ids(cut)].sort());
    await generations.keepOnly(green, 'small', [small.documentId], [{ versionId: small.versionId, recut: recut.id }]);
    expect(await held()).toEqual(ids(cut));
    await generations.write(green, small.points);
    await generations.keepOnly(green, 'small', [small.documentId], [{ versionId: small.versionId, recut: null }]);
    expect(await held()).toEqual(ids(small));
    await generations.keepOnly(green, 'small', [small.documentId], []);
    expect(await held()).toEqual([]);
  });
});
