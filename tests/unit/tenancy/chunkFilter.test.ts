import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { toStored } from '../../../src/adapters/qdrant/payload.ts';
import { CatalystError } from '../../../src/contracts/errors.ts';
import type { Principal } from '../../../src/contracts/principal.ts';
import { searchFiltersSchema } from '../../../src/contracts/search.ts';
import type { SearchFilters } from '../../../src/contracts/search.ts';
import { chunkFilter, pointFilter, statisticsFilter } from '../../../src/tenancy/chunkFilter.ts';
import { matches } from './evaluateFilter.ts';

const principal = (policies: string[] = [], tenant = 'acme'): Principal => ({ tenant, subject: 'someone', roles: [], policies });
const document = '6160f7be-327f-5178-b5ff-208d10107a8c';

function stored(changes: object = {}): object {
  const metadata = { year: 2020, language: 'en', draft: false, ratio: 0.5, essay: 'y'.repeat(700), reviewed: '2025-12-31T22:00:00Z', authors: ['Ada', 'Bo'], tenant: 'other', visible: true };
  return toStored({
    tenant: 'acme', visible: true, document, version: document, sequence: 1, title: '', policies: [], tags: ['a', 'b'], source: { type: 'url', location: 'https://x.test/' }, ingestedAt: '2026-03-01T00:00:00.000Z', metadata, language: 'pt-BR',
    chunk: { ordinal: 0, tier: 'passage', text: '', start: 0, end: 0, headings: [], tokens: 0, codes: [{ system: 'icd-10', code: 'E11.65' }] }, ...changes,
  });
}

