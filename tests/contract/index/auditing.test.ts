import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import type { QdrantIndex } from '../../../src/adapters/qdrant/qdrantIndex.ts';
import { newAlias, startIndexServer } from './indexServer.ts';
import type { IndexServer } from './indexServer.ts';
import { version } from './points.ts';

let server: IndexServer;
let index: QdrantIndex;
let alias: string;
beforeAll(async () => {
  server = await startIndexServer();
  alias = newAlias();
  index = server.open(alias);
  await index.prepare();
}, 600_000);
afterAll(() => server.stop());

const texts = Array.from({ length: 7 }, (_, number) => `A cell of kind ${number} divides.`);
const change = (operation: object) => server.send('POST', `/collections/${alias}/points/batch?wait=true`, { operations: [operation] });

describe('points as an audit reads them', () => {
  it('have the digests that they would be written with, whatever numbers, letters and codes they hold', async () => {
    const metadata = { year: 2024, ratio: 0.1, tiny: 1e-9, big: 12345678901, minus: -0.5, flag: true, names: ['é', '语', ''], text: 'line\n"quoted" \u2028' };
    const one = version({ name: 'exact', texts, visible: true, payload: { metadata, tags: ['a b'], policies: ['p2', 'p1'], language: 'en', tokenCodes: { version: '1', codes: Uint8Array.of(0, 255, 7) } } });
    await index.upsert(one.points);
    const { points, bytes } = await index.readDocuments('acme', [one.documentId], true);
    expect(bytes).toBeGreaterThan(1_000);
    expect(new Map(points.map((point) => [point.id, { content: point.content, vectors: point.vectors }]))).toEqual(new Map(one.points.map((point) => [point.id, index.digestsOf(point)])));
    expect(points[0]).toMatchObject({ tenant: 'acme', document: one.documentId, version: one.versionId, sequence: 1, visible: true, policies: ['p2', 'p1'], ingestedAt: '2026-01-01T00:00:00.000Z' });
    expect(points.map(({ ordinal }) => ordinal).sort()).toEqual([0, 1, 2, 3, 4, 5, 6]);
  });

  it('have other digests once anything in them is changed, but for labels and visibility, which are told apart', async () => {
    const one = version({ name: 'changed', texts: texts.slice(0, 5), visible: true });
    await index.upsert(one.points);
    const ids = one.points.map(({ id }) => id);
    await change({ set_payload: { payload: { title: 'other' }, points: [ids[0]] } });
    await change({ set_payload: { payload: { words: ['other'] }, points: [ids[1]] } });
    await change({ update_vectors: { points: [{ id: ids[2], vector: { dense: [1, 0, 0, 0, 0, 0, 0, 0] } }] } });
    await change({ set_payload: { payload: { visible: false, policies: ['x'] }, points: [ids[3]] } });
    const points = new Map((await index.readDocuments('acme', [one.documentId], true)).points.map((point) => [point.id, point]));
    const same = one.points.map((point) => {
      const { content, vectors } = index.digestsOf(point);
      return [points.get(point.id)?.content === content, points.get(point.id)?.vectors === vectors];
    });
    expect(same).toEqual([[false, true], [false, true], [true, false], [true, true], [true, true]]);
    expect(points.get(ids[3] ?? '')).toMatchObject({ visible: false, policies: ['x'] });
  });

  it('without what they hold weigh a tenth', async () => {
    const { documentId } = version({ name: 'exact' });
    const [quick, deep] = [await index.readDocuments('acme', [documentId], false), await index.readDocuments('acme', [documentId], true)];
    expect(quick.points.map((point) => ({ ...point, content: '', vectors: '' })).sort(byOrdinal)).toEqual(deep.points.map((point) => ({ ...point, content: '', vectors: '' })).sort(byOrdinal));
    expect(quick.points[0]).toMatchObject({ content: null, vectors: null });
    expect(quick.bytes).toBeLessThan(deep.bytes / 3);
  });

  it('are read whichever tenant they name, and by tenant page by page', async () => {
    const one = version({ tenant: 'reader', name: 'mine', texts });
    await index.upsert(one.points);
    await change({ set_payload: { payload: { tenant: 'thief' }, points: [one.points[0]?.id] } });
    expect((await index.readDocuments('acme', [one.documentId], false)).points.map(({ tenant }) => tenant).sort()).toEqual([...Array<string>(6).fill('reader'), 'thief']);
    expect([await index.countTenant('reader'), await index.countTenant('thief'), await index.countTenant('nobody')]).toEqual([6, 1, 0]);
    const pages: string[][] = [];
    for (let offset: string | null = null, first = true; first || offset !== null; first = false) {
      const page = await index.readTenant('reader', offset, 4);
      pages.push(page.points.map(({ id }) => id));
      offset = page.next;
    }
    expect(pages.map((page) => page.length)).toEqual([4, 2]);
    expect(new Set(pages.flat())).toEqual(new Set(one.points.slice(1).map(({ id }) => id)));
  });

  it('that are none of the product’s are read as what they do not say', async () => {
    const { documentId } = version({ tenant: 'odd', name: 'odd' });
    await change({ upsert: { points: [{ id: 4711, vector: {}, payload: { tenant: 'odd', document: documentId, policies: 'all', sequence: 'first' } }] } });
    const { points } = await index.readDocuments('acme', [documentId], true);
    expect(points).toMatchObject([{ id: '4711', tenant: 'odd', version: '', sequence: -1, visible: false, policies: [], ordinal: -1, ingestedAt: '' }]);
    await index.removePoints('acme', points);
    expect((await index.readDocuments('acme', [documentId], true)).points).toEqual([]);
  });

  it('are removed only as they were read', async () => {
    const one = version({ tenant: 'remover', name: 'gone', texts });
    await index.upsert(one.points);
    const { points } = await index.readDocuments('acme', [one.documentId], false);
    const [moved, ...rest] = points;
    await change({ set_payload: { payload: { tenant: 'owner' }, points: [moved?.id] } });
    await index.removePoints('acme', points);
    expect((await index.readDocuments('acme', [one.documentId], false)).points.map(({ id, tenant }) => [id, tenant])).toEqual([[moved?.id, 'owner']]);
    expect(rest).toHaveLength(6);
  });
});

const byOrdinal = (left: { readonly ordinal: number }, right: { readonly ordinal: number }) => left.ordinal - right.ordinal;
