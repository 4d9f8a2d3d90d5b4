import { afterAll, beforeAll, expect, test } from 'vitest';
import { startQdrant, type Qdrant } from './qdrantServer.ts';

interface Scored {
  readonly id: number;
  readonly score: number;
  readonly payload?: object;
  readonly vector?: unknown;
  readonly order_value?: number;
}

let qdrant: Qdrant;
let collection: string;
beforeAll(async () => {
  qdrant = await startQdrant();
  const name = await qdrant.newCollection({ vectors: { dense: { size: 2, distance: 'Cosine' }, dot: { size: 2, distance: 'Dot' } }, sparse_vectors: { bm25: { modifier: 'idf' } } });
  collection = `/collections/${name}`;
  await qdrant.result('PUT', `${collection}/index?wait=true`, { field_name: 'tenant', field_schema: { type: 'keyword', is_tenant: true } });
  await qdrant.result('PUT', `${collection}/index?wait=true`, { field_name: 'rank', field_schema: 'integer' });
  const terms: Record<number, number[]> = { 1: [10], 2: [10, 20], 3: [10, 30], 4: [20], 5: [10], 6: [10] };
  await qdrant.result('PUT', `${collection}/points?wait=true`, {
    points: [1, 2, 3, 4, 5, 6].map((id) => {
      const angle = (id * Math.PI) / 14;
      const indices = terms[id] ?? [];
      const vector = { dense: [3 * Math.cos(angle), 3 * Math.sin(angle)], dot: [id, 1], bm25: { indices, values: indices.map(() => 1) } };
      return { id, vector, payload: { tenant: id <= 3 ? 'a' : 'b', rank: id * 10, document: `d${Math.ceil(id / 2)}` } };
    }),
  });
});
afterAll(() => qdrant.stop());

async function query(body: object): Promise<Scored[]> {
  return (await qdrant.result<{ points: Scored[] }>('POST', `${collection}/points/query`, body)).points;
}

const idsOf = (points: readonly Scored[]): number[] => points.map(({ id }) => id);
const tenant = (value: string): object => ({ must: [{ key: 'tenant', match: { value } }] });
const byAngle = { query: [1, 0], using: 'dense' };
const byTerm = { query: { indices: [20, 10], values: [1, 1] }, using: 'bm25' };

test('dense: cosine of the normalised vectors, best first, with limit, offset and filter', async () => {
  const points = await query({ ...byAngle, limit: 2 });
  expect(idsOf(points)).toEqual([1, 2]);
  expect(points[0]?.score).toBeCloseTo(Math.cos(Math.PI / 14), 5);
  expect(points[0]).not.toHaveProperty('payload');
  expect(points[0]).not.toHaveProperty('vector');
  expect(idsOf(await query({ ...byAngle, limit: 2, offset: 1 }))).toEqual([2, 3]);
  expect(idsOf(await query({ ...byAngle, filter: tenant('b') }))).toEqual([4, 5, 6]);
  expect(idsOf(await query({ ...byAngle, score_threshold: 0.8 }))).toEqual([1, 2]);
  expect(idsOf(await query({ ...byAngle, limit: 1, params: { exact: true, hnsw_ef: 64 } }))).toEqual([1]);
});

test('payload and vectors come where they are asked for', async () => {
  const [first] = await query({ ...byAngle, using: 'dot', limit: 1, with_payload: { include: ['rank'] }, with_vector: ['dot'] });
  expect(first).toMatchObject({ id: 6, score: 6, payload: { rank: 60 }, vector: { dot: [6, 1] } });
  expect(first?.payload).not.toHaveProperty('tenant');
});

/** Qdrant's inverse document frequency. */
const idf = (total: number, having: number): number => Math.log((total - having + 0.5) / (having + 0.5) + 1);

test('sparse: the weight of a term grows with its rarity', async () => {
  const points = await query(byTerm);
  expect(idsOf(points).slice(0, 2)).toEqual([2, 4]);
  expect(points[0]?.score).toBeCloseTo(idf(6, 5) + idf(6, 2), 4);
  expect(points[1]?.score).toBeCloseTo(idf(6, 2), 4);
});

test('sparse: idf can be counted over the points of a filter', async () => {
  const points = await query({ ...byTerm, filter: tenant('a'), params: { idf: { corpus: tenant('a') } } });
  expect(idsOf(points)[0]).toBe(2);
  expect(points[0]?.score).toBeCloseTo(idf(3, 3) + idf(3, 1), 4);
});

test('a batch answers each search in its place', async () => {
  const results = await qdrant.result<{ points: Scored[] }[]>('POST', `${collection}/points/query/batch`, {
    searches: [{ ...byAngle, filter: tenant('a'), limit: 5 }, { ...byTerm, filter: tenant('a'), limit: 5 }],
  });
  expect(results.map(({ points }) => idsOf(points))).toEqual([[1, 2, 3], expect.arrayContaining([1, 2, 3])]);
  expect(await qdrant.result('POST', `${collection}/points/query/batch`, { searches: [] })).toEqual([]);
});

