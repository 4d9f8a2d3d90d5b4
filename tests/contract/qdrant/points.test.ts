import { afterAll, beforeAll, beforeEach, expect, test } from 'vitest';
import { startQdrant, type Answer, type Qdrant } from './qdrantServer.ts';

const uuid = '5c56c793-69f3-4fbf-87e6-c4bf54c28c26';
let qdrant: Qdrant;
let points: string;
beforeAll(async () => {
  qdrant = await startQdrant();
});
afterAll(() => qdrant.stop());
beforeEach(async () => {
  const name = await qdrant.newCollection({
    vectors: { dense: { size: 3, distance: 'Dot' }, rows: { size: 2, distance: 'Dot', multivector_config: { comparator: 'max_sim' } } },
    sparse_vectors: { words: {} },
  });
  points = `/collections/${name}/points`;
  await write('PUT', '', {
    points: [
      { id: 1, vector: { dense: [0.05, 0.61, 0.76], words: { indices: [7, 2], values: [0.5, 0.25] } }, payload: { name: 'one', nested: { a: [1, 2] } } },
      { id: uuid, vector: { dense: [0.19, 0.81, 0.75] }, payload: { name: 'two', large: 9_007_199_254_740_991, ratio: 0.1, none: null } },
      { id: 3, vector: { rows: [[1, 2], [3, 4]] } },
    ],
  });
});

function write(method: string, path: string, body: unknown): Promise<unknown> {
  return qdrant.result(method, `${points}${path}?wait=true`, body);
}

async function payloadOf(id: number | string): Promise<unknown> {
  return (await qdrant.result<{ payload: unknown }>('GET', `${points}/${id}`)).payload;
}

function count(filter?: object): Promise<{ count: number }> {
  return qdrant.result('POST', `${points}/count`, filter === undefined ? {} : { filter });
}

test('a point comes back as it was given, numbers in their shortest form', async () => {
  expect(await qdrant.result('GET', `${points}/1`)).toEqual({
    id: 1,
    payload: { name: 'one', nested: { a: [1, 2] } },
    vector: { dense: [0.05, 0.61, 0.76], words: { indices: [2, 7], values: [0.25, 0.5] } },
  });
  expect(await payloadOf(uuid)).toEqual({ name: 'two', large: 9_007_199_254_740_991, ratio: 0.1, none: null });
  expect(await qdrant.result('GET', `${points}/3`)).toEqual({ id: 3, payload: {}, vector: { rows: [[1, 2], [3, 4]] } });
});

test('retrieval takes ids and selectors, and leaves out what is missing', async () => {
  const found = await qdrant.result<{ id: unknown }[]>('POST', points, { ids: [1, uuid, 404], with_payload: ['name'], with_vector: ['dense'] });
  expect(found).toHaveLength(2);
  expect(found).toContainEqual({ id: uuid, payload: { name: 'two' }, vector: { dense: [0.19, 0.81, 0.75] } });
  expect(await qdrant.result('POST', points, { ids: [1], with_payload: { exclude: ['nested'] } })).toEqual([{ id: 1, payload: { name: 'one' } }]);
  expect(await qdrant.result('POST', points, { ids: [1], with_payload: false })).toEqual([{ id: 1 }]);
  expect(await qdrant.call('GET', `${points}/404`)).toMatchObject({ status: 404, error: 'Not found: Point with id 404 does not exists!' });
  expect((await qdrant.call('GET', `${points}/not-an-id`)).status).toBe(400);
});

test('an upsert replaces a point wholly; the batch form does the same', async () => {
  await write('PUT', '', { batch: { ids: [1, 5], vectors: { dense: [[1, 1, 1], [2, 2, 2]] }, payloads: [{ name: 'new' }, null] } });
  expect(await qdrant.result('GET', `${points}/1`)).toEqual({ id: 1, payload: { name: 'new' }, vector: { dense: [1, 1, 1] } });
  expect(await count()).toEqual({ count: 4 });
});

test('wait decides between completed and acknowledged; the number of operations grows', async () => {
  const body = { points: [{ id: 9, vector: {} }] };
  const first = await qdrant.result<{ operation_id: number; status: string }>('PUT', `${points}?wait=true&ordering=strong`, body);
  const second = await qdrant.result<{ operation_id: number; status: string }>('PUT', points, body);
  expect([first.status, second.status]).toEqual(['completed', 'acknowledged']);
  expect(second.operation_id).toBeGreaterThan(first.operation_id);
  expect((await qdrant.call('PUT', `${points}?ordering=loose`, body)).status).toBe(400);
});