describe('chunkFilter', () => {
  test('a chunk is seen by its tenant only, and only while it is visible', () => {
    const filter = chunkFilter(principal(), {});
    expect(matches(filter, stored())).toBe(true);
    expect(matches(filter, stored({ tenant: 'other' }))).toBe(false);
    expect(matches(filter, stored({ visible: false }))).toBe(false);
  });

  test('a tenant that is limited to some tiers sees passages of those alone, whatever the caller filters by', () => {
    const limited: Principal = { ...principal(), limits: { tiers: ['summary', 'table'] } };
    const of = (tier: string) => stored({ chunk: { ordinal: 0, tier, text: '', start: 0, end: 0, headings: [], tokens: 0 } });
    for (const filters of [{}, { tiers: ['passage' as const, 'summary' as const] }]) {
      expect(matches(chunkFilter(limited, filters), of('summary'))).toBe(true);
      expect(matches(chunkFilter(limited, filters), of('passage'))).toBe(false);
    }
    expect(matches(chunkFilter({ ...limited, limits: { tiers: [] } }, {}), of('summary'))).toBe(false);
    expect(matches(pointFilter(limited, [document]), of('passage'))).toBe(false);
  });

  test.each([
    [[], [], true],
    [['p'], [], false],
    [['p'], ['p'], true],
    [['p', 'q'], ['p'], false],
    [['p', 'q'], ['q', 'p', 'r'], true],
    [[], ['p'], true],
  ])('labels %j are seen by a caller who holds %j: %s', (policies, held, seen) => {
    expect(matches(chunkFilter(principal(held), {}), stored({ policies }))).toBe(seen);
  });

  const cases: [SearchFilters, boolean][] = [
    [{ tags: ['b', 'z'] }, true],
    [{ tags: ['z'] }, false],
    [{ documents: [document] }, true],
    [{ documents: ['00000000-0000-4000-8000-000000000000'] }, false],
    [{ source: { type: 'url' } }, true],
    [{ source: { type: 'text' } }, false],
    [{ source: { location: 'https://x.test/' } }, true],
    [{ tiers: ['table', 'passage'] }, true],
    [{ tiers: ['code'] }, false],
    [{ metadata: { year: 2020 } }, true],
    [{ metadata: { year: '2020' } }, false],
    [{ metadata: { year: { gte: 2020, lt: 2021 } } }, true],
    [{ metadata: { year: { gt: 2020 } } }, false],
    [{ metadata: { ratio: 0.5 } }, true],
    [{ metadata: { draft: false } }, true],
    [{ metadata: { draft: true } }, false],
    [{ metadata: { language: ['de', 'en'] } }, true],
    [{ metadata: { authors: 'Bo' } }, true],
    [{ metadata: { tenant: 'other' } }, true],
    [{ metadata: { tenant: 'acme' } }, false],
    [{ ingestedAt: { from: '2026-03-01T01:00:00+01:00', to: '2026-03-01T00:00:00Z' } }, true],
    [{ ingestedAt: { from: '2026-03-02T00:00:00Z' } }, false],
    [{ ingestedAt: { from: '2026-03-01', to: '2026-03-01' } }, true],
    [{ ingestedAt: { to: '2026-02-28' } }, false],
    [{ tags: ['a'], metadata: { year: 1 } }, false],
    [{ source: { host: 'X.test' } }, true],
    [{ source: { host: 'test' } }, false],
    [{ source: { locationPrefix: 'https://x' } }, true],
    [{ source: { locationPrefix: 'x.test' } }, false],
    [{ languages: ['PT'] }, true],
    [{ languages: ['pt-br'] }, true],
    [{ languages: ['pt-PT'] }, false],
    [{ metadata: { language: { prefix: 'e' } } }, true],
    [{ metadata: { language: { prefix: 'n' } } }, false],
    [{ metadata: { essay: { prefix: 'yyyy' } } }, true],
    [{ metadata: { essay: 'y'.repeat(700) } }, true],
    [{ metadata: { year: { exists: true } } }, true],
    [{ metadata: { yea: { exists: true } } }, false],
    [{ metadata: { year: { exists: false } } }, false],
    [{ metadata: { none: { exists: false } } }, true],
    [{ metadata: { language: { not: 'en' } } }, false],
    [{ metadata: { language: { not: ['de', 'fr'] } } }, true],
    [{ metadata: { none: { not: 'x' } } }, true],
    [{ metadata: { year: { any: [1999, 2020] } } }, true],
    [{ metadata: { year: { any: ['2020'] } } }, false],
    [{ metadata: { reviewed: { from: '2025-12-31', to: '2025-12-31' } } }, true],
    [{ metadata: { reviewed: { from: '2026-01-01' } } }, false],
    [{ metadata: { language: { from: '2000-01-01' } } }, false],
    [{ codes: { 'icd-10': ['E11'] } }, true],
    [{ codes: { 'icd-10': ['e11.6'] } }, true],
    [{ codes: { 'icd-10': ['E08-E13'] } }, true],
    [{ codes: { 'icd-10': ['E11.9', 'I10'] } }, false],
    [{ codes: { 'icd-10': ['E11'], 'icd-11': ['5A11'] } }, false],
    [{ not: { tags: ['z'], tiers: ['code'] } }, true],
    [{ not: { tags: ['a'] } }, false],
    [{ not: { tags: ['z'], codes: { 'icd-10': ['E11'] } } }, false],
    [{ not: { metadata: { none: { exists: false } } } }, false],
  ];
  test.each(cases)('%j: %s', (filters, expected) => {
    expect(searchFiltersSchema.safeParse(filters).success).toBe(true);
    expect(matches(chunkFilter(principal(), filters), stored())).toBe(expected);
  });

  test('excluded documents are left out', () => {
    expect(matches(chunkFilter(principal(), {}, [document]), stored())).toBe(false);
  });

  test('points by id are subject to the same', () => {
    expect(matches(pointFilter(principal(), ['1']), stored(), '1')).toBe(true);
    expect(matches(pointFilter(principal(), ['1']), stored({ tenant: 'other' }), '1')).toBe(false);
    expect(matches(pointFilter(principal(), ['1']), stored({ policies: ['p'] }), '1')).toBe(false);
    expect(matches(pointFilter(principal(), ['1']), stored(), '2')).toBe(false);
  });

  test('statistics are those of the tenant', () => {
    expect(matches(statisticsFilter(principal()), { tenant: 'other' })).toBe(false);
  });

  test.each(['a.b', 'a"]', '', '__proto__', 'a[0]', 'a b', '../tenant'])('the metadata key %j is refused by name', (key) => {
    const failing = (): unknown => chunkFilter(principal(), { metadata: { [key]: 'x', ...JSON.parse(`{${JSON.stringify(key)}:1}`) as object } });
    expect(failing).toThrow(CatalystError);
    expect(failing).toThrow(expect.objectContaining({ code: 'INVALID_REQUEST' }));
  });

  test.each<[unknown, string, RegExp]>([
    [{ codes: { snomed: ['73211009'] } }, '/filters/codes/snomed', /icd-10, icd-11/],
    [{ codes: { 'icd-10': ['E11', 'diabetes'] } }, '/filters/codes/icd-10/1', /such as "E11"/],
    [{ codes: { 'icd-10': ['E14-E10'] } }, '/filters/codes/icd-10/0', /range/],
    [{ codes: { 'icd-10': ['A00-Z99'] } }, '/filters/codes/icd-10/0', /range/],
    [{ not: { codes: { 'icd-11': ['E11'] } } }, '/filters/not/codes/icd-11/0', /5A11/],
  ])('the codes %j are refused by name', (filters, pointer, detail) => {
    expect(searchFiltersSchema.safeParse(filters).success).toBe(false);
    expect(() => chunkFilter(principal(), filters as SearchFilters)).toThrow(expect.objectContaining({ code: 'INVALID_REQUEST', problems: [{ pointer, code: 'invalid_value', detail: expect.stringMatching(detail) as string }] }));
  });

  test('whatever the filters hold, nothing of another tenant, hidden, or under a label not held comes out', () => {
    const labels = fc.subarray(['p', 'q', 'r', '']);
    const wild = fc.anything({ withNullPrototype: false });
    const field = <Value>(arbitrary: fc.Arbitrary<Value>): fc.Arbitrary<unknown> => fc.oneof({ weight: 12, arbitrary }, { weight: 1, arbitrary: wild });
    const condition = fc.record(
      { any: field(fc.array(fc.constantFrom('en', 2020))), not: field(fc.string()), exists: field(fc.boolean()), prefix: field(fc.string()), gt: field(fc.double()), from: field(fc.constant('2000-01-01')), must: wild, should: wild, must_not: wild },
      { requiredKeys: [] },
    );
    const fields = {
      tags: field(fc.array(fc.constantFrom('a', 'b'))), documents: field(fc.constant([document])), tiers: field(fc.constant(['passage'])), languages: field(fc.constant(['pt'])),
      source: field(fc.record({ type: field(fc.constant('url')), location: field(fc.string()), locationPrefix: field(fc.string()), host: field(fc.string()) }, { requiredKeys: [] })),
      metadata: field(fc.dictionary(fc.oneof({ weight: 1, arbitrary: fc.string() }, { weight: 20, arbitrary: fc.constantFrom('tenant', 'visible', 'policies', 'year') }), fc.oneof(fc.string(), fc.double(), fc.boolean(), fc.array(fc.string()), condition))),
      ingestedAt: field(fc.record({ from: fc.constant('2000-01-01T00:00:00Z') })),
      codes: field(fc.oneof({ weight: 9, arbitrary: fc.record({ 'icd-10': fc.subarray(['E11', 'E10-E14']), 'icd-11': fc.subarray(['5A11']) }, { requiredKeys: [] }) }, { weight: 1, arbitrary: fc.dictionary(fc.constantFrom('icd-10', 'tenant', '__proto__'), fc.constant(['x'])) })),
      tenant: fc.constant('other'), must: wild, should: wild, must_not: wild,
    };
    const filters = fc.record({ ...fields, not: field(fc.record(fields, { requiredKeys: [] })) }, { requiredKeys: [] });
    let evaluated = 0;
    fc.assert(
      fc.property(filters, labels, labels, fc.constantFrom('acme', 'other'), fc.boolean(), (given, held, policies, tenant, visible) => {
        let filter;
        try {
          filter = chunkFilter(principal(held), given as SearchFilters);
        } catch {
          return;
        }
        evaluated += 1;
        const permitted = tenant === 'acme' && visible && policies.every((label) => held.includes(label));
        const sent = JSON.parse(JSON.stringify(filter)) as typeof filter;
        if (!permitted) expect(matches(sent, stored({ tenant, visible, policies }))).toBe(false);
        expect(sent.must).toContainEqual({ key: 'tenant', match: { value: 'acme' } });
        expect(sent.must).toContainEqual({ key: 'visible', match: { value: true } });
        expect(sent).not.toHaveProperty('should');
      }),
      { numRuns: 2000 },
    );
    expect(evaluated).toBeGreaterThan(200);
  });
});
