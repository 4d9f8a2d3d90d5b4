import { afterAll, beforeAll, expect, test } from 'vitest';
import { startQdrant, type Qdrant } from './qdrantServer.ts';

let qdrant: Qdrant;
let points: string;
let facet: string;
beforeAll(async () => {
  qdrant = await startQdrant();
  const name = await qdrant.newCollection({ vectors: { size: 2, distance: 'Dot' }, sparse_vectors: { words: {} } });
  points = `/collections/${name}/points`;
  facet = `/collections/${name}/facet`;
  const index = async (field_name: string, field_schema: unknown): Promise<unknown> =>
    qdrant.result('PUT', `/collections/${name}/index?wait=true`, { field_name, field_schema });
  for (const field of ['tenant', 'tags', 'items[].kind']) await index(field, 'keyword');
  for (const field of ['number', 'items[].size']) await index(field, 'integer');
  await index('at', 'datetime');
  await index('place', 'geo');
  await index('text', { type: 'text', tokenizer: 'word', lowercase: true, phrase_matching: true });
  await qdrant.result('PUT', `${points}?wait=true`, {
    points: [
      { id: 1, vector: [1, 0], payload: { tenant: 'a', number: 1, tags: ['x', 'y'], at: '2024-01-01T00:00:00Z', text: 'The quick brown fox', place: { lon: 13.4, lat: 52.5 }, shown: true } },
      { id: 2, vector: [1, 1], payload: { tenant: 'a', number: 2, tags: ['y'], at: '2024-06-01T00:00:00Z', text: 'A lazy dog', place: { lon: 2.35, lat: 48.85 }, shown: false } },
      { id: 3, vector: [0, 1], payload: { tenant: 'b', number: 3, tags: [], at: '2025-01-01T12:00:00+02:00', text: 'Brown quick', items: [{ kind: 'p', size: 1 }, { kind: 'q', size: 9 }] } },
      { id: 4, vector: [2, 2], payload: { tenant: 'b', number: 4, tags: null, items: [{ kind: 'p', size: 9 }] } },
      { id: 5, vector: { words: { indices: [1], values: [1] } } },
    ],
  });
});
afterAll(() => qdrant.stop());

async function matching(filter: object): Promise<unknown[]> {
  const { points: found } = await qdrant.result<{ points: { id: unknown }[] }>('POST', `${points}/scroll`, { filter, limit: 100 });
  return found.map(({ id }) => id);
}

const field = (key: string, condition: object): object => ({ must: [{ key, ...condition }] });

