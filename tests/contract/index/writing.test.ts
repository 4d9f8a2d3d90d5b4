import { afterAll, beforeAll, beforeEach, describe, expect, test } from 'vitest';
import type { QdrantIndex } from '../../../src/adapters/qdrant/qdrantIndex.ts';
import { searchRequestSchema } from '../../../src/contracts/search.ts';
import type { Embedder } from '../../../src/ports/embedder.ts';
import { createReadPath } from '../../../src/retrieval/readPath.ts';
import { createSearch } from '../../../src/retrieval/search.ts';
import { searchSettingsFor } from '../../../src/retrieval/settings.ts';
import { contract, newAlias, startIndexServer } from './indexServer.ts';
import type { IndexServer } from './indexServer.ts';
import { principal, unitVector, version } from './points.ts';

let server: IndexServer;
let index: QdrantIndex;
let alias: string;
beforeAll(async () => {
  server = await startIndexServer();
});
afterAll(() => server.stop());
beforeEach(async () => {
  alias = newAlias();
  index = server.open(alias);
  await index.prepare();
});

async function shown(tenant = 'acme'): Promise<string[]> {
  const { dense } = await index.queryLegs(principal(tenant), {}, { dense: unitVector(1), limit: 2000 });
  const payloads = await index.retrieve(principal(tenant), (dense ?? []).map(({ id }) => id));
  return [...new Set([...payloads.values()].map(({ title, sequence }) => `${title}/${sequence}`))].sort();
}

