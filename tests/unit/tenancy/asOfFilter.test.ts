import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import type { Principal } from '../../../src/contracts/principal.ts';
import type { SearchFilters } from '../../../src/contracts/search.ts';
import { chunkFilter, pointFilter, statisticsFilter } from '../../../src/tenancy/chunkFilter.ts';
import { matches } from './evaluateFilter.ts';

const document = '6160f7be-327f-5178-b5ff-208d10107a8c';
const labels = fc.subarray(['p', 'q', 'r']);
const tenants = fc.constantFrom('acme', 'globex');
const time = fc.integer({ min: 0, max: 12 });
const principals: fc.Arbitrary<Principal> = fc.record({ tenant: tenants, subject: fc.constant('ada'), roles: fc.constant([]), policies: labels, limits: fc.option(fc.record({ tiers: fc.subarray(['passage', 'table'] as const) }), { nil: undefined }) });
const point = fc.record(
  { tenant: tenants, document: fc.constantFrom(document, 'another'), policies: labels, tags: fc.subarray(['a', 'b']), tier: fc.constantFrom('passage', 'table'), visible: fc.boolean(), visibleFrom: time, visibleUntil: time },
  { requiredKeys: ['tenant', 'document', 'policies', 'tags', 'tier', 'visible'] },
);
type Point = typeof point extends fc.Arbitrary<infer Value> ? Value : never;
const filters: fc.Arbitrary<SearchFilters> = fc.record({ tags: fc.constant(['a']), documents: fc.constant([document]), not: fc.constant({ tags: ['b'] }) }, { requiredKeys: [] });

const isOpenTo = ({ tenant, policies, limits }: Principal, chunk: Point): boolean =>
  chunk.tenant === tenant && chunk.policies.every((label) => policies.includes(label)) && (limits?.tiers === undefined || (limits.tiers as string[]).includes(chunk.tier));
const wasVisible = ({ visible, visibleFrom = 0, visibleUntil = 0 }: Point, asOf: number): boolean => visibleFrom <= asOf && (visible || visibleUntil > asOf);

describe('a filter as of a time', () => {
  test('finds what was visible then, of the tenant, by the labels of now; and never more, whatever the caller filters by', () => {
    let found = 0;
    fc.assert(
      fc.property(principals, point, time, filters, (principal, chunk, asOf, narrowing) => {
        const open = isOpenTo(principal, chunk) && wasVisible(chunk, asOf);
        expect(matches(chunkFilter(principal, { asOf }), chunk)).toBe(open);
        expect(matches(pointFilter(principal, ['1'], asOf), chunk, '1')).toBe(open);
        const narrowed = matches(chunkFilter(principal, { ...narrowing, asOf }, ['another']), chunk);
        if (narrowed) expect(open).toBe(true);
        if (narrowed) found += 1;
        expect(matches(statisticsFilter(principal, asOf), chunk)).toBe(chunk.tenant === principal.tenant && wasVisible(chunk, asOf));
      }),
      { numRuns: 5_000 },
    );
    expect(found).toBeGreaterThan(10);
  });

  test('is not what searches of now send', () => {
    const ada: Principal = { tenant: 'acme', subject: 'ada', roles: [], policies: ['p'] };
    expect(chunkFilter(ada, { asOf: undefined })).toEqual(chunkFilter(ada, {}));
    expect(chunkFilter(ada, {})).toEqual({ must: [{ key: 'tenant', match: { value: 'acme' } }, { key: 'visible', match: { value: true } }], must_not: [{ key: 'policies', match: { except: ['p'] } }] });
  });
});
