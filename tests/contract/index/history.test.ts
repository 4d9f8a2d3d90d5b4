import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { createGenerationIndex } from '../../../src/adapters/qdrant/generationIndex.ts';
import type { QdrantIndex } from '../../../src/adapters/qdrant/qdrantIndex.ts';
import { settingsOfBefore } from '../../../src/contracts/indexSettings.ts';
import type { Principal } from '../../../src/contracts/principal.ts';
import type { IndexPoint } from '../../../src/ports/vectorIndex.ts';
import { querySparseVector } from '../../../src/retrieval/sparse/sparseVector.ts';
import { contract, newAlias, startIndexServer } from './indexServer.ts';
import type { IndexServer } from './indexServer.ts';
import { principal, unitVector, version } from './points.ts';
import type { Version } from './points.ts';

let server: IndexServer;
let index: QdrantIndex;
let alias: string;
beforeAll(async () => {
  server = await startIndexServer();
  alias = newAlias();
  index = server.open(alias);
  await index.prepare();
});
afterAll(() => server.stop());

const query = { dense: unitVector(1), sparse: querySparseVector('cells'), limit: 50 };
/** Cuts the lists where scores are equal. */
const cut = { ...query, limit: 12 };
const legsAsOf = (reader: Principal, asOf?: number) => index.queryLegs(reader, asOf === undefined ? {} : { asOf }, query);
async function textsAsOf(reader: Principal, asOf?: number): Promise<string[]> {
  const { dense } = await legsAsOf(reader, asOf);
  const payloads = await index.retrieve(reader, (dense ?? []).map(({ id }) => id), undefined, asOf);
  return [...payloads.values()].map(({ chunk }) => chunk.text).sort();
}
const switchOf = ({ documentId, versionId, sequence }: Version, visibleFrom: number) => ({ documentId, versionId, sequence, replacesEarlier: sequence > 1, visibleFrom });
const keptOf = ({ documentId, versionId }: Version, until: number, policies: string[] = []) => ({ documentId, versionId, until, policies });

/** A document in two versions, the first replaced at 200 and kept; and another one that stays. */
async function twoVersions(tenant: string): Promise<{ readonly first: Version; readonly second: Version; readonly other: Version }> {
  const [first, second] = [version({ tenant, sequence: 1, texts: ['Cells divide.', 'Cells rest.'] }), version({ tenant, sequence: 2, texts: ['Stars shine.'] })];
  const other = version({ tenant, name: 'other', sequence: 1, texts: ['Rivers and cells.'] });
  await index.upsert([...first.points, ...other.points]);
  await index.publish(tenant, [switchOf(first, 100), switchOf(other, 100)]);
  await index.upsert(second.points);
  await index.publish(tenant, [switchOf(second, 200)], [keptOf(first, 200)]);
  return { first, second, other };
}

