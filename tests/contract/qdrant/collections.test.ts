import { afterAll, beforeAll, expect, test } from 'vitest';
import { startQdrant, type Qdrant } from './qdrantServer.ts';

let qdrant: Qdrant;
beforeAll(async () => {
  qdrant = await startQdrant();
});
afterAll(() => qdrant.stop());

interface Info {
  readonly status: string;
  readonly points_count: number;
  readonly segments_count: number;
  readonly indexed_vectors_count: number;
  readonly payload_schema: Record<string, { data_type: string; params?: object; points: number }>;
  readonly config: Record<string, Record<string, unknown>>;
}

test('the root names the product and its version, the probes answer', async () => {
  const root = (await (await fetch(`${qdrant.url}/`)).json()) as { title: string; version: string };
  expect(root.title).toBe('qdrant - vector search engine');
  expect(root.version).toMatch(/^1\.\d+\.\d+$/);
  for (const probe of ['/healthz', '/livez', '/readyz']) expect((await fetch(qdrant.url + probe)).status).toBe(200);
});

test('a collection shows the configuration it was given, with the defaults of what was not', async () => {
  const name = await qdrant.newCollection({
    vectors: { dense: { size: 384, distance: 'Cosine', on_disk: true } },
    sparse_vectors: { bm25: { modifier: 'idf' } },
    hnsw_config: { m: 0, payload_m: 16 },
    optimizers_config: { indexing_threshold: 20_000 },
    quantization_config: { scalar: { type: 'int8', quantile: 0.99, always_ram: true } },
    on_disk_payload: false,
  });
  const info = await qdrant.result<Info>('GET', `/collections/${name}`);
  expect(info).toMatchObject({ status: 'green', optimizer_status: 'ok', points_count: 0, payload_schema: {} });
  expect(info.config).toMatchObject({
    params: {
      vectors: { dense: { size: 384, distance: 'Cosine', on_disk: true } },
      sparse_vectors: { bm25: { modifier: 'idf' } },
      shard_number: 1, replication_factor: 1, write_consistency_factor: 1, on_disk_payload: false,
    },
    hnsw_config: { m: 0, payload_m: 16, ef_construct: 100, full_scan_threshold: 10_000 },
    optimizer_config: { indexing_threshold: 20_000, deleted_threshold: 0.2, flush_interval_sec: 5 },
    quantization_config: { scalar: { type: 'int8', quantile: 0.99, always_ram: true } },
  });
});

test('it is listed, exists, and is gone after its deletion', async () => {
  const name = await qdrant.newCollection({ vectors: { size: 4, distance: 'Dot' } });
  const { collections } = await qdrant.result<{ collections: { name: string }[] }>('GET', '/collections');
  expect(collections).toContainEqual({ name });
  expect(await qdrant.result('GET', `/collections/${name}/exists`)).toEqual({ exists: true });
  expect(await qdrant.result('DELETE', `/collections/${name}`)).toBe(true);
  expect(await qdrant.result('DELETE', `/collections/${name}`)).toBe(false);
  expect(await qdrant.result('GET', `/collections/${name}/exists`)).toEqual({ exists: false });
  expect(await qdrant.call('GET', `/collections/${name}`)).toMatchObject({ status: 404, error: `Not found: Collection \`${name}\` doesn't exist!` });
});

test('a second collection of the same name is a conflict', async () => {
  const body = { vectors: { size: 4, distance: 'Dot' } };
  const name = await qdrant.newCollection(body);
  expect(await qdrant.call('PUT', `/collections/${name}`, body)).toMatchObject({
    status: 409, error: `Wrong input: Collection \`${name}\` already exists!`,
  });
});

test.each([
  ['a distance that does not exist', { vectors: { size: 4, distance: 'Cosinus' } }, 400],
  ['a vector without size', { vectors: { distance: 'Dot' } }, 400],
  ['a size of zero', { vectors: { size: 0, distance: 'Dot' } }, 422],
  ['a search tree that is too thin', { vectors: { size: 4, distance: 'Dot' }, hnsw_config: { ef_construct: 0 } }, 422],
  ['one name for a dense and a sparse vector', { vectors: { a: { size: 4, distance: 'Dot' } }, sparse_vectors: { a: {} } }, 400],
])('%s is refused', async (_what, body, status) => {
  const answer = await qdrant.call('PUT', '/collections/contract-refused', body);
  expect(answer.status).toBe(status);
  expect(answer.error).toBeTruthy();
});

test('settings can be changed; what is not named stays', async () => {
  const name = await qdrant.newCollection({ vectors: { dense: { size: 4, distance: 'Dot' } }, hnsw_config: { m: 24 } });
  await qdrant.result('PUT', `/collections/${name}/points?wait=true`, { points: [{ id: 1, vector: { dense: [1, 2, 3, 4] } }] });
  await qdrant.result('PATCH', `/collections/${name}`, {
    hnsw_config: { ef_construct: 120 }, optimizers_config: { indexing_threshold: 5000 }, vectors: { dense: { on_disk: true } },
  });
  const { config, points_count } = await qdrant.result<Info>('GET', `/collections/${name}`);
  expect(config).toMatchObject({
    hnsw_config: { m: 24, ef_construct: 120 }, optimizer_config: { indexing_threshold: 5000 }, params: { vectors: { dense: { on_disk: true, size: 4 } } },
  });
  expect(points_count).toBe(1);
});

test('payload indexes of every kind are made, shown and removed', async () => {
  const name = await qdrant.newCollection({ vectors: { size: 2, distance: 'Dot' } });
  const schemas: Record<string, unknown> = {
    tenant: { type: 'keyword', is_tenant: true }, tag: 'keyword', count: 'integer', price: 'float', place: 'geo',
    body: { type: 'text', tokenizer: 'word', lowercase: true }, shown: 'bool', at: 'datetime', key: 'uuid',
  };
  for (const [field_name, field_schema] of Object.entries(schemas)) {
    expect(await qdrant.result('PUT', `/collections/${name}/index?wait=true`, { field_name, field_schema })).toMatchObject({ status: 'completed' });
  }
  await qdrant.result('PUT', `/collections/${name}/points?wait=true`, { points: [{ id: 1, vector: [1, 0], payload: { tenant: 'a', tag: ['x', 'y'] } }] });
  const { payload_schema } = await qdrant.result<Info>('GET', `/collections/${name}`);
  expect(Object.keys(payload_schema).sort()).toEqual(Object.keys(schemas).sort());
  expect(payload_schema['tenant']).toMatchObject({ data_type: 'keyword', params: { type: 'keyword', is_tenant: true }, points: 1 });
  expect(payload_schema['count']).toMatchObject({ data_type: 'integer', points: 0 });
  await qdrant.result('DELETE', `/collections/${name}/index/tag?wait=true`);
  const after = await qdrant.result<Info>('GET', `/collections/${name}`);
  expect(after.payload_schema).not.toHaveProperty('tag');
});

test('a path that needs a body refuses a malformed one', async () => {
  const name = await qdrant.newCollection({ vectors: { size: 2, distance: 'Dot' } });
  const answer = await qdrant.call('POST', `/collections/${name}/points/query`, '{"query": [1, ');
  expect(answer.status).toBe(400);
  expect(answer.error).toMatch(/^Format error in JSON body: /);
});
