import { describe, expect, test } from 'vitest';
import { createLayeredCache } from '../../../../src/adapters/cache/layeredCache.ts';
import { responseCodec } from '../../../../src/adapters/cache/responseCodec.ts';
import { CatalystError } from '../../../../src/contracts/errors.ts';
import { documentIdOf, pointIdOf, versionIdOf } from '../../../../src/contracts/identifiers.ts';
import type { Principal } from '../../../../src/contracts/principal.ts';
import { debugSearchRequestSchema, debugSearchResponseSchema, searchRequestSchema, searchResponseSchema, similarRequestSchema } from '../../../../src/contracts/search.ts';
import type { SearchRequest, SearchResponse } from '../../../../src/contracts/search.ts';
import type { SearchSettingsUpdate, StoredSearchSettings } from '../../../../src/contracts/searchSettings.ts';
import { noSynonyms, synonymsSchema } from '../../../../src/contracts/synonyms.ts';
import type { Synonyms } from '../../../../src/contracts/synonyms.ts';
import type { Embedder } from '../../../../src/ports/embedder.ts';
import type { SearchSettingsRegistry } from '../../../../src/ports/searchSettingsRegistry.ts';
import { createCachedSearch } from '../../../../src/retrieval/cache/cachedSearch.ts';
import { createDebugSearch } from '../../../../src/retrieval/debugSearch.ts';
import { createReadPath } from '../../../../src/retrieval/readPath.ts';
import type { ReadPath } from '../../../../src/retrieval/readPath.ts';
import { createSearch } from '../../../../src/retrieval/search.ts';
import { createSimilarSearch } from '../../../../src/retrieval/similarSearch.ts';
import { querySparseVector } from '../../../../src/retrieval/sparse/sparseVector.ts';
import { createTenantSynonyms } from '../../../../src/retrieval/synonyms/tenantSynonyms.ts';
import type { TenantSynonyms } from '../../../../src/retrieval/synonyms/tenantSynonyms.ts';
import { createTenantSearchSettings } from '../../../../src/retrieval/tenantSettings/tenantSearchSettings.ts';
import type { TenantSearchSettings } from '../../../../src/retrieval/tenantSettings/tenantSearchSettings.ts';
import { MemoryIndex } from '../memoryIndex.ts';
import type { MemoryPoint } from '../memoryIndex.ts';

const principal: Principal = { tenant: 'acme', subject: 'someone', roles: [], policies: [] };
const stranger: Principal = { ...principal, tenant: 'stranger' };
const embedder: Embedder = {
  contract: { model: 'none', revision: '1', dimension: 2, normalised: true, dtype: 'float32', pooling: 'cls', queryPrefix: '', passagePrefix: '', tokenLimit: 512 },
  embedPassages: () => Promise.reject(new Error('not asked in a search')),
  embedQuery: () => Promise.resolve(new Float32Array([1, 0])),
  close: () => Promise.resolve(),
};
const down = new CatalystError('REGISTRY_UNAVAILABLE', 'Postgres is away.');

function point(tenant: string, title: string, dense: number): MemoryPoint {
  const document = documentIdOf(tenant, title);
  const version = versionIdOf(document, 'sha256:1', 1);
  const text = 'A cell of Contoso divides.';
  const chunk = { ordinal: 0, tier: 'passage' as const, text, start: 0, end: text.length, headings: [], tokens: 5 };
  return { id: pointIdOf(version, 0), dense, sparse: 10 * dense, payload: { tenant, document, version, sequence: 1, visible: true, title, source: { type: 'text', location: `id:${title}` }, tags: [], policies: [], metadata: {}, ingestedAt: '2026-01-01T00:00:00.000Z', chunk } };
}

/** Three documents of two tenants each, best first; what tenants have set is in memory, and can be taken away. */
class World {
  readonly index = new MemoryIndex(['acme', 'stranger'].flatMap((tenant) => [point(tenant, 'One', 0.9), point(tenant, 'Two', 0.8), point(tenant, 'Cells', 0.5)]));
  readonly stored = new Map<string, StoredSearchSettings>();
  words: Synonyms = noSynonyms;
  settingsAway = false;
  synonymsAway = false;
  readonly searchSettings: TenantSearchSettings;
  readonly synonyms: TenantSynonyms;
  readonly read: ReadPath;

