import { describe, expect, test } from 'vitest';
import type { FoundCode } from '../../../src/contracts/codes/codeSystems.ts';
import { CatalystError } from '../../../src/contracts/errors.ts';
import type { DomainEvent } from '../../../src/contracts/events.ts';
import { documentIdOf, pointIdOf, versionIdOf } from '../../../src/contracts/identifiers.ts';
import type { Principal } from '../../../src/contracts/principal.ts';
import { searchRequestSchema, searchResponseSchema } from '../../../src/contracts/search.ts';
import type { SearchResponse } from '../../../src/contracts/search.ts';
import type { Embedder } from '../../../src/ports/embedder.ts';
import { createReadPath } from '../../../src/retrieval/readPath.ts';
import { createSearch } from '../../../src/retrieval/search.ts';
import { MemoryIndex } from './memoryIndex.ts';
import type { MemoryPoint } from './memoryIndex.ts';

const principal: Principal = { tenant: 'acme', subject: 'someone', roles: [], policies: [] };
const embedder: Embedder = {
  contract: { model: 'none', revision: '1', dimension: 2, normalised: true, dtype: 'float32', pooling: 'cls', queryPrefix: '', passagePrefix: '', tokenLimit: 512 },
  embedPassages: () => Promise.reject(new Error('not asked in a search')),
  embedQuery: () => Promise.resolve(new Float32Array([1, 0])),
  close: () => Promise.resolve(),
};

interface PointOptions {
  readonly document: string;
  readonly ordinal?: number;
  readonly dense?: number;
  readonly sparse?: number;
  readonly sequence?: number;
  readonly text?: string;
  readonly codes?: FoundCode[];
}

function point({ document, ordinal = 0, dense = 0, sparse = 0, sequence = 1, text = 'A cell divides.', codes }: PointOptions): MemoryPoint {
  const documentId = documentIdOf('acme', document);
  const version = versionIdOf(documentId, `sha256:${sequence}`, sequence);
  const chunk = { ordinal, tier: 'passage' as const, text, start: 0, end: text.length, headings: ['Life'], page: 2, tokens: 5, ...(codes === undefined ? {} : { codes }) };
  const payload = { tenant: 'acme', document: documentId, version, sequence, visible: true, title: document, source: { type: 'text' as const, location: document }, tags: [], policies: [], metadata: {}, ingestedAt: '2026-01-01T00:00:00.000Z', chunk };
  return { id: pointIdOf(version, ordinal), dense, sparse, payload };
}

async function run(index: MemoryIndex, request: object = {}, emit: (event: DomainEvent) => void = () => undefined): Promise<SearchResponse> {
  return createSearch(createReadPath({ index, embedder, emit }))(principal, searchRequestSchema.parse({ query: 'dividing cells', ...request }));
}
const titles = (response: SearchResponse): string[] => response.results.map(({ document }) => document.title);

test('a result names the codes of its passage, and of its neighbours where they are joined', async () => {
  const [first, second] = [{ system: 'icd-10', code: 'E11' } as const, { system: 'icd-10', code: 'E11.9' } as const];
  const index = new MemoryIndex([point({ document: 'one', ordinal: 0, dense: 0.9, codes: [first] }), point({ document: 'one', ordinal: 1, dense: 0.8, codes: [first, second] }), point({ document: 'two', dense: 0.1 })]);
  expect((await run(index)).results.map(({ chunk }) => chunk.codes)).toEqual([[first], [first, second], undefined]);
  expect((await run(index, { joinNeighbours: true })).results.map(({ chunk }) => chunk.codes)).toEqual([[first, second], undefined]);
});

