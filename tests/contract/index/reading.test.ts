import fc from 'fast-check';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import type { QdrantIndex } from '../../../src/adapters/qdrant/qdrantIndex.ts';
import type { FoundCode } from '../../../src/contracts/codes/codeSystems.ts';
import { toStored } from '../../../src/adapters/qdrant/payload.ts';
import { tiers } from '../../../src/contracts/documents.ts';
import type { Tier } from '../../../src/contracts/documents.ts';
import type { FacetCount, FacetName } from '../../../src/contracts/facets.ts';
import type { Principal } from '../../../src/contracts/principal.ts';
import { searchFiltersSchema } from '../../../src/contracts/search.ts';
import type { SearchFilters } from '../../../src/contracts/search.ts';
import type { ChunkPayload, IndexPoint } from '../../../src/ports/vectorIndex.ts';
import { querySparseVector } from '../../../src/retrieval/sparse/sparseVector.ts';
import { chunkFilter } from '../../../src/tenancy/chunkFilter.ts';
import { matches } from '../../unit/tenancy/evaluateFilter.ts';
import { newAlias, startIndexServer } from './indexServer.ts';
import type { IndexServer } from './indexServer.ts';
import { principal, unitVector, version } from './points.ts';

let server: IndexServer;
let index: QdrantIndex;
beforeAll(async () => {
  server = await startIndexServer();
  index = server.open(newAlias());
  await index.prepare();
});
afterAll(() => server.stop());

async function idsFound(reader: Principal, filters: SearchFilters, excludedDocuments: string[] = []): Promise<string[]> {
  const { dense } = await index.queryLegs(reader, filters, { dense: unitVector(1), limit: 1000, excludedDocuments });
  return (dense ?? []).map(({ id }) => id).sort();
}

describe('reading', () => {
  test('legs are ranked, cut at the limit, and asked one by one or together', async () => {
    const written = version({ tenant: 'legs', visible: true, texts: ['Cells divide.', 'Cells grow and cells rest.', 'Stars shine.'] });
    await index.upsert(written.points);
    const reader = principal('legs');
    const both = await index.queryLegs(reader, {}, { dense: unitVector(1), sparse: querySparseVector('cells'), limit: 2 });
    expect(both.dense?.map(({ id }) => id)).toEqual([written.points[0]?.id, written.points[1]?.id]);
    expect(both.sparse?.map(({ id }) => id)).toEqual([written.points[1]?.id, written.points[0]?.id]);
    expect(both.sparse?.every(({ score }) => score > 0)).toBe(true);
    expect(Object.keys(await index.queryLegs(reader, {}, { sparse: querySparseVector('stars'), limit: 2 }))).toEqual(['sparse']);
    expect(await index.queryLegs(reader, {}, { sparse: querySparseVector('absent'), limit: 2 })).toEqual({ sparse: [] });
    expect(await index.queryLegs(reader, {}, { limit: 2 })).toEqual({});
  });

  test('BM25 statistics are those of the tenant: what others store does not change a score', async () => {
    await index.upsert(version({ tenant: 'small', visible: true, texts: ['Cells divide.', 'Stars shine.', 'Rivers flow.'] }).points);
    const scoresOf = async (): Promise<unknown> => index.queryLegs(principal('small'), {}, { sparse: querySparseVector('cells'), limit: 5 });
    const before = await scoresOf();
    await index.upsert(version({ tenant: 'loud', visible: true, texts: Array.from({ length: 200 }, (_, number) => `Cells ${number}.`) }).points);
    expect(await scoresOf()).toEqual(before);
    // ln(1 + (3 - 1 + 0.5) / (1 + 0.5)) times the stored weight.
    const idf = Math.log(1 + 2.5 / 1.5);
    const stored = version({ tenant: 'small', texts: ['Cells divide.'] }).points[0]?.sparse;
    const query = querySparseVector('cells').indices[0] ?? -1;
    expect((before as { sparse: { score: number }[] }).sparse[0]?.score).toBeCloseTo(idf * (stored?.values[stored.indices.indexOf(query)] ?? NaN), 4);
  });

  test('codes of tokens come where their version is asked for, and are left out else', async () => {
    const tokenCodes = { version: 'one', codes: Uint8Array.of(0, 1, 254, 255) };
    const coded = version({ tenant: 'codes', name: 'coded', visible: true, payload: { tokenCodes } });
    const plain = version({ tenant: 'codes', name: 'plain', visible: true });
    await index.upsert([...coded.points, ...plain.points]);
    const ids = [coded, plain].map(({ points }) => points[0]?.id ?? '');
    const found = async (reader: Principal, tokenCodesOf?: string) => {
      const payloads = await index.retrieve(reader, ids, tokenCodesOf);
      return ids.map((id) => payloads.get(id)?.tokenCodes);
    };
    expect(await found(principal('codes'))).toEqual([undefined, undefined]);
    expect(await found(principal('codes'), 'one')).toEqual([tokenCodes, null]);
    expect(await found(principal('codes'), 'two')).toEqual([null, null]);
    expect((await index.retrieve(principal('others'), ids, 'one')).size).toBe(0);
  });

  test('points of others, hidden points and those under labels not held cannot be had by their ids', async () => {
    const own = version({ tenant: 'reader', name: 'own', visible: true });
    const hidden = version({ tenant: 'reader', name: 'hidden' });
    const labelled = version({ tenant: 'reader', name: 'labelled', visible: true, payload: { policies: ['p', 'q'] } });
    const foreign = version({ tenant: 'owner', name: 'foreign', visible: true });
    const points = [own, hidden, labelled, foreign].flatMap((each) => each.points);
    await index.upsert(points);
    const titles = async (reader: Principal): Promise<string[]> => [...(await index.retrieve(reader, points.map(({ id }) => id))).values()].map(({ title }) => title).sort();
    expect(await titles(principal('reader'))).toEqual(['own']);
    expect(await titles(principal('reader', ['p']))).toEqual(['own']);
    expect(await titles(principal('reader', ['q', 'p']))).toEqual(['labelled', 'own']);
    expect(await titles(principal('owner'))).toEqual(['foreign']);
    expect(await titles(principal('nobody', ['p', 'q']))).toEqual([]);
    expect(await idsFound(principal('reader'), { documents: [foreign.documentId, own.documentId] })).toEqual([own.points[0]?.id]);
    expect(await index.retrieve(principal('reader'), [])).toEqual(new Map());
  });

  test('more ids than one page of a scroll come back whole', async () => {
    const many = version({ tenant: 'many', visible: true, texts: Array.from({ length: 300 }, (_, number) => `Passage ${number}.`) });
    await index.upsert(many.points);
    expect((await index.retrieve(principal('many'), many.points.map(({ id }) => id))).size).toBe(300);
  });
});

