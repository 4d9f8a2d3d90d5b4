import { describe, expect, test } from 'vitest';
import { analyse } from '../../../../src/retrieval/sparse/analyse.ts';

const terms = (text: string): string[] => analyse(text).map(({ term }) => term);

describe('analyse', () => {
  test.each([
    ['The patients were running', ['patient', 'run']],
    ['E11.9', ['e11', '9', 'e11.9']],
    ['COVID-19', ['covid', '19', 'covid19']],
    ['covid19', ['covid19']],
    ['bge-small', ['bge', 'small', 'bgesmal']],
    ['mg/kg', ['mg', 'kg', 'mg/kg']],
    ['1,000 of 3.14', ['1000', '3.14']],
    ['U.S.', ['us']],
    ['H₂O and x²', ['h', 'o', 'h2o', 'x', 'x2']],
    ['C++, C# or CD4+', ['c', 'c++', 'c', 'c#', 'cd4', 'cd4+']],
    ['naïve Straße Øre ﬁsh ＡＢ', ['naiv', 'strass', 'ore', 'fish', 'ab']],
    ['patient’s don’t', ['patient']],
    ['foo_bar', ['foo', 'bar', 'foo_bar']],
    ['who said WHO', ['said', 'who']],
    ['日本語の文章', ['日本語', 'の', '文章']],
    ['', []],
    ['… — !', []],
  ])('%j gives %j', (text, expected) => {
    expect(terms(text)).toEqual(expected);
  });

  test('the query and the document agree however a name is written', () => {
    for (const [query, document] of [['covid19', 'COVID-19 cases'], ['COVID‑19', 'covid-19'], ['E11.9', 'code e11.9:'], ['healthcare', 'health-care'], ['Type-2 Diabetes', 'diabetics of type 2']] as const) {
      const held = new Set(terms(document));
      expect(terms(query).some((term) => held.has(term)), `${query} in ${document}`).toBe(true);
    }
  });

  test('places are those of the original text, also where folding changes lengths', () => {
    const text = 'Die Straße: COVID-19 ﬁsh';
    expect(analyse(text).map(({ start, end }) => text.slice(start, end))).toEqual(['Die', 'Straße', 'COVID', '19', 'COVID-19', 'ﬁsh']);
  });

  test('very long names give no term of their own', () => {
    const sequence = Array.from({ length: 40 }, () => 'ACGT').join('-');
    expect(Math.max(...terms(sequence).map((term) => term.length))).toBeLessThanOrEqual(64);
  });
});