  constructor() {
    const registry: SearchSettingsRegistry = {
      read: (tenant) => (this.settingsAway ? Promise.reject(down) : Promise.resolve(this.stored.get(tenant) ?? { revision: 0 })),
      write: (tenant, { revision: _expected, ...settings }) => {
        const written = { ...settings, revision: (this.stored.get(tenant)?.revision ?? 0) + 1 };
        this.stored.set(tenant, written);
        return Promise.resolve(written);
      },
      remove: () => Promise.reject(new Error('not asked')),
    };
    this.searchSettings = createTenantSearchSettings(registry);
    this.synonyms = createTenantSynonyms({ read: () => (this.synonymsAway ? Promise.reject(down) : Promise.resolve(this.words)), write: () => Promise.resolve(), remove: () => Promise.resolve() });
    this.read = createReadPath({ index: this.index, embedder, emit: () => undefined, searchSettings: this.searchSettings, synonyms: this.synonyms });
  }

  set(settings: SearchSettingsUpdate): Promise<StoredSearchSettings> {
    return this.searchSettings.write('acme', settings);
  }

  search(request: Partial<SearchRequest> = {}, caller = principal): Promise<SearchResponse> {
    return createSearch(this.read)(caller, searchRequestSchema.parse({ query: 'cells', ...request }));
  }
}

const titles = ({ results }: SearchResponse): string[] => results.map(({ document }) => document.title);

describe('boosts of a tenant', () => {
  test('move its searches, in the way of those of a request, and nobody else’s', async () => {
    const world = new World();
    expect(titles(await world.search())).toEqual(['One', 'Two', 'Cells']);
    await world.set({ boosts: { titleMatch: 0.5, documents: { [documentIdOf('acme', 'One')]: -1, [documentIdOf('stranger', 'One')]: -1 } } });
    const boosted = await world.search({ explain: true });
    expect(titles(boosted)).toEqual(['Two', 'Cells', 'One']);
    expect(boosted.results[1]?.scores.boosts).toEqual([{ name: 'title', value: 0.5 }]);
    expect(boosted.results[1]?.explanation).toContain('boost of title: adds 0.5000 of the distance between best and worst');
    expect(titles(await world.search({}, stranger))).toEqual(['One', 'Two', 'Cells']);
  });

  test('give way to those of the request field by field, and can be switched off by it', async () => {
    const world = new World();
    await world.set({ boosts: { titleMatch: 0.4, tiers: { passage: 0.1, table: 0.2 } } });
    const boostsOf = async (boosts: SearchRequest['boosts']): Promise<object | undefined> => (await world.search({ boosts })).results.find(({ document }) => document.title === 'Cells')?.scores.boosts;
    expect(await boostsOf(undefined)).toEqual([{ name: 'title', value: 0.4 }, { name: 'tier passage', value: 0.1 }]);
    expect(await boostsOf({ tiers: { passage: -0.2 } })).toEqual([{ name: 'title', value: 0.4 }, { name: 'tier passage', value: -0.2 }]);
    expect(await boostsOf({ titleMatch: 0, tiers: {} })).toBeUndefined();
    expect(await boostsOf({ titleMatch: undefined })).toEqual([{ name: 'title', value: 0.4 }, { name: 'tier passage', value: 0.1 }]);
  });

  test('move similar documents too, where no title is the empty query', async () => {
    const world = new World();
    world.index.points.push(point('acme', '***', 0.4));
    world.index.documentVectors = () => Promise.resolve([{ dense: [1, 0], sparse: querySparseVector('cell contoso') }]);
    await world.set({ boosts: { titleMatch: 1, documents: { [documentIdOf('acme', 'Cells')]: 0.5 } }, termWeights: { Contoso: 0, cells: 2 } });
    const answer = await createSimilarSearch(world.read, world.index)(principal, similarRequestSchema.parse({ documentId: documentIdOf('acme', 'One') }));
    expect(answer.results.map(({ document, scores }) => [document.title, scores.boosts])).toEqual([['Two', undefined], ['Cells', [{ name: 'document', value: 0.5 }]], ['***', undefined]]);
    expect(world.index.queries.at(-1)?.sparse).toEqual({ ...querySparseVector('cell'), values: [2] });
  });
});

describe('weights of terms', () => {
  test('act on the sparse leg, and are shown', async () => {
    const world = new World();
    await world.set({ termWeights: { Contoso: 0, cell: 2 } });
    const answer = await world.search({ query: 'Contoso cells', explain: true });
    expect(searchResponseSchema.parse(answer)).toEqual(answer);
    expect(world.index.queries.at(-1)?.sparse).toEqual({ ...querySparseVector('cells'), values: [2] });
    expect(answer.analysis?.termWeights).toEqual([{ term: 'Contoso', weight: 0 }, { term: 'cell', weight: 2 }]);
    expect(answer.results[0]?.explanation).toEqual(expect.arrayContaining(['terms of the query in the passage: cell, contoso', 'weights of terms by the settings of the tenant: cell × 2, contoso × 0']));
    expect((await world.search({ query: 'Contoso cells', explain: true }, stranger)).analysis?.termWeights).toEqual([]);
    expect(world.index.queries.at(-1)?.sparse).toEqual(querySparseVector('Contoso cells'));
  });

  test('of all words of a query leave it to meaning alone', async () => {
    const world = new World();
    await world.set({ termWeights: { cell: 0 } });
    expect((await world.search()).results[0]?.scores).toMatchObject({ sparse: null, dense: { rank: 1 } });
    expect((await world.search({ mode: 'sparse' })).results).toEqual([]);
  });
});