describe('facets', () => {
  const index = (): MemoryIndex => new MemoryIndex([point({ document: 'one', dense: 0.9 }), point({ document: 'two', dense: 0.5 })]);

  test('are counted beside the legs, each name once, and only where they are asked for', async () => {
    const asked = index();
    const response = await run(asked, { facets: ['tier', 'tags', 'tier'] });
    expect(response.facets).toEqual({ tier: [{ value: 'passage', count: 2 }], tags: [] });
    expect(searchResponseSchema.parse(response)).toEqual(response);
    expect(asked.facetted).toEqual([['tier', 'tags']]);
    const without = index();
    expect(await run(without)).not.toHaveProperty('facets');
    expect(without.facetted).toEqual([]);
  });

  test.each(['INDEX_UNAVAILABLE', 'INDEX_REJECTED'] as const)('are left out where the index cannot count them (%s), and the answer says so', async (code) => {
    const asked = index();
    asked.facet = () => Promise.reject(new CatalystError(code, 'Too slow.'));
    const response = await run(asked, { facets: ['tier'] });
    expect(titles(response)).toEqual(['one', 'two']);
    expect(response).not.toHaveProperty('facets');
    expect(searchResponseSchema.parse(response)).toMatchObject({ degraded: true, degradations: [{ part: 'facets', code, message: 'Too slow.' }] });
  });

  test('fail the search where they are asked for wrongly, or the index that counts is another one by now', async () => {
    for (const code of ['INVALID_REQUEST', 'INDEX_MOVED'] as const) {
      const asked = index();
      asked.facet = () => Promise.reject(new CatalystError(code, 'x'));
      await expect(run(asked, { facets: ['tier'] })).rejects.toMatchObject({ code });
    }
  });

  test('are asked for before the legs have answered', async () => {
    const asked = index();
    const legs = asked.queryLegs;
    let facetsWereAsked = false;
    asked.queryLegs = async (...given) => {
      await new Promise((resolve) => setTimeout(resolve, 5));
      facetsWereAsked = asked.facetted.length === 1;
      return legs(...given);
    };
    await run(asked, { facets: ['tags'] });
    expect(facetsWereAsked).toBe(true);
  });

  test.each([['nonsense'], ['metadata.'], ['metadata.a.b'], ['codes.snomed'], ['tenant'], ['policies']])('%j is no facet', (name) => {
    const parsed = searchRequestSchema.safeParse({ query: 'x', facets: [name] });
    expect(parsed.error?.issues[0]?.message).toMatch(/one of "tags".*"codes.icd-10".*"metadata.KEY"/);
  });
});

