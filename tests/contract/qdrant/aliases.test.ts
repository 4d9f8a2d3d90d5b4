import { randomUUID } from 'node:crypto';
import { afterAll, beforeAll, beforeEach, expect, test } from 'vitest';
import { startQdrant, type Answer, type Qdrant } from './qdrantServer.ts';

let qdrant: Qdrant;
let blue: string;
let green: string;
let alias: string;
beforeAll(async () => {
  qdrant = await startQdrant();
});
afterAll(() => qdrant.stop());
beforeEach(async () => {
  alias = `contract-alias-${randomUUID()}`;
  blue = await qdrant.newCollection({ vectors: { size: 2, distance: 'Dot' } });
  green = await qdrant.newCollection({ vectors: { size: 2, distance: 'Dot' } });
  await qdrant.result('PUT', `/collections/${blue}/points?wait=true`, { points: [{ id: 1, vector: [1, 0] }] });
  await qdrant.result('PUT', `/collections/${green}/points?wait=true`, { points: [{ id: 2, vector: [1, 0] }] });
  await change([{ create_alias: { alias_name: alias, collection_name: blue } }]);
});

function change(actions: object[]): Promise<Answer> {
  return qdrant.call('POST', '/collections/aliases', { actions });
}

async function idsBehind(name: string): Promise<unknown[]> {
  const { points } = await qdrant.result<{ points: { id: unknown }[] }>('POST', `/collections/${name}/points/query`, { query: [1, 0] });
  return points.map(({ id }) => id);
}

test('an alias stands for its collection in reading and writing', async () => {
  expect(await idsBehind(alias)).toEqual([1]);
  await qdrant.result('PUT', `/collections/${alias}/points?wait=true`, { points: [{ id: 3, vector: [0, 1] }] });
  expect(await qdrant.result('POST', `/collections/${blue}/points/count`, {})).toEqual({ count: 2 });
  expect(await qdrant.result('GET', `/collections/${alias}`)).toMatchObject({ points_count: 2 });
  expect(await qdrant.result('GET', `/collections/${alias}/exists`)).toEqual({ exists: true });
});

test('several actions switch an alias in one call', async () => {
  const answer = await change([{ delete_alias: { alias_name: alias } }, { create_alias: { alias_name: alias, collection_name: green } }]);
  expect(answer).toMatchObject({ status: 200, result: true });
  expect(await idsBehind(alias)).toEqual([2]);
});

test('aliases are listed, all and of one collection, and can be renamed', async () => {
  const renamed = `${alias}-renamed`;
  expect(await change([{ rename_alias: { old_alias_name: alias, new_alias_name: renamed } }])).toMatchObject({ status: 200 });
  const expected = { alias_name: renamed, collection_name: blue };
  expect(await qdrant.result('GET', `/collections/${blue}/aliases`)).toEqual({ aliases: [expected] });
  expect(await qdrant.result('GET', `/collections/${green}/aliases`)).toEqual({ aliases: [] });
  const { aliases } = await qdrant.result<{ aliases: object[] }>('GET', '/aliases');
  expect(aliases).toContainEqual(expected);
  expect((await change([{ rename_alias: { old_alias_name: alias, new_alias_name: 'x' } }])).status).toBe(404);
});

test('an alias of a missing collection, or with the name of a collection, is refused', async () => {
  expect((await change([{ create_alias: { alias_name: 'x', collection_name: `${blue}-missing` } }])).status).toBe(404);
  expect((await change([{ create_alias: { alias_name: green, collection_name: blue } }])).status).toBe(409);
});

test('a collection cannot take the name of an alias, and takes its aliases with it', async () => {
  expect((await qdrant.call('PUT', `/collections/${alias}`, { vectors: { size: 2, distance: 'Dot' } })).status).toBe(400);
  await qdrant.result('DELETE', `/collections/${blue}`);
  expect((await qdrant.call('POST', `/collections/${alias}/points/count`, {})).status).toBe(404);
});