describe('history in the index', () => {
  test('each time finds what was visible then, and now finds what is', async () => {
    await twoVersions('times');
    const reader = principal('times');
    expect(await textsAsOf(reader, 99)).toEqual([]);
    for (const asOf of [100, 199]) expect(await textsAsOf(reader, asOf)).toEqual(['Cells divide.', 'Cells rest.', 'Rivers and cells.']);
    for (const asOf of [200, undefined]) expect(await textsAsOf(reader, asOf)).toEqual(['Rivers and cells.', 'Stars shine.']);
    expect(await textsAsOf(principal('others'), 150)).toEqual([]);
  });

  test('scores are those of then, bit by bit, whatever came and went since', async () => {
    const tenant = 'scores';
    const { other } = await twoVersions(tenant);
    const reader = principal(tenant);
    const then = await legsAsOf(reader, 199);
    expect(then.sparse).toHaveLength(3);
    const third = version({ tenant, sequence: 3, texts: Array.from({ length: 40 }, (_, number) => `Cells, cells and stars ${number}.`) });
    const otherNow = version({ tenant, name: 'other', sequence: 2, texts: ['No more cells.'] });
    const pending = version({ tenant, name: 'pending', sequence: 9, texts: ['Cells that are being written.'] });
    await index.upsert([...third.points, ...otherNow.points, ...pending.points]);
    await index.publish(tenant, [switchOf(third, 300), switchOf(otherNow, 300)], [keptOf(version({ tenant, sequence: 2 }), 300), keptOf(other, 300)]);
    expect(await legsAsOf(reader, 199)).toEqual(then);
  });

  test('labels of now count, and what is erased is in no history', async () => {
    const tenant = 'erased';
    const { first, second } = await twoVersions(tenant);
    await index.setLabels(tenant, [first], ['secret']);
    expect(await textsAsOf(principal(tenant), 150)).toEqual(['Rivers and cells.']);
    expect(await textsAsOf(principal(tenant, ['secret']), 150)).toHaveLength(3);
    await index.hideDocuments(tenant, [second]);
    expect(await textsAsOf(principal(tenant, ['secret']), 150)).toEqual(['Rivers and cells.']);
    await index.deleteDocuments(tenant, [second]);
    expect(await index.countVersions(tenant, [first, second])).toEqual([0, 0]);
  });

  test('what is kept is spared by a late removal of its version, and by publications that do not name it, until it is given up', async () => {
    const tenant = 'spared';
    const { first, second } = await twoVersions(tenant);
    const third = version({ tenant, sequence: 3, texts: ['Nothing of the kind.'] });
    const failed = version({ tenant, sequence: 2, name: 'document', payload: { version: '11111111-2222-5333-8444-555555555555' }, texts: ['Never shown.'] });
    await index.upsert([...third.points, ...failed.points.map((point): IndexPoint => ({ ...point, id: '11111111-2222-5333-8444-666666666666' }))]);
    await index.publish(tenant, [switchOf(third, 300)], [keptOf(second, 300)]);
    await index.deleteVersions(tenant, [first, second]);
    expect(await index.countVersions(tenant, [first, second, third, { documentId: first.documentId, versionId: '11111111-2222-5333-8444-555555555555' }])).toEqual([2, 1, 1, 0]);
    expect(await index.countTenant(tenant)).toBe(2);
    await index.deleteKept(tenant, [first]);
    expect(await index.countVersions(tenant, [first, second, third])).toEqual([0, 1, 1]);
    // Without history all that was before goes, kept or not.
    const fourth = version({ tenant, sequence: 4, texts: ['The last.'] });
    await index.upsert(fourth.points);
    await index.publish(tenant, [switchOf(fourth, 400)], null);
    expect(await index.countVersions(tenant, [second, third, fourth])).toEqual([0, 0, 1]);
  });

  test('a publication that is repeated ends as one', async () => {
    const tenant = 'again';
    const { first, second } = await twoVersions(tenant);
    await index.publish(tenant, [switchOf(second, 210)], [keptOf(first, 210)]);
    expect(await textsAsOf(principal(tenant), 205)).toEqual(['Cells divide.', 'Cells rest.', 'Rivers and cells.']);
    expect(await textsAsOf(principal(tenant), 210)).toEqual(['Rivers and cells.', 'Stars shine.']);
  });

  test('a generation that is made anew of the same points gives the same bits', async () => {
    const own = newAlias();
    const old = server.open(own);
    await old.prepare();
    const tenant = 'compacted';
    const versions = Array.from({ length: 30 }, (_, number) => version({ tenant, name: `document ${number}`, sequence: 1, visible: true, texts: [`Cells and stars ${'cells '.repeat(number % 4)}`], payload: { visibleFrom: 100 } }));
    const replaced = version({ tenant, name: 'document 1', sequence: 2, texts: ['Cells of later.'], visible: true, payload: { visibleFrom: 200 } });
    await old.upsert([...versions.flatMap(({ points }) => points), ...replaced.points]);
    await old.publish(tenant, [switchOf(replaced, 200)], [keptOf(versions[1]!, 200)]);
    const legs = async () => Promise.all([query, cut].map((each) => old.queryLegs(principal(tenant), { asOf: 150 }, each)));
    const before = await legs();
    const generations = createGenerationIndex({ url: server.url, alias: own, requestTimeoutMs: 30_000 });
    await generations.create(`${own}_green`, contract, settingsOfBefore);
    // In another order, and as a filling writes them: with their times.
    const points = [...versions.slice(2), versions[0]!].flatMap((each) => each.points);
    const kept = versions[1]!.points.map((point): IndexPoint => ({ ...point, payload: { ...point.payload, visible: false, visibleUntil: 200 } }));
    await generations.write(`${own}_green`, [...replaced.points, ...kept, ...points.reverse()]);
    await generations.pointAliasAt(`${own}_green`, null);
    expect(await legs()).toEqual(before);
    expect(before.map(({ dense, sparse }) => [dense?.length, sparse?.length])).toEqual([[30, 30], [12, 12]]);
    await generations.close();
  });
});
