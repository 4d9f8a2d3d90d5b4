import { describe, expect, test } from 'vitest';
import { queryWeights } from '../../../../src/retrieval/sparse/queryWeights.ts';
import { queryLanguages } from '../../../../src/retrieval/analysis/queryLanguages.ts';

describe('languages of a query', () => {
  test('a tenant with English documents, or with none of known language, is asked in English alone', () => {
    for (const held of [[], ['en'], ['en-GB'], ['ja']]) expect(queryLanguages('wie wird gekündigt', { held })).toMatchObject({ primary: 'en', others: [] });
  });

  test('what is declared is believed; names still match documents of other languages', () => {
    expect(queryLanguages('Kubernetes', { declared: 'de-AT', held: ['de', 'fr'] })).toEqual({ primary: 'de', others: ['en', 'fr'], usual: 'de' });
    expect(queryLanguages('hus', { declared: 'nb', held: [] })).toEqual({ primary: 'no', others: ['en'], usual: 'en' });
  });

  test('a query in no certain language gives no stop words of the usual one, by whosever rules it is read', () => {
    const languages = queryLanguages('in the vitro', { held: ['en', 'de'] });
    expect(languages).toEqual({ primary: undefined, others: ['en', 'de'], usual: 'en' });
    expect([...queryWeights('in the vitro', languages).keys()]).toEqual(['vitro']);
    expect([...queryWeights('in the vitro', { ...languages, usual: 'de' }).keys()]).toContain('the');
  });

  test.each([
    ['wie kann ich kündigen', 'de'],
    ['the cell', 'en'],
    ['comment résilier mon contrat', 'fr'],
    ['Bitte starten Sie den Server neu, nachdem Sie die Einstellungen geändert haben', 'de'],
    ['Kündigung Mietvertrag', undefined],
    ['in vitro', undefined],
  ])('%j is recognised as %s', (query, expected) => {
    const held = ['de', 'en', 'fr'];
    const { primary, others } = queryLanguages(query, { held });
    expect(primary).toBe(expected);
    expect([...others, ...(primary === undefined ? [] : [primary])].sort()).toEqual(held);
  });
});