describe('writing', () => {
  test('points come back as they were written', async () => {
    const written = version({ texts: ['A cell “divides”: ½ \u0000 𝄞', 'Another.'], visible: true, payload: { metadata: { year: 2020, authors: ['Ada', 'Bo'], draft: false, ratio: 0.25 }, tags: ['a'], source: { type: 'url', location: 'https://x.test/?a=b"' } } });
    await index.upsert(written.points);
    const payloads = await index.retrieve(principal('acme'), written.points.map(({ id }) => id));
    for (const { id, payload } of written.points) expect(payloads.get(id)).toEqual(payload);
    const { dense } = await index.queryLegs(principal('acme'), {}, { dense: written.points[0]?.dense ?? new Float32Array(), limit: 1 });
    expect(dense?.[0]?.id).toBe(written.points[0]?.id);
    expect(dense?.[0]?.score).toBeCloseTo(1, 6);
  });

  test('the same points again replace themselves; counts are exact, in the order asked', async () => {
    const first = version({ name: 'a', texts: ['One.', 'Two.', 'Three.'] });
    const second = version({ name: 'b', texts: ['One.'] });
    await index.upsert([...first.points, ...second.points]);
    await index.upsert(first.points);
    expect(await index.countVersions('acme', [second, version({ name: 'none' }), first])).toEqual([1, 0, 3]);
    expect(await index.countVersions('other', [first])).toEqual([0]);
    expect(await index.countVersions('acme', [])).toEqual([]);
  });

  test('a version is hidden until it is published', async () => {
    const written = version({ texts: ['One.', 'Two.'] });
    await index.upsert(written.points);
    expect(await shown()).toEqual([]);
    await index.publish('acme', [{ ...written, replacesEarlier: false }]);
    expect(await shown()).toEqual(['document/1']);
  });

  test('labels are put on the versions named, without touching vectors, and before a version is shown', async () => {
    const [one, other, foreign] = [version({ name: 'one', texts: ['One.', 'Two.'], visible: true }), version({ name: 'other', visible: true }), version({ tenant: 'umbrella', name: 'one', visible: true })];
    await index.upsert([...one.points, ...other.points, ...foreign.points]);
    const held = async (...policies: string[]) => {
      const { dense } = await index.queryLegs(principal('acme', policies), {}, { dense: unitVector(1), limit: 100 });
      const payloads = await index.retrieve(principal('acme', policies), (dense ?? []).map(({ id }) => id));
      return [...new Set([...payloads.values()].map(({ title }) => title))].sort();
    };
    await index.setLabels('acme', [one], ['legal']);
    expect([await held(), await held('legal'), await shown('umbrella')]).toEqual([['other'], ['one', 'other'], ['one/1']]);
    await index.setLabels('acme', [one], []);
    expect(await held()).toEqual(['one', 'other']);
    const next = version({ name: 'one', sequence: 2, texts: ['Three.'] });
    await index.upsert(next.points);
    await index.publish('acme', [{ ...next, labels: ['board'] }]);
    expect([await held(), await held('legal'), await held('board')]).toEqual([['other'], ['other'], ['one', 'other']]);
    expect(await index.countVersions('acme', [one, next])).toEqual([0, 1]);
  });

  test('publishing replaces earlier versions, spares later ones, other documents and other tenants, and may be repeated', async () => {
    const old = version({ sequence: 1, visible: true, texts: ['Old.', 'Older.'] });
    const next = version({ sequence: 2 });
    const later = version({ sequence: 3 });
    const neighbour = version({ name: 'neighbour', visible: true });
    const foreign = version({ tenant: 'other', visible: true });
    await index.upsert([old, next, later, neighbour, foreign].flatMap(({ points }) => points));
    for (let time = 0; time < 2; time += 1) {
      await index.publish('acme', [next]);
      expect(await shown()).toEqual(['document/2', 'neighbour/1']);
      expect(await index.countVersions('acme', [old, next, later, neighbour])).toEqual([0, 1, 1, 1]);
      expect(await shown('other')).toEqual(['document/1']);
    }
  });

  test('a publish names documents of its own tenant only, whatever ids it is given', async () => {
    const foreign = version({ tenant: 'other', texts: ['Secret.'] });
    await index.upsert(foreign.points);
    await index.publish('acme', [foreign]);
    await index.deleteVersions('acme', [foreign]);
    expect(await shown('other')).toEqual([]);
    expect(await index.countVersions('other', [foreign])).toEqual([1]);
  });

  test('deleted versions are gone, others stay', async () => {
    const [first, second] = [version({ sequence: 1 }), version({ sequence: 2 })];
    await index.upsert([...first.points, ...second.points]);
    await index.deleteVersions('acme', [first]);
    expect(await index.countVersions('acme', [first, second])).toEqual([0, 1]);
  });

  test('several hundred documents in one call', async () => {
    const olds = Array.from({ length: 600 }, (_, number) => version({ name: `d${number}`, sequence: number + 1, visible: true, texts: ['Old.'] }));
    const news = olds.map(({ sequence }, number) => version({ name: `d${number}`, sequence: sequence + 1000, texts: ['New.', 'Newer.'] }));
    await index.upsert([...olds, ...news].flatMap(({ points }) => points));
    expect(await index.countVersions('acme', news)).toEqual(news.map(() => 2));
    await index.publish('acme', news);
    expect(await index.countVersions('acme', olds)).toEqual(olds.map(() => 0));
    expect(await shown()).toEqual(news.map(({ sequence }, number) => `d${number}/${sequence}`).sort());
  });

  test('searches see one whole version, the old or the new, at every moment of a publish', async () => {
    const texts = Array.from({ length: 40 }, (_, number) => `Passage ${number}.`);
    await index.upsert(version({ sequence: 1, visible: true, texts }).points);
    const embedder: Embedder = { contract, embedPassages: () => Promise.resolve([]), embedQuery: () => Promise.resolve(unitVector(1)), close: () => Promise.resolve() };
    const search = createSearch(createReadPath({ index, embedder, emit: () => undefined }));
    const request = searchRequestSchema.parse({ query: 'passage', limit: 40, passagesPerDocument: 40 });
    const seen: (readonly string[])[] = [];
    let published = false;
    const reading = (async () => {
      while (!published) seen.push((await search(principal('acme'), request)).results.map(({ document }) => document.versionId));
    })();
    // One publish can cost a search one more round at most: with fewer publishes than rounds none may come out short.
    for (let sequence = 2; sequence <= searchSettingsFor({ model: 'any' }).maximumRounds; sequence += 1) {
      const next = version({ sequence, texts });
      await index.upsert(next.points);
      await index.publish('acme', [next]);
      await new Promise((resolve) => setTimeout(resolve, 30));
    }
    published = true;
    await reading;
    expect(seen.map((versions) => [versions.length, new Set(versions).size])).toEqual(seen.map(() => [40, 1]));
    expect(await shown()).toEqual([`document/${searchSettingsFor({ model: 'any' }).maximumRounds}`]);
  });

  test('a vector of another dimension is refused, and nothing of the batch is written', async () => {
    const written = version({ texts: ['One.', 'Two.'] });
    const broken = written.points.map((point, position) => (position === 1 ? { ...point, dense: unitVector(1, 9) } : point));
    await expect(index.upsert(broken)).rejects.toMatchObject({ code: 'INDEX_REJECTED', message: expect.stringContaining('dim') as string });
    expect(await index.countVersions('acme', [written])).toEqual([0]);
  });
});