test('reciprocal rank fusion: k counts from rank zero, weights stretch the ranks', async () => {
  const prefetch = [{ ...byAngle, limit: 2 }, { ...byTerm, limit: 2 }];
  const plain = await query({ prefetch, query: { fusion: 'rrf' } });
  expect(idsOf(plain)).toEqual([2, 1, 4]);
  expect(plain.map(({ score }) => score)).toEqual([expect.closeTo(1 / 3 + 1 / 2, 5), expect.closeTo(1 / 2, 5), expect.closeTo(1 / 3, 5)]);
  const wide = await query({ prefetch, query: { rrf: { k: 60 } } });
  expect(wide[0]?.score).toBeCloseTo(1 / 61 + 1 / 60, 5);
  const weighted = await query({ prefetch, query: { rrf: { k: 2, weights: [3, 1] } } });
  expect(idsOf(weighted)).toEqual([2, 1, 4]);
  expect(weighted[1]?.score).toBeCloseTo(1 / (1 / 3 + 1), 5);
});

test('distribution-based fusion adds normalised scores', async () => {
  const points = await query({ prefetch: [{ ...byAngle, limit: 3 }, { ...byTerm, limit: 3 }], query: { fusion: 'dbsf' } });
  expect(idsOf(points)[0]).toBe(2);
  expect(points.length).toBeGreaterThanOrEqual(4);
});

test('a formula works on the score, on payload and on conditions', async () => {
  const points = await query({
    prefetch: { ...byAngle, limit: 3 },
    query: { formula: { sum: ['$score', { mult: [0.1, 'rank'] }, { key: 'document', match: { value: 'd1' } }] }, defaults: { rank: 0 } },
  });
  expect(idsOf(points)).toEqual([2, 3, 1]);
  expect(points[2]?.score).toBeCloseTo(Math.cos(Math.PI / 14) + 1 + 1, 4);
});

test('a query by id leaves that point out; a missing id is a 404', async () => {
  expect(idsOf(await query({ query: 3, using: 'dense', limit: 2 })).sort()).toEqual([2, 4]);
  expect(await qdrant.call('POST', `${collection}/points/query`, { query: 77, using: 'dense' })).toMatchObject({
    status: 404, error: 'Not found: No point with id 77 found',
  });
});

test('recommendation takes likes and dislikes', async () => {
  const recommend = { positive: [1], negative: [6] };
  for (const strategy of ['average_vector', 'best_score', 'sum_scores']) {
    const points = await query({ query: { recommend: { ...recommend, strategy } }, using: 'dense' });
    expect(idsOf(points)).toEqual([2, 3, 4, 5]);
  }
});

test('diversity shows the first hit and then what differs from it', async () => {
  const points = await query({ query: { nearest: [1, 0], mmr: { diversity: 0.9, candidates_limit: 6 } }, using: 'dense', limit: 2 });
  expect(idsOf(points)).toEqual([1, 6]);
  expect(points[0]).not.toHaveProperty('vector');
});

test('points are ordered by a field, sampled, and listed without a query', async () => {
  const ordered = await query({ query: { order_by: { key: 'rank', direction: 'desc' } }, limit: 2 });
  expect(ordered.map(({ id, order_value }) => [id, order_value])).toEqual([[6, 60], [5, 50]]);
  expect(new Set(idsOf(await query({ query: { sample: 'random' }, limit: 6 })))).toEqual(new Set([1, 2, 3, 4, 5, 6]));
  expect(idsOf(await query({ limit: 3 }))).toEqual([1, 2, 3]);
});

test('groups hold the best of each value', async () => {
  const { groups } = await qdrant.result<{ groups: { id: string; hits: Scored[] }[] }>('POST', `${collection}/points/query/groups`, {
    ...byAngle, group_by: 'document', group_size: 1, limit: 2,
  });
  expect(groups.map(({ id, hits }) => [id, idsOf(hits)])).toEqual([['d1', [1]], ['d2', [3]]]);
  expect(groups[0]?.hits[0]).not.toHaveProperty('payload');
});

test.each<[string, object, number, RegExp]>([
  ['a wrong dimension', { query: [1, 2, 3], using: 'dense' }, 400, /Vector dimension error: expected dim: 2, got 3/],
  ['an unknown vector', { query: [1, 2], using: 'other' }, 400, /Not existing vector name error: other/],
  ['a limit of zero', { ...byAngle, limit: 0 }, 422, /limit: value 0 invalid, must be 1 or larger/],
  ['an hnsw_ef of zero', { ...byAngle, params: { hnsw_ef: 0 } }, 422, /hnsw_ef/],
  ['an unknown query', { query: { nearby: [1, 2] } }, 400, /Expected some form of vector, id, or a type of query/],
  ['prefetches without a query', { prefetch: [byAngle] }, 400, /A query is needed to merge the prefetches/],
  ['a fusion over a vector', { prefetch: [byAngle], query: { fusion: 'rrf' }, using: 'dense' }, 400, /cannot be combined with the 'using' field/],
])('%s is refused', async (_what, body, status, message) => {
  const answer = await qdrant.call('POST', `${collection}/points/query`, body);
  expect(answer.status).toBe(status);
  expect(answer.error).toMatch(message);
});