test('the debug view shows what the settings came to', async () => {
  const world = new World();
  world.words = synonymsSchema.parse({ groups: [['cell', 'cytoplast']] });
  await world.set({ boosts: { titleMatch: 0.4, tiers: { table: 0.1 } } });
  await world.set({ boosts: { titleMatch: 0.4, tiers: { table: 0.1 } }, termWeights: { cells: 3 } });
  const answer = await createDebugSearch(world.read)(principal, debugSearchRequestSchema.parse({ query: 'dividing cells', boosts: { titleMatch: 0.1 } }));
  expect(debugSearchResponseSchema.parse(answer)).toEqual(answer);
  expect(answer.debug.tenant).toEqual({ revision: 2, boosts: { titleMatch: 0.1, tiers: { table: 0.1 } }, termWeights: [{ term: 'cells', weight: 3 }] });
  expect(answer.debug.weights).toEqual({ divid: 1, cell: 3, cytoplast: 1.5 });
});

describe('what cannot be read', () => {
  test('is told as a degradation; the search goes on by what was known', async () => {
    const world = new World();
    world.settingsAway = true;
    world.synonymsAway = true;
    const answer = await world.search();
    expect(titles(answer)).toEqual(['One', 'Two', 'Cells']);
    expect([answer.degraded, answer.degradations]).toEqual([true, ['synonyms', 'settings'].map((part) => ({ part, code: 'REGISTRY_UNAVAILABLE', message: 'Postgres is away.' }))]);
    world.settingsAway = false;
    world.synonymsAway = false;
    expect((await world.search()).degraded).toBe(false);
    await world.set({ boosts: { titleMatch: 0.5 } });
    await world.search();
    world.settingsAway = true;
    world.searchSettings.asOf('acme', 'another');
    const later = await world.search({ explain: true });
    expect(later.degradations.map(({ part }) => part)).toEqual(['settings']);
    expect(later.results.find(({ document }) => document.title === 'Cells')?.scores.boosts).toEqual([{ name: 'title', value: 0.5 }]);
    // The legs are whole, and fused: the explanation says how.
    expect(later.results[0]?.explanation?.join('\n')).toContain('fused: ');
  });

  test('synonyms make no difference to a search by meaning alone, nor to similar documents', async () => {
    const world = new World();
    world.synonymsAway = true;
    world.index.documentVectors = () => Promise.resolve([{ dense: [1, 0], sparse: querySparseVector('cell') }]);
    expect((await world.search({ mode: 'sparse' })).degradations.map(({ part }) => part)).toEqual(['synonyms']);
    expect((await world.search({ mode: 'dense' })).degraded).toBe(false);
    expect((await createSimilarSearch(world.read, world.index)(principal, similarRequestSchema.parse({ documentId: documentIdOf('acme', 'One') }))).degraded).toBe(false);
  });

  test('leaves no answer behind in the cache', async () => {
    const world = new World();
    const cache = createLayeredCache({ name: 'results', codec: responseCodec, maximumBytes: 1_000_000, emit: () => undefined });
    const asOf = (tenant: string, state: { readonly settings: string }): void => world.searchSettings.asOf(tenant, state.settings);
    let mark = '1';
    const search = createCachedSearch(createSearch(world.read), { cache, epoch: { read: () => Promise.resolve({ epoch: mark, settings: mark }) }, emit: () => undefined, asOf, version: '1' });
    const ask = () => search(principal, searchRequestSchema.parse({ query: 'cells' }));
    world.settingsAway = true;
    expect([(await ask()).degraded, (await ask()).cached]).toEqual([true, undefined]);
    world.settingsAway = false;
    expect([(await ask()).degraded, (await ask()).cached]).toEqual([false, true]);
    // Another process changes them: the next search goes by what is new, and its answer is kept as such.
    world.stored.set('acme', { revision: 9, boosts: { titleMatch: 0.5 } });
    mark = '2';
    const [next, repeated] = [await ask(), await ask()];
    expect([next, repeated].map(({ cached, results }) => [cached, results.find(({ document }) => document.title === 'Cells')?.scores.boosts])).toEqual([[undefined, [{ name: 'title', value: 0.5 }]], [true, [{ name: 'title', value: 0.5 }]]]);
  });
});