const long = `${'x'.repeat(95)}"\\é😀`;
const text = fc.constantFrom('en', 'de', '1', 'true', 'En', 'e"n', '2026-02-01', '2026-02-01T12:00:00Z', '2026-03-01T00:30:00+01:00', long.repeat(3));
const scalar = fc.oneof(text, fc.integer({ min: 0, max: 3 }), fc.constantFrom(0.5, 1.5), fc.boolean());
const metadataValue = fc.oneof(scalar, fc.array(fc.constantFrom('en', 'de', 'fr', '2026-02-10'), { maxLength: 3 }));
const key = fc.constantFrom('language', 'year', 'tenant', 'visible', 'a-b_c');
const moment = fc.constantFrom('2026-01-01T00:00:00.000Z', '2026-02-01T12:00:00.000Z', '2026-03-01T00:00:00.000Z');
const labels = fc.subarray(['p', 'q', 'Größe 1/2']);
const locations = ['https://x.test/', 'https://x.test/docs/a', 'https://docs.X.test:8443/docs', 'file "1".txt', 'file 2'];
const code = fc.constantFrom<FoundCode>({ system: 'icd-10', code: 'E11.65' }, { system: 'icd-10', code: 'E10' }, { system: 'icd-10', code: 'I10' }, { system: 'icd-11', code: '5A11.0Z' }, { system: 'icd-11', code: 'XS25' });

const payload: fc.Arbitrary<Partial<ChunkPayload>> = fc.record({
  visible: fc.oneof({ weight: 3, arbitrary: fc.constant(true) }, fc.constant(false)),
  policies: fc.oneof({ weight: 2, arbitrary: fc.constant([]) }, labels),
  tags: fc.subarray(['a', 'b', 'c d']),
  metadata: fc.dictionary(key, metadataValue, { maxKeys: 4, noNullPrototype: true }),
  source: fc.record({ type: fc.constantFrom('text' as const, 'url' as const), location: fc.constantFrom(...locations) }),
  ingestedAt: moment,
  language: fc.constantFrom(undefined, 'en', 'pt-br', 'pt', 'no such language'),
});
const bound = fc.constantFrom(0, 0.5, 1, 2);
const day = fc.constantFrom('2026-01-01', '2026-02-01', '2026-02-01T13:00:00+01:00', '2026-02-15T00:00:00Z', '2026-02-28');

