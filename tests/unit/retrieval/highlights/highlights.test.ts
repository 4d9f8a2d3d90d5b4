import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { matchPassages, queryTerms } from '../../../../src/retrieval/highlights/highlights.ts';
import type { MatchedPassage } from '../../../../src/retrieval/highlights/highlights.ts';
import { candidateTerms } from '../../../../src/retrieval/highlights/candidateTerms.ts';
import { analyse } from '../../../../src/retrieval/sparse/analyse.ts';
import type { Term } from '../../../../src/retrieval/sparse/analyse.ts';

const matchPassage = (query: string, passage: string): MatchedPassage => matchPassages(queryTerms(query), [passage])[0] ?? { highlights: [], sentences: [], terms: [] };
const marked = (query: string, passage: string): string[] => matchPassage(query, passage).highlights.map(({ start, end }) => passage.slice(start, end));

describe('highlights', () => {
  test.each([
    ['treat diabetes', 'Treating diabetic patients; they treated Diabetes.', ['Treating diabetic', 'treated Diabetes']],
    ['COVID-19', 'Covid19, COVID-19 and 19 others', ['Covid19', 'COVID-19', '19']],
    ['naive', 'A naïve reader', ['naïve']],
    ['alpha', 'TNF-alpha and AlphaGo', ['alpha']],
    ['the of', 'the of the', []],
    ['文章', '日本語の文章です', ['文章']],
    ['missing', 'nothing here', []],
  ])('%j in %j marks %j', (query, passage, expected) => {
    expect(marked(query, passage)).toEqual(expected);
  });

  test('names which terms of the query the passage holds', () => {
    expect(matchPassage('cells divide quickly', 'Dividing cell').terms).toEqual(['divid', 'cell']);
  });

  test('the words left out before the analysis change nothing', () => {
    const word = fc.oneof(
      fc.constantFrom('cell', 'Cells', 'E11.9', 'covid-19', 'dying', 'die', 'sky', 'skies', "patient's", 'U.S.', 'foo_bar', '_cell', 'C++', 'a:b', '1,000', 'mg/kg', '(cell)', 'x-cell-y', 'idly', 'cry', 'naïve', 'TNF-α', 'H₂O', '細胞は分裂', 'ﬁsh', 'cell\u00a0wall', 'e\u0301tude', 'Straße', 'กขเซลล์', 'ce\u00adll'),
      fc.string({ unit: 'binary-ascii', maxLength: 6 }),
      fc.string({ unit: 'grapheme', maxLength: 6 }),
      fc.string({ unit: 'binary', maxLength: 4 }),
    );
    const text = fc.array(word, { maxLength: 25 }).map((words) => words.join(' '));
    fc.assert(
      fc.property(text, fc.array(text, { maxLength: 4 }), (query, passages) => {
        const wanted = new Set(analyse(query).map(({ term }) => term));
        const held = (terms: readonly Term[]): Term[] => terms.filter(({ term }) => wanted.has(term));
        expect(candidateTerms(passages, queryTerms(query).beginnings).map(held)).toEqual(passages.map((passage) => held(analyse(passage))));
      }),
      { numRuns: 1000 },
    );
  });

  test('highlights are in order, apart, inside the passage and bounded in number', () => {
    const passage = Array.from({ length: 500 }, () => 'cell, other').join(' ');
    const { highlights } = matchPassage('cells', passage);
    expect(highlights).toHaveLength(100);
    fc.assert(
      fc.property(fc.string({ unit: 'grapheme', maxLength: 30 }), fc.string({ unit: 'grapheme', maxLength: 200 }), (query, text) => {
        let last = -1;
        for (const { start, end } of matchPassage(query, text).highlights) {
          expect(start > last && end > start && end <= text.length).toBe(true);
          last = end;
        }
      }),
    );
  });
});
