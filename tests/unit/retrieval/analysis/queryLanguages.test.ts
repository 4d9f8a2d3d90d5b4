import { describe, expect, test } from 'vitest';
import { queryLanguages } from '../../../../src/retrieval/analysis/queryLanguages.ts';

describe('languages of a query', () => {
  test('a tenant with English documents, or with none of known language, is asked in English alone', () => {
    for (const held of [[], ['en'], ['en-GB'], ['ja']]) expect(queryLanguages('wie wird gekündigt', { held })).toEqual({ primary: 'en', others: [] });
  });

  test('what is declared is believed; names still match documents of other languages', () => {
    expect(queryLanguages('Kubernetes', { declared: 'de-AT', held: ['de', 'fr'] })).toEqual({ primary: 'de', others: ['en', 'fr'] });
    expect(queryLanguages('hus', { declared: 'nb', held: [] })).toEqual({ primary: 'no', others: ['en'] });
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