/** Records with a few of the fields: all of them at once would find nothing. */
function some(fields: Readonly<Record<string, fc.Arbitrary<unknown>>>, minLength: number, maxLength: number): fc.Arbitrary<object> {
  return fc.subarray(Object.keys(fields), { minLength, maxLength }).chain((names) => fc.record(Object.fromEntries(names.map((name) => [name, fields[name] ?? fc.constant(undefined)])), { noNullPrototype: true }));
}

const dates = some({ from: day, to: day }, 1, 2);
const condition = some(
  {
    gte: bound, lt: bound, gt: bound, lte: bound, from: day, to: day, exists: fc.boolean(), prefix: fc.constantFrom('e', 'en', 'E', 'e"', 'x', long.slice(0, 98), long, '20'),
    any: fc.array(scalar, { minLength: 1, maxLength: 3 }), not: fc.oneof(scalar, fc.array(scalar, { minLength: 1, maxLength: 3 })),
  },
  1,
  2,
);
const location = fc.constantFrom(...locations);
const conditions = {
  tags: fc.subarray(['a', 'b', 'c d', 'none'], { minLength: 1 }), tiers: fc.subarray([...tiers], { minLength: 1 }),
  source: some({ type: fc.constantFrom('text', 'url'), location, locationPrefix: fc.constantFrom('https://x', 'file "', 'f', 'F'), host: fc.constantFrom('x.test', 'DOCS.x.test') }, 0, 2),
  metadata: fc.dictionary(key, fc.oneof(text, fc.integer({ min: 0, max: 3 }), fc.boolean(), fc.array(fc.constantFrom('en', 'de', 'fr'), { maxLength: 3 }), condition, condition), { maxKeys: 2, noNullPrototype: true }),
  ingestedAt: dates, languages: fc.subarray(['en', 'PT', 'pt-BR', 'de'], { minLength: 1 }),
  codes: some({ 'icd-10': fc.subarray(['E11', 'e116', 'E10-E14', 'I00-I99', 'Z00'], { minLength: 1 }), 'icd-11': fc.subarray(['5A11', '5A10-5A2Z', 'XS25'], { minLength: 1 }) }, 0, 2),
};
const filters = some({ ...conditions, not: some(conditions, 0, 2) }, 0, 3) as fc.Arbitrary<SearchFilters>;

describe('filters', () => {
  test('the server finds exactly what the rules say, for any payloads, callers and filters', async () => {
    const payloads = fc.sample(fc.tuple(fc.constantFrom('filters-a', 'filters-b'), payload, fc.constantFrom(...tiers), fc.array(code, { maxLength: 2 })), { numRuns: 250, seed: 7 });
    const points = payloads.flatMap(([tenant, given, tier, codes], number): readonly IndexPoint[] =>
      version({ tenant, name: `document ${number}`, payload: given }).points.map((point) => ({ ...point, payload: { ...point.payload, chunk: { ...point.payload.chunk, tier, codes } } })),
    );
    await index.upsert(points);
    const documents = points.map((point) => point.payload.document);
    const expected = (reader: Principal, given: SearchFilters, excluded: string[]): string[] => {
      const filter = chunkFilter(reader, given, excluded);
      return points.filter((point) => matches(filter, toStored(point.payload))).map(({ id }) => id).sort();
    };
    let found = 0;
    await fc.assert(
      fc.asyncProperty(filters, labels, fc.constantFrom('filters-a', 'filters-b'), fc.subarray(documents, { maxLength: 20 }), fc.subarray(documents, { maxLength: 20 }), async (given, held, tenant, wanted, excluded) => {
        const complete: SearchFilters = { ...given, ...(wanted.length > 15 ? { documents: wanted } : {}) };
        expect(searchFiltersSchema.safeParse(complete).error).toBeUndefined();
        const ids = await idsFound(principal(tenant, held), complete, excluded);
        found += ids.length;
        expect(ids).toEqual(expected(principal(tenant, held), complete, excluded));
      }),
      { numRuns: 400, endOnFailure: true },
    );
    expect(found).toBeGreaterThan(300);
  });
});