test.each<[string, object, number[]]>([
  ['match value', field('tenant', { match: { value: 'a' } }), [1, 2]],
  ['match number', field('number', { match: { value: 3 } }), [3]],
  ['match boolean', field('shown', { match: { value: false } }), [2]],
  ['match any', field('tags', { match: { any: ['x', 'z'] } }), [1]],
  ['match any of numbers', field('number', { match: { any: [1, 4] } }), [1, 4]],
  ['match except', field('tenant', { match: { except: ['a'] } }), [3, 4]],
  ['match text needs all words', field('text', { match: { text: 'quick brown' } }), [1, 3]],
  ['match text_any needs one', field('text', { match: { text_any: 'fox dog' } }), [1, 2]],
  ['match phrase keeps the order', field('text', { match: { phrase: 'quick brown' } }), [1]],
  ['range', field('number', { range: { gt: 1, lte: 3 } }), [2, 3]],
  ['datetime range', field('at', { range: { gte: '2024-06-01T00:00:00Z', lt: '2025-01-01T10:00:01Z' } }), [2, 3]],
  ['values_count', field('tags', { values_count: { gte: 2 } }), [1]],
  ['is_empty', { must: [{ is_empty: { key: 'tags' } }] }, [3, 4, 5]],
  ['is_null', { must: [{ is_null: { key: 'tags' } }] }, [4]],
  ['has_id', { must: [{ has_id: [2, 5, 99] }] }, [2, 5]],
  ['has_vector', { must: [{ has_vector: 'words' }] }, [5]],
  ['has_vector of the unnamed one', { must: [{ has_vector: '' }] }, [1, 2, 3, 4]],
  ['geo_radius', field('place', { geo_radius: { center: { lon: 13.4, lat: 52.5 }, radius: 1000 } }), [1]],
  ['geo_bounding_box', field('place', { geo_bounding_box: { top_left: { lon: 0, lat: 50 }, bottom_right: { lon: 5, lat: 45 } } }), [2]],
  ['geo_polygon', field('place', { geo_polygon: { exterior: { points: [{ lon: 12, lat: 51 }, { lon: 15, lat: 51 }, { lon: 15, lat: 54 }, { lon: 12, lat: 54 }, { lon: 12, lat: 51 }] } } }), [1]],
  ['nested: both on one item', { must: [{ nested: { key: 'items', filter: { must: [{ key: 'kind', match: { value: 'p' } }, { key: 'size', match: { value: 9 } }] } } }] }, [4]],
  ['not nested: on any item', { must: [{ key: 'items[].kind', match: { value: 'p' } }, { key: 'items[].size', match: { value: 9 } }] }, [3, 4]],
  ['should', { should: [{ key: 'number', match: { value: 1 } }, { key: 'number', match: { value: 4 } }] }, [1, 4]],
  ['must_not', { must_not: [{ key: 'tenant', match: { value: 'a' } }] }, [3, 4, 5]],
  ['min_should', { min_should: { conditions: [{ key: 'tenant', match: { value: 'a' } }, { key: 'number', range: { gte: 2 } }, { key: 'tags', match: { value: 'y' } }], min_count: 3 } }, [2]],
  ['a filter inside a filter', { must: [{ should: [{ key: 'number', match: { value: 1 } }, { key: 'number', match: { value: 3 } }] }, { key: 'tenant', match: { value: 'b' } }] }, [3]],
  ['one condition without a list', { must: { key: 'number', match: { value: 2 } } }, [2]],
  ['an empty filter', {}, [1, 2, 3, 4, 5]],
])('filter: %s', async (_what, filter, ids) => {
  expect(await matching(filter)).toEqual(ids);
  expect(await qdrant.result('POST', `${points}/count`, { filter, exact: true })).toEqual({ count: ids.length });
});

test.each<[string, object, number]>([
  ['an unknown clause', { must_also: [] }, 400],
  ['a condition without a test', field('tenant', {}), 422],
  ['an unknown match', field('tenant', { match: { like: 'a' } }), 400],
  ['a mixed list', field('tenant', { match: { any: ['a', 1] } }), 400],
])('filter: %s is refused', async (_what, filter, status) => {
  expect((await qdrant.call('POST', `${points}/scroll`, { filter })).status).toBe(status);
});

test('scrolling pages by id and ends with null', async () => {
  const first = await qdrant.result<{ points: { id: number }[]; next_page_offset: unknown }>('POST', `${points}/scroll`, { limit: 3, with_payload: false });
  expect(first).toEqual({ points: [{ id: 1 }, { id: 2 }, { id: 3 }], next_page_offset: 4 });
  const second = await qdrant.result('POST', `${points}/scroll`, { limit: 3, offset: first.next_page_offset, with_payload: false, with_vector: true });
  expect(second).toEqual({
    points: [{ id: 4, vector: [2, 2] }, { id: 5, vector: { words: { indices: [1], values: [1] } } }],
    next_page_offset: null,
  });
});

test('scrolling in the order of a field shows its value; without an index it is refused', async () => {
  const ordered = await qdrant.result('POST', `${points}/scroll`, { order_by: { key: 'number', direction: 'desc', start_from: 3 }, limit: 2, with_payload: false });
  expect(ordered).toEqual({ points: [{ id: 3, order_value: 3 }, { id: 2, order_value: 2 }], next_page_offset: null });
  const refused = await qdrant.call('POST', `${points}/scroll`, { order_by: 'shown' });
  expect(refused.status).toBe(400);
  expect(refused.error).toContain('No range index for `order_by` key');
});

test('facets count the values of an indexed field', async () => {
  expect(await qdrant.result('POST', facet, { key: 'tags', exact: true })).toEqual({ hits: [{ value: 'y', count: 2 }, { value: 'x', count: 1 }] });
  const filter = { must: [{ key: 'number', range: { gte: 2 } }] };
  expect(await qdrant.result('POST', facet, { key: 'tenant', filter, limit: 1, exact: true })).toEqual({ hits: [{ value: 'b', count: 2 }] });
  expect((await qdrant.call('POST', facet, { key: 'shown' })).status).toBe(400);
});