describe('search', () => {
  test('answers in the shape of the contract, with scores of each leg, highlights and explanation', async () => {
    const events: DomainEvent[] = [];
    const index = new MemoryIndex([point({ document: 'both', dense: 0.9, sparse: 5 }), point({ document: 'dense', dense: 0.5, text: 'Nothing.' }), point({ document: 'sparse', sparse: 9 })]);
    const response = await run(index, { explain: true }, (event) => events.push(event));
    expect(searchResponseSchema.parse(response)).toEqual(response);
    expect(titles(response)).toEqual(['both', 'sparse', 'dense']);
    const [first] = response.results;
    expect(first).toMatchObject({ rank: 1, score: 0.6, scores: { dense: { score: 0.9, rank: 1 }, sparse: { score: 5, rank: 2 }, fused: 0.6 }, chunk: { headings: ['Life'], page: 2, pageEnd: null } });
    expect(first?.highlights.map(({ start, end }) => first.passage.slice(start, end))).toEqual(['cell divides']);
    expect(first?.explanation).toEqual([
      'dense (similarity of meaning): score 0.9000, rank 1, adds 0.6000',
      'sparse (BM25 over terms): score 5.0000, rank 2, adds 0.0000',
      'fused: 0.6000 by min-max combination, 60 % dense and 40 % sparse',
      'terms of the query in the passage: cell, divid',
    ]);
    expect(events).toEqual([expect.objectContaining({ type: 'search.finished', tenant: 'acme', mode: 'hybrid', results: 3 })]);
    expect(index.queries).toHaveLength(1);
    expect(index.retrieved).toHaveLength(1);
  });

  test('each mode asks its legs alone', async () => {
    const index = new MemoryIndex([point({ document: 'a', dense: 0.9 }), point({ document: 'b', sparse: 3 })]);
    expect(titles(await run(index, { mode: 'dense' }))).toEqual(['a']);
    expect(titles(await run(index, { mode: 'sparse' }))).toEqual(['b']);
    expect(index.queries.map((query) => [query.dense !== undefined, query.sparse !== undefined])).toEqual([[true, false], [false, true]]);
  });

  test('a query without terms is answered by meaning alone, and by nothing in sparse mode', async () => {
    const index = new MemoryIndex([point({ document: 'a', dense: 0.9, sparse: 2 })]);
    const response = await run(index, { query: 'what is the' });
    expect(response.results[0]?.scores).toMatchObject({ sparse: null, dense: { rank: 1 } });
    expect((await run(index, { query: 'what is the', mode: 'sparse' })).results).toEqual([]);
    expect(index.queries.every(({ sparse }) => sparse === undefined)).toBe(true);
  });

  test('of two visible versions of a document only the newer is shown', async () => {
    const index = new MemoryIndex([point({ document: 'a', sequence: 1, dense: 0.9 }), point({ document: 'a', sequence: 2, dense: 0.4 }), point({ document: 'b', dense: 0.6 })]);
    const response = await run(index);
    expect(titles(response)).toEqual(['b', 'a']);
    expect(response.results[1]?.scores.dense?.score).toBe(0.4);
  });

  test('a document that changes between the two round trips is found in its new version', async () => {
    const before = point({ document: 'a', sequence: 1, dense: 0.9 });
    const index = new MemoryIndex([before, point({ document: 'b', dense: 0.6 })]);
    index.beforeRetrieve = () => {
      index.points = index.points.map((each) => (each.id === before.id ? point({ document: 'a', sequence: 2, dense: 0.8 }) : each));
    };
    const response = await run(index, { limit: 2 });
    expect(titles(response)).toEqual(['a', 'b']);
    expect(response.results[0]?.document.versionId).not.toBe(before.payload.version);
  });

  test('a document gives no more passages than asked, and its many passages do not keep others out', async () => {
    const large = Array.from({ length: 2000 }, (_, ordinal) => point({ document: 'large', ordinal, dense: 0.9 - ordinal / 1e5, sparse: 50 - ordinal / 1e3 }));
    const small = Array.from({ length: 12 }, (_, number) => point({ document: `small ${number}`, dense: 0.5 - number / 100, sparse: 1 }));
    const index = new MemoryIndex([...large, ...small]);
    const response = await run(index, { limit: 10, passagesPerDocument: 2 });
    expect(titles(response)).toEqual(['large', 'large', ...small.slice(0, 8).map(({ payload }) => payload.title)]);
    expect(index.queries.map(({ excludedDocuments }) => excludedDocuments?.length)).toEqual([0, 1]);
    expect(index.retrieved.flat().length).toBeLessThan(60);
  });

  test('a tenant with one large document costs a bounded number of round trips', async () => {
    const index = new MemoryIndex(Array.from({ length: 500 }, (_, ordinal) => point({ document: 'only', ordinal, dense: 0.9 - ordinal / 1e4 })));
    expect((await run(index)).results).toHaveLength(3);
    expect(index.queries.length).toBeLessThanOrEqual(3);
  });

  test('equal scores are ordered by id, the same at every search', async () => {
    const points = Array.from({ length: 9 }, (_, number) => point({ document: String(number), dense: 0.5, sparse: 1 }));
    const ids = async (order: MemoryPoint[]): Promise<string[]> => (await run(new MemoryIndex(order), { limit: 9 })).results.map(({ chunk }) => chunk.id);
    expect(await ids(points)).toEqual(points.map(({ id }) => id).sort());
    expect(await ids(points.toReversed())).toEqual(await ids(points));
  });

  test('what fails fails the search', async () => {
    const index = new MemoryIndex([point({ document: 'a', dense: 1 })]);
    const down = new CatalystError('INDEX_UNAVAILABLE', 'down');
    index.queryLegs = () => Promise.reject(down);
    await expect(run(index)).rejects.toBe(down);
    const later = new MemoryIndex([point({ document: 'a', dense: 1 })]);
    later.retrieve = () => Promise.reject(down);
    await expect(run(later)).rejects.toBe(down);
    const search = createSearch(createReadPath({ index, embedder: { ...embedder, embedQuery: () => Promise.reject(down) }, emit: () => undefined }));
    await expect(search(principal, searchRequestSchema.parse({ query: 'x' }))).rejects.toBe(down);
  });
});
