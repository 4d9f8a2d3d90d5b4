import { describe, expect, test } from 'vitest';
import { parseInput } from '../../../src/api/parseInput.ts';
import { CatalystError } from '../../../src/contracts/errors.ts';
import { searchRequestSchema } from '../../../src/contracts/search.ts';

function problemsOf(request: object): CatalystError['problems'] {
  try {
    parseInput(searchRequestSchema, { query: 'x', ...request });
  } catch (thrown) {
    if (thrown instanceof CatalystError) return thrown.problems;
    throw thrown;
  }
  return [];
}

describe('filters and facets that cannot be', () => {
  test.each<[object, string, RegExp]>([
    [{ filters: { codes: { snomed: ['1'] } } }, '/filters/codes/snomed', /one of the code systems "icd-10", "icd-11" instead of "snomed"/],
    [{ filters: { codes: { 'icd-10': ['E11', 'diabetes'] } } }, '/filters/codes/icd-10/1', /an ICD-10 code such as "E11"/],
    [{ filters: { not: { codes: { 'icd-11': ['E11'] } } } }, '/filters/not/codes/icd-11/0', /an ICD-11 code/],
    [{ filters: { ingestedAt: { from: 'soon' } } }, '/filters/ingestedAt/from', /a day or a time/],
    [{ filters: { metadata: { year: {} } } }, '/filters/metadata/year', /at least one condition/],
    [{ filters: { metadata: { year: { around: 3 } } } }, '/filters/metadata/year/around', /no field "around"/],
    [{ filters: { languages: ['not one'] } }, '/filters/languages/0', /a language tag/],
    [{ filters: { source: { host: 'https://x/' } } }, '/filters/source/host', /name of a host/],
    [{ facets: ['tenant'] }, '/facets/0', /one of "tags", .*"codes.icd-10".*"metadata.KEY"/],
    [{ facets: Array.from({ length: 11 }, () => 'tags') }, '/facets', /10/],
    [{ facetLimit: 101 }, '/facetLimit', /100/],
  ])('%j', (request, pointer, detail) => {
    expect(problemsOf(request)[0]).toMatchObject({ pointer, detail: expect.stringMatching(detail) as string });
  });

  test('requests of earlier versions stay valid', () => {
    const filters = { tags: ['a'], source: { type: 'url', location: 'https://x.test/' }, tiers: ['table'], metadata: { region: ['north'], year: { gte: 2024, lt: 2026 }, draft: false }, ingestedAt: { from: '2026-01-01T00:00:00Z' } };
    expect(parseInput(searchRequestSchema, { query: 'x', filters }).filters).toEqual(filters);
  });
});
