import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { createGenerationIndex } from '../../../src/adapters/qdrant/generationIndex.ts';
import { createQdrantIndex } from '../../../src/adapters/qdrant/qdrantIndex.ts';
import type { QdrantIndex } from '../../../src/adapters/qdrant/qdrantIndex.ts';
import { settingsOfBefore } from '../../../src/contracts/indexSettings.ts';
import type { IndexSettings } from '../../../src/contracts/indexSettings.ts';
import { recallOf } from '../../../src/generations/recall.ts';
import { contract, newAlias, startIndexServer } from './indexServer.ts';
import type { IndexServer } from './indexServer.ts';
import { principal, unitVector, version } from './points.ts';

let server: IndexServer;
let index: QdrantIndex;
let generations: ReturnType<typeof createGenerationIndex>;
const alias = newAlias();
const layouts: Readonly<Record<string, IndexSettings>> = {
  exact: { ...settingsOfBefore, exactPoints: 10_000 },
  scalar: { ...settingsOfBefore, exactPoints: 100, quantisation: 'scalar' },
  binary: { ...settingsOfBefore, links: 16, tenantLinks: 0, exactPoints: 100, quantisation: 'binary', vectorsOnDisk: true },
};
const nameOf = (layout: string): string => `${alias}_${layout}`;
const texts = Array.from({ length: 12 }, (_, place) => `Ship number ${place}.`);
const written = ['big', 'small'].map((tenant) => version({ tenant, name: `of ${tenant}`, visible: true, texts }));

beforeAll(async () => {
  server = await startIndexServer();
  server.open(alias);
  const searching = { oversampling: 2, effort: 128, consistency: 'majority' };
  const connection = { url: server.url, apiKey: process.env['QDRANT_API_KEY'], alias, requestTimeoutMs: 30_000, searching };
  generations = createGenerationIndex(connection);
  index = createQdrantIndex({ ...connection, contract });
  await index.prepare();
  for (const [layout, settings] of Object.entries(layouts)) {
    await generations.create(nameOf(layout), contract, settings);
    await generations.write(nameOf(layout), written.flatMap(({ points }) => points));
  }
}, 600_000);
afterAll(async () => {
  await Promise.all([generations.close(), index.close()]);
  await server.stop();
});

describe.each(Object.keys(layouts))('a collection laid out as %s', (layout) => {
  it('says what it was made with, and Qdrant has taken it', async () => {
    expect(await generations.settingsOf(nameOf(layout))).toEqual(layouts[layout]);
    const { config } = (await server.send('GET', `/collections/${nameOf(layout)}`)) as { config: { hnsw_config: { m: number; payload_m: number }; quantization_config: object | null; params: { vectors: { dense: { on_disk?: boolean } } } } };
    expect(config.hnsw_config).toMatchObject({ m: layouts[layout]?.links, payload_m: layouts[layout]?.tenantLinks });
    expect(Object.keys(config.quantization_config ?? {})).toEqual(layout === 'exact' ? [] : [layout]);
    expect(config.params.vectors.dense.on_disk === true).toBe(layout === 'binary');
  });

  it('is searched with the same request as any other', async () => {
    await generations.pointAliasAt(nameOf(layout), null);
    const { dense } = await index.queryLegs(principal('big'), {}, { dense: unitVector(3), limit: 20 });
    expect(dense?.map(({ id }) => id).sort()).toEqual(written[0]?.points.map(({ id }) => id).sort());
  });

  it('is compared with exact search by the neighbours of its points, tenant by tenant', async () => {
    const compared = await generations.compareSearches(nameOf(layout), 8, 5);
    expect(compared).toHaveLength(8);
    const owner = new Map(written.flatMap(({ points }) => points.map(({ id, payload }) => [id, payload.tenant])));
    for (const { exact, found } of compared) {
      expect([exact.length, found.length]).toEqual([5, 5]);
      expect(new Set([...exact, ...found].map(({ id }) => owner.get(id))).size).toBe(1);
    }
    expect(recallOf(compared)).toBe(1);
  });
});

it('a collection of before there was a choice is known as what it is, and one that is not there as none', async () => {
  const old = `${alias}_old`;
  await server.send('PUT', `/collections/${old}`, { vectors: { dense: { size: 8, distance: 'Dot' } } });
  expect([await generations.settingsOf(old), await generations.settingsOf(`${alias}_none`)]).toEqual([settingsOfBefore, undefined]);
});

it('more points are asked for than there are: each is compared once', async () => {
  expect(await generations.compareSearches(nameOf('exact'), 100, 3)).toHaveLength(24);
});