test('payload is set, replaced, thinned and cleared, by ids and by filter', async () => {
  await write('POST', '/payload', { payload: { shown: true }, points: [1, uuid] });
  expect(await payloadOf(1)).toEqual({ name: 'one', nested: { a: [1, 2] }, shown: true });
  await write('POST', '/payload', { payload: { b: 3 }, key: 'nested', points: [1] });
  expect(await payloadOf(1)).toMatchObject({ nested: { a: [1, 2], b: 3 } });
  await write('POST', '/payload/delete', { keys: ['nested.a', 'shown'], filter: { must: [{ key: 'name', match: { value: 'one' } }] } });
  expect(await payloadOf(1)).toEqual({ name: 'one', nested: { b: 3 } });
  await write('PUT', '/payload', { payload: { only: 1 }, filter: { must: [{ has_id: [1] }] } });
  expect(await payloadOf(1)).toEqual({ only: 1 });
  await write('POST', '/payload/clear', { points: [1] });
  expect(await payloadOf(1)).toEqual({});
  expect(await payloadOf(uuid)).toMatchObject({ shown: true });
});

test('vectors of a point are changed and removed alone', async () => {
  await write('PUT', '/vectors', { points: [{ id: 1, vector: { dense: [9, 9, 9] } }] });
  await write('POST', '/vectors/delete', { points: [1], vector: ['words'] });
  expect(await qdrant.result('GET', `${points}/1`)).toMatchObject({ vector: { dense: [9, 9, 9] }, payload: { name: 'one' } });
  expect(await count({ must: [{ has_vector: 'words' }] })).toEqual({ count: 0 });
});

test('points are deleted by ids and by filter', async () => {
  await write('POST', '/delete', { points: [3] });
  await write('POST', '/delete', { filter: { must: [{ key: 'name', match: { value: 'two' } }] } });
  expect(await count()).toEqual({ count: 1 });
  expect((await qdrant.call('POST', `${points}/delete?wait=true`, {})).status).toBe(400);
});

test('a batch does its operations in their order', async () => {
  const results = await write('POST', '/batch', {
    operations: [
      { upsert: { points: [{ id: 20, vector: { dense: [1, 2, 3] }, payload: { shown: false, version: 2 } }] } },
      { set_payload: { payload: { shown: true }, points: [20] } },
      { set_payload: { payload: { shown: false }, points: [1] } },
      { delete_payload: { keys: ['version'], points: [20] } },
      { delete: { points: [3] } },
    ],
  });
  expect(results).toHaveLength(5);
  expect(await payloadOf(20)).toEqual({ shown: true });
  expect(await payloadOf(1)).toMatchObject({ shown: false });
  expect(await count()).toEqual({ count: 3 });
});

test.each([
  ['a wrong dimension', { points: [{ id: 50, vector: { dense: [1, 2, 3] } }, { id: 51, vector: { dense: [1, 2] } }] }, 400, 'Wrong input: Vector dimension error: expected dim: 3, got 2'],
  ['an unknown vector name', { points: [{ id: 51, vector: { other: [1] } }] }, 400, 'Wrong input: Not existing vector name error: other'],
  ['an id that is none', { points: [{ id: 'abc', vector: { dense: [1, 2, 3] } }] }, 400, /not a valid point ID/],
  ['an empty vector', { points: [{ id: 51, vector: { dense: [] } }] }, 422, /must not be empty/],
  ['a sparse vector of two lengths', { points: [{ id: 51, vector: { words: { indices: [1, 2], values: [1] } } }] }, 422, /must be the same length as indices/],
  ['a repeated index', { points: [{ id: 51, vector: { words: { indices: [1, 1], values: [1, 2] } } }] }, 422, /must be unique/],
])('%s is refused and nothing of its batch is written', async (_what, body, status, message) => {
  for (const wait of ['true', 'false']) {
    const answer: Answer = await qdrant.call('PUT', `${points}?wait=${wait}`, body);
    expect(answer.status).toBe(status);
    expect(answer.error).toEqual(typeof message === 'string' ? message : expect.stringMatching(message));
  }
  expect(await count({ must: [{ has_id: [50, 51] }] })).toEqual({ count: 0 });
});

test('payload of a missing point is a 404', async () => {
  const answer = await qdrant.call('POST', `${points}/payload?wait=true`, { payload: { a: 1 }, points: [404] });
  expect(answer).toMatchObject({ status: 404, error: 'Not found: No point with id 404 found' });
});
