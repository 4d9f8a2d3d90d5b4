import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { longestPrefix } from '../../../src/contracts/filters/metadata.ts';
import { metadataPrefix, metadataTerm, metadataTerms, metadataValueOf } from '../../../src/tenancy/metadataTerms.ts';

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

  test('the beginning of a text finds all terms of texts that begin so, and no others', () => {
    const text = fc.oneof(fc.string({ unit: 'binary' }), fc.string({ unit: fc.constantFrom('a', '"', '\\', 'é', '😀', '='), maxLength: 150, minLength: 80 }));
    fc.assert(
      fc.property(text, fc.nat(longestPrefix), fc.constantFrom('k', 'k'.repeat(63)), (value, length, key) => {
        const beginning = value.slice(0, length).toWellFormed().replaceAll('\ufffd', '');
        fc.pre(value.isWellFormed());
        const found = (texts: string[]): boolean => metadataTerms({ [key]: texts }).some((term) => term.startsWith(metadataPrefix(key, beginning)));
        expect(found([value])).toBe(value.startsWith(beginning));
        expect(found([`#${value}`])).toBe(`#${value}`.startsWith(beginning));
      }),
    );
  });

  test('the beginning of a long text is never the term of another', () => {
    fc.assert(
      fc.property(fc.string({ unit: fc.constantFrom('a', '"', '\\'), minLength: 121, maxLength: 200 }), fc.nat(120), (value, length) => {
        expect(metadataTerms({ key: value })).not.toContain(metadataTerm('key', value.slice(0, length)));
      }),
    );
  });

  test('values are read back from whole terms', () => {
    for (const value of ['x', 'a=b', 3, 0.5, false, '"']) expect(metadataValueOf('key', metadataTerm('key', value))).toBe(value);
    expect(metadataTerms({ key: 'x'.repeat(300) }).map((term) => metadataValueOf('key', term))).toEqual([undefined, undefined]);
    expect(metadataValueOf('ke', metadataTerm('key', 1))).toBeUndefined();
  });
});
