import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { toStored } from '../../../src/adapters/qdrant/payload.ts';
import { tiers } from '../../../src/contracts/documents.ts';
import type { Principal } from '../../../src/contracts/principal.ts';
import { searchFiltersSchema } from '../../../src/contracts/search.ts';
import type { SearchFilters } from '../../../src/contracts/search.ts';
import { chunkFilter, pointFilter, statisticsFilter } from '../../../src/tenancy/chunkFilter.ts';
import type { IndexFilter } from '../../../src/tenancy/indexFilter.ts';
import { documentsUpToFilter, earlierVersionsFilter, versionFilter } from '../../../src/tenancy/versionFilter.ts';
import { beginningsFilter } from '../../../src/tenancy/vocabularyFilter.ts';
import { matches } from './evaluateFilter.ts';

type Payload = ReturnType<typeof toStored>;

const tenants = ['acme', 'other', 'acme-2'] as const;
const labels = ['p', 'q', 'board'] as const;
const document = '6160f7be-327f-5178-b5ff-208d10107a8c';
const documents = [document, '00000000-0000-4000-8000-000000000000'] as const;
/** Names of the index's own fields, of what every object has, and a plain one. */
const metadataKeys = ['tenant', 'visible', 'policies', 'document', 'version', 'metadata', 'constructor', 'toString', 'year'] as const;

const metadataValue = fc.oneof(fc.constantFrom<string[]>(...tenants, 'true', ''), fc.integer({ min: 2019, max: 2022 }), fc.boolean(), fc.subarray([...tenants, ...labels]));
const metadata = fc.dictionary(fc.constantFrom(...metadataKeys), metadataValue, { noNullPrototype: true });

const payloads: fc.Arbitrary<Payload> = fc
  .record({
    tenant: fc.constantFrom(...tenants), visible: fc.boolean(), policies: fc.subarray([...labels]), document: fc.constantFrom(...documents), metadata, tags: fc.subarray(['a', 'b']), tier: fc.constantFrom(...tiers),
    language: fc.option(fc.constantFrom('en', 'pt-BR'), { nil: undefined }), location: fc.constantFrom('https://x.test/', 'https://y.test/a'), ordinal: fc.nat(3),
  })
  .map(({ tier, location, ordinal, language, ...rest }) =>
    toStored({
      ...rest, ...(language === undefined ? {} : { language }), version: rest.document, sequence: 1, title: '', source: { type: 'url', location }, ingestedAt: '2026-03-01T00:00:00.000Z',
      chunk: { ordinal, tier, text: '', start: 0, end: 0, headings: [], tokens: 0, codes: [] },
    }),
  );

const principals: fc.Arbitrary<Principal> = fc.record({ tenant: fc.constantFrom(...tenants), subject: fc.constant('someone'), roles: fc.constant([]), policies: fc.subarray([...labels, 'unused']) });

const some = <Value>(value: Value) => fc.option(fc.constant(value), { nil: undefined });
const conditions = fc.record(
  { any: fc.array(fc.constantFrom<(string | number)[]>(...tenants, 2020), { minLength: 1, maxLength: 3 }), not: fc.constantFrom(...tenants), exists: fc.boolean(), prefix: fc.constantFrom('a', 'oth'), gte: fc.constantFrom(2019, 2021), lt: fc.constant(2022) },
  { requiredKeys: [] },
).filter((condition) => Object.keys(condition).length > 0);
const fields = {
  tags: fc.subarray(['a', 'b'], { minLength: 1 }), documents: fc.subarray([...documents], { minLength: 1 }), tiers: fc.subarray([...tiers], { minLength: 1 }), languages: fc.constant(['pt']),
  source: fc.record({ type: some('url' as const), locationPrefix: some('https://') }, { requiredKeys: [] }), ingestedAt: fc.constant({ from: '2000-01-01T00:00:00Z' }),
  metadata: fc.dictionary(fc.constantFrom(...metadataKeys), fc.oneof(metadataValue, conditions), { minKeys: 1, maxKeys: 2 }),
};
/** Few at once, so that some payloads still fit all of them. */
const fewFields = fc.record(fields, { requiredKeys: [] }).chain((all) => fc.shuffledSubarray(Object.keys(all)).map((names) => Object.fromEntries(Object.entries(all).filter(([name]) => names.slice(0, 2).includes(name)))));
/** What callers may send: every one of them fits the schema of the API. */
const filters: fc.Arbitrary<SearchFilters> = fc
  .record({ only: fewFields, not: fc.option(fewFields, { nil: undefined }) })
  .map(({ only, not }) => JSON.parse(JSON.stringify({ ...only, not })) as SearchFilters);

type Build = (principal: Principal, filters: SearchFilters) => IndexFilter;

