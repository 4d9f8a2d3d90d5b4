import { describe, expect, it } from 'vitest';
import { metadataOption, wholeNumber } from '../../../src/cli/optionValues.ts';
import { metadataFilterOption } from '../../../src/cli/search/metadataFilterOption.ts';
import { searchFiltersSchema } from '../../../src/contracts/search.ts';

describe('metadataOption', () => {
  it.each([
    ['year=2024', { year: 2024 }],
    ['ratio=-0.5', { ratio: -0.5 }],
    ['draft=true', { draft: true }],
    ['code=007', { code: '007' }],
    ['size=1e3', { size: '1e3' }],
    ['year="2024"', { year: '2024' }],
    ['formula=a=b', { formula: 'a=b' }],
    ['empty=', { empty: '' }],
  ])('reads %s', (text, expected) => {
    expect(metadataOption(text, undefined)).toEqual(expected);
  });

  it('makes a list of a key given several times, and keeps the other keys', () => {
    const all = ['author=A', 'year=1', 'author=B', 'author=3'].reduce((earlier, text) => metadataOption(text, earlier), {});
    expect(all).toEqual({ author: ['A', 'B', '3'], year: 1 });
  });

  it('refuses what has no value', () => {
    expect(() => metadataOption('year', undefined)).toThrow('key=value');
  });
});

describe('metadataFilterOption', () => {
  it('joins bounds of one key to a range', () => {
    const all = ['year>2019', 'year<=2024', 'lang=de', 'lang=fr'].reduce((earlier, text) => metadataFilterOption(text, earlier), {});
    expect(all).toEqual({ year: { gt: 2019, lte: 2024 }, lang: ['de', 'fr'] });
  });

  it.each<[string[], object]>([
    [['status!=draft', 'status!=old'], { status: { not: ['draft', 'old'] } }],
    [['isbn^=978-3'], { isbn: { prefix: '978-3' } }],
    [['owner?'], { owner: { exists: true } }],
    [['owner!'], { owner: { exists: false } }],
    [['reviewed>=2026-01-01', 'reviewed<=2026-02-01T06:00:00Z'], { reviewed: { from: '2026-01-01', to: '2026-02-01T06:00:00Z' } }],
    [['year=2020', 'year=2021'], { year: { any: [2020, 2021] } }],
    [['lang=de', 'lang!=fr', 'lang=en'], { lang: { any: ['de', 'en'], not: ['fr'] } }],
    [['formula=a=b?'], { formula: 'a=b?' }],
  ])('reads %j', (texts, expected) => {
    const all = texts.reduce((earlier, text) => metadataFilterOption(text, earlier), {});
    expect(all).toEqual(expected);
    expect(searchFiltersSchema.parse({ metadata: all })).toEqual({ metadata: expected });
  });

  it.each(['year', '=x', '?', 'reviewed>2026-01-01', 'reviewed>=2026-13-01'])('refuses %j', (text) => {
    expect(() => metadataFilterOption(text, undefined)).toThrow(/form key=value|compared with >= and <=|is not a number, nor a date/);
  });

  it('refuses bounds that are no numbers', () => {
    expect(() => metadataFilterOption('year>=soon', undefined)).toThrow('not a number');
  });
});

describe('wholeNumber', () => {
  it('takes the limits themselves and nothing beyond', () => {
    const parse = wholeNumber(1, 100);
    expect([parse('1'), parse('100')]).toEqual([1, 100]);
    for (const text of ['0', '101', '1.5', '', '-1', '1e1']) expect(() => parse(text)).toThrow('from 1 to 100');
  });
});
