import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { createHash } from 'node:crypto';
import { analyse } from '../../../../src/retrieval/sparse/analyse.ts';
import { analysisLanguageOf, analysisLanguages } from '../../../../src/retrieval/sparse/languages.ts';
import type { AnalysisLanguage } from '../../../../src/retrieval/sparse/languages.ts';
import { queryWeights } from '../../../../src/retrieval/sparse/queryWeights.ts';
import { documentSparseVector, querySparseVector } from '../../../../src/retrieval/sparse/sparseVector.ts';
import { beginningsOf, mayGiveTerm } from '../../../../src/retrieval/highlights/wordBeginnings.ts';

const terms = (text: string, language: AnalysisLanguage): string[] => analyse(text, language).map(({ term }) => term);
const agree = (language: AnalysisLanguage, left: string, right: string): boolean => terms(left, language).join(' ') === terms(right, language).join(' ');

describe('analysis by language', () => {
  test.each([
    ['de', 'Die Häuser der Mieter', 'Haus Mietern'],
    ['de', 'größten Straßen', 'Grösste Strasse'],
    ['fr', 'les systèmes présentés', 'système présentée'],
    ['fr', 'l’état d’urgence', 'États urgences'],
    ['es', 'las canciones', 'canción'],
    ['it', "dell'università", 'università'],
    ['pt', 'informações', 'informação'],
    ['nl', 'de gebruikers', 'gebruiker'],
    ['ru', 'в машинах', 'машина'],
    ['sv', 'flickorna', 'flicka'],
    ['tr', 'evlerde', 'evler'],
    ['fi', 'taloissa', 'talossa'],
  ] as const)('%s: %j and %j have the same terms', (language, left, right) => {
    expect(terms(left, language)).not.toEqual([]);
    expect(agree(language, left, right)).toBe(true);
  });

  test('accents may be left out, codes and names stay what they are in every language', () => {
    expect(agree('fr', 'économie générale', 'economie generale')).toBe(true);
    for (const language of analysisLanguages) expect(terms('E11.9 COVID-19', language), language).toEqual(expect.arrayContaining(['e11', '9', 'e11.9', '19', 'covid19']));
  });

  test('stop words of every language leave short words of meaning', () => {
    expect(terms('das Jahr', 'de')).toEqual(['jahr']);
    expect(terms('la casa de mi madre', 'es')).toEqual(['cas', 'madr']);
    for (const language of analysisLanguages) expect(terms('mitochondria', language).length, language).toBe(1);
  });

  test('tags of BCP 47 lead to a language; unknown ones to English', () => {
    expect(['de-AT', 'pt_BR', 'EN', 'nb', 'nn-NO', 'ja', 'x', '', undefined].map(analysisLanguageOf)).toEqual(['de', 'pt', 'en', 'no', 'no', 'en', 'en', 'en', 'en']);
  });

  test('English vectors are those of version 1, bit by bit', () => {
    const texts = ['The patients’ E11.9 codes were running; COVID-19, H₂O and naïve C++ users paid 1,000.5 mg/kg.', 'Straße Øre WHO who dying skies foo_bar U.S. 日本語の文章', ''];
    const vectors = texts.map((text) => documentSparseVector({ title: 'Cells of the heart', headings: ['Cells of the heart', 'Why they die'], text }));
    expect(createHash('sha256').update(JSON.stringify([vectors, texts.map((text) => querySparseVector(text))])).digest('hex')).toBe('6342142a1e361a80d0f204342dcc86641ead60c4f3c25b1e8ec60937480cc972');
    expect(documentSparseVector({ title: '', headings: [], text: texts[0] ?? '', language: 'en-US' })).toEqual(documentSparseVector({ title: '', headings: [], text: texts[0] ?? '' }));
  });

  test('stems begin as their words do, so that the highlighter may skip words by their beginnings', () => {
    const word = fc.string({ unit: fc.constantFrom(...'abcdefghijklmnopqrstuvwxyz'), minLength: 3, maxLength: 14 });
    fc.assert(
      fc.property(word, fc.constantFrom(...analysisLanguages), (text, language) => {
        for (const term of terms(text, language)) expect(mayGiveTerm(beginningsOf([term]), text.charCodeAt(0), text.charCodeAt(1)), `${text} ${term} ${language}`).toBe(true);
      }),
      { numRuns: 20_000 },
    );
  });
});

describe('a query in several languages', () => {
  test('a word that is stemmed alike counts once, others give one term a language', () => {
    expect([...queryWeights('cells', { primary: 'en', others: [] })]).toEqual([['cell', 1]]);
    expect([...queryWeights('Haus haus', { others: ['en', 'de'] })]).toEqual([['haus', 2]]);
    expect([...queryWeights('universities', { primary: 'en', others: ['de'] })]).toEqual([['univers', 1], ['universiti', 0.5]]);
    expect([...queryWeights('universities', { others: ['en', 'de'] })].map(([, weight]) => weight)).toEqual([1, 1]);
  });

  test('stop words of its own language give nothing in any', () => {
    expect([...queryWeights('wie wird die Miete erhöht', { primary: 'de', others: ['en'] }).keys()].some((term) => ['wie', 'wird', 'die'].includes(term))).toBe(false);
  });

  test('finds German text by German forms', () => {
    const document = documentSparseVector({ title: '', headings: [], text: 'Die Häuser wurden gekündigt.', language: 'de' });
    const shared = (vector: { readonly indices: readonly number[] }): number => vector.indices.filter((index) => document.indices.includes(index)).length;
    expect(shared(querySparseVector('Haus kündigen', { primary: 'de', others: ['en'] }))).toBe(1);
    expect(shared(querySparseVector('Haus', { others: ['en', 'de'] }))).toBe(1);
    expect(documentSparseVector({ title: '', headings: [], text: 'Die Häuser wurden gekündigt.' }).indices).not.toEqual(document.indices);
  });
});
