import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { metadataTerm, metadataTerms } from '../../../src/tenancy/metadataTerms.ts';

describe('metadata terms', () => {
  test('one for each value', () => {
    expect(metadataTerms({ year: 2020, authors: ['Ada', 'Bo'], draft: true })).toEqual(['year=2020', 'authors="Ada"', 'authors="Bo"', 'draft=true']);
  });

  test('types differ, long values are replaced by a digest', () => {
    expect(metadataTerm('a', '1')).not.toBe(metadataTerm('a', 1));
    expect(metadataTerm('a', 'true')).not.toBe(metadataTerm('a', true));
    expect(metadataTerm('a', 'x'.repeat(2000)).length).toBeLessThan(140);
    expect(metadataTerm('a', `${'x'.repeat(1999)}y`)).not.toBe(metadataTerm('a', 'x'.repeat(2000)));
  });

  test('equal terms mean equal keys and values', () => {
    const pair = fc.tuple(fc.stringMatching(/^[A-Za-z][A-Za-z0-9_-]{0,5}$/), fc.oneof(fc.string(), fc.integer(), fc.double({ noNaN: true, noDefaultInfinity: true }), fc.boolean()));
    fc.assert(
      fc.property(pair, pair, ([key, value], [otherKey, otherValue]) => {
        const same = key === otherKey && (value === otherValue);
        expect(metadataTerm(key, value) === metadataTerm(otherKey, otherValue)).toBe(same);
      }),
    );
  });
});