describe('facets', () => {
  const names: FacetName[] = ['tags', 'language', 'tier', 'source.type', 'source.host', 'codes.icd-10', 'codes.icd-11', 'metadata.year', 'metadata.language', 'metadata.none'];

  test('count what the caller may see and the filters leave, as a filter by the value finds it', async () => {
    const written: IndexPoint[] = [];
    const add = (name: string, given: Partial<ChunkPayload>, codes: FoundCode[] = [], visible = true): void => {
      for (const point of version({ tenant: 'facets', name, visible, payload: given }).points) written.push({ ...point, payload: { ...point.payload, chunk: { ...point.payload.chunk, codes } } });
    };
    add('one', { tags: ['a', 'b'], language: 'pt-BR', metadata: { year: 2024, language: ['de', 'en'], long: 'x'.repeat(500) }, source: { type: 'url', location: 'https://docs.example.org:8443/a' } }, [{ system: 'icd-10', code: 'E11.65' }]);
    add('two', { tags: ['a'], language: 'pt', metadata: { year: 2024 } }, [{ system: 'icd-10', code: 'E11.9' }, { system: 'icd-11', code: '5A11.0' }]);
    add('three', { tags: ['b'], metadata: { year: '2024' } });
    add('hidden', { tags: ['a'] }, [], false);
    add('labelled', { tags: ['a'], policies: ['p'] });
    written.push(...version({ tenant: 'others', name: 'foreign', visible: true, payload: { tags: ['a', 'z'] } }).points);
    await index.upsert(written);
    const counts = await index.facet(principal('facets'), {}, names, 10);
    expect(Object.fromEntries([...counts].map(([name, values]) => [name, Object.fromEntries(values.map(({ value, count }) => [JSON.stringify(value), count]))]))).toEqual({
      tags: { '"a"': 2, '"b"': 2 },
      language: { '"pt"': 2, '"pt-BR"': 1 },
      tier: { '"passage"': 3 },
      'source.type': { '"url"': 1, '"text"': 2 },
      'source.host': { '"docs.example.org"': 1 },
      'codes.icd-10': { '"E11"': 2, '"E11.6"': 1, '"E11.65"': 1, '"E11.9"': 1 },
      'codes.icd-11': { '"5A11"': 1, '"5A11.0"': 1 },
      'metadata.year': { 2024: 2, '"2024"': 1 },
      'metadata.language': { '"de"': 1, '"en"': 1 },
      'metadata.none': {},
    });
    expect((await index.facet(principal('facets'), { tags: ['b'] }, ['tags'], 10)).get('tags')).toEqual([{ value: 'b', count: 2 }, { value: 'a', count: 1 }]);
    expect((await index.facet(principal('facets', ['p']), {}, ['tags'], 1)).get('tags')).toEqual([{ value: 'a', count: 3 }]);
    expect((await index.facet(principal('nobody'), {}, ['tags', 'metadata.year'], 10)).get('tags')).toEqual([]);
  });

  test('for any filters each value counts the passages that a filter by it leaves', async () => {
    const asFilter: Record<string, (value: FacetCount['value']) => SearchFilters> = {
      tags: (value) => ({ tags: [String(value)] }), language: (value) => ({ languages: [String(value)] }), tier: (value) => ({ tiers: [value as Tier] }),
      'source.host': (value) => ({ source: { host: String(value) } }), 'codes.icd-10': (value) => ({ codes: { 'icd-10': [String(value)] } }), 'metadata.year': (value) => ({ metadata: { year: value } }),
    };
    let compared = 0;
    await fc.assert(
      fc.asyncProperty(some({ ...conditions, source: fc.constant({ type: 'url' }) }, 0, 1), fc.constantFrom(...Object.keys(asFilter)), labels, async (given, name, held) => {
        const counts = (await index.facet(principal('filters-a', held), given, [name as FacetName], 100)).get(name as FacetName) ?? [];
        for (const { value, count } of counts.slice(0, 4)) {
          const single = asFilter[name]?.(value) ?? {};
          // Filters that set the same field already cannot be joined by merging.
          if (Object.keys(single).some((field) => field in given)) continue;
          expect(await idsFound(principal('filters-a', held), { ...given, ...single })).toHaveLength(count);
          compared += 1;
        }
      }),
      { numRuns: 150, endOnFailure: true },
    );
    expect(compared).toBeGreaterThan(100);
  });

  test('a server that is away is an error, not an empty list', async () => {
    await expect(server.open(newAlias()).facet(principal('facets'), {}, ['tags'], 10)).rejects.toMatchObject({ code: 'INDEX_REJECTED' });
  });
});