/** Every way in which the product makes a filter for a caller who reads chunks. */
const builders: Readonly<Record<string, Build>> = {
  chunkFilter,
  'chunkFilter with excluded documents': (principal, given) => chunkFilter(principal, given, [documents[1]]),
  pointFilter: (principal) => pointFilter(principal, ['1']),
  beginningsFilter: (principal) => beginningsFilter(principal, 'words', ['']),
};

const maySee = ({ tenant, policies }: Principal, payload: Payload): boolean => payload.tenant === tenant && payload.visible && payload.policies.every((label) => policies.includes(label));

/** As it goes to the server. */
const sent = (filter: IndexFilter): IndexFilter => JSON.parse(JSON.stringify(filter)) as IndexFilter;

const nothingForbidden = (build: Build) => fc.property(principals, filters, payloads, (principal, given, payload) => maySee(principal, payload) || !matches(sent(build(principal, given)), payload, '1'));

describe.each(Object.entries(builders))('%s', (_name, build) => {
  test('has tenant, visibility and labels among its outermost conditions, whatever the filters', () => {
    fc.assert(
      fc.property(principals, filters, (principal, given) => {
        const { must, must_not, ...others } = sent(build(principal, given));
        expect(others).toEqual({});
        expect(must).toContainEqual({ key: 'tenant', match: { value: principal.tenant } });
        expect(must).toContainEqual({ key: 'visible', match: { value: true } });
        if (principal.policies.length === 0) expect(must).toContainEqual({ is_empty: { key: 'policies' } });
        else expect(must_not).toContainEqual({ key: 'policies', match: { except: principal.policies } });
      }),
      { numRuns: 500 },
    );
  });

  test('lets out no payload that the caller may not see, as the reference evaluator reads it', () => {
    fc.assert(nothingForbidden(build), { numRuns: 3_000 });
  });
});

test('the filters that are made up fit the schema, and find something now and then', () => {
  expect(fc.sample(filters, 300).every((given) => searchFiltersSchema.safeParse(given).success)).toBe(true);
  const samples = fc.sample(fc.tuple(principals, filters, payloads), { numRuns: 5_000, seed: 6 });
  expect(samples.filter(([principal, given, payload]) => matches(chunkFilter(principal, given), payload)).length).toBeGreaterThan(20);
});

test('without filters all that the caller may see is found', () => {
  fc.assert(fc.property(principals, payloads, (principal, payload) => matches(sent(chunkFilter(principal, {})), payload) === maySee(principal, payload)), { numRuns: 3_000 });
});

test('statistics and writes stay within the tenant', () => {
  const versions = [{ documentId: document, versionId: document, sequence: 2 }, { documentId: documents[1], versionId: documents[1], sequence: 5 }];
  fc.assert(
    fc.property(principals, payloads, (principal, payload) => {
      for (const filter of [statisticsFilter(principal), versionFilter(principal.tenant, versions), earlierVersionsFilter(principal.tenant, versions), documentsUpToFilter(principal.tenant, versions)]) {
        if (payload.tenant !== principal.tenant) expect(matches(sent(filter), payload)).toBe(false);
      }
    }),
    { numRuns: 1_000 },
  );
});

describe('the property fails for a builder', () => {
  const without = (key: string): Build => (principal, given) => {
    const { must, must_not } = chunkFilter(principal, given);
    const names = (condition: object): boolean => JSON.stringify(condition).startsWith(`{"key":"${key}"`) || JSON.stringify(condition).startsWith(`{"is_empty":{"key":"${key}"`);
    return { must: must.filter((condition) => !names(condition)), must_not: must_not.filter((condition) => !names(condition)) };
  };
  const broken: Record<string, Build> = {
    'that forgets the tenant': without('tenant'),
    'that forgets visibility': without('visible'),
    'that forgets labels': without('policies'),
    'that puts its conditions beside those of the caller': (principal, given) => {
      const { must, must_not } = chunkFilter(principal, {});
      const own = chunkFilter(principal, given);
      return { must: [], must_not: [], should: [{ must: [...must, { must: [], must_not }] }, { must: own.must.slice(must.length) }] };
    },
    'that takes one label for all': (principal, given) => {
      const { must, must_not } = chunkFilter({ ...principal, policies: [] }, given);
      const open = { is_empty: { key: 'policies' } };
      return { must: must.filter((condition) => !('is_empty' in condition)), must_not, should: [{ must: [open] }, { must: [{ key: 'policies', match: { any: principal.policies } }] }] };
    },
  };
  test.each(Object.entries(broken))('%s', (_name, build) => {
    expect(fc.check(nothingForbidden(build), { numRuns: 5_000, seed: 6 }).failed).toBe(true);
  });
});
