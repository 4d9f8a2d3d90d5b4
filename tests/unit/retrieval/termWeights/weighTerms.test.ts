import { describe, expect, test } from 'vitest';
import { synonymsSchema } from '../../../../src/contracts/synonyms.ts';
import { prepareQuery } from '../../../../src/retrieval/analysis/prepareQuery.ts';
import type { QueryHints } from '../../../../src/retrieval/analysis/prepareQuery.ts';
import { querySparseVector, termsSparseVector } from '../../../../src/retrieval/sparse/sparseVector.ts';
import { termIdentifier } from '../../../../src/retrieval/sparse/termIdentifier.ts';
import type { TermWeights } from '../../../../src/retrieval/termWeights/compile.ts';
import { termWeightProblems } from '../../../../src/retrieval/termWeights/problems.ts';
import { weighVector } from '../../../../src/retrieval/termWeights/weighVector.ts';

const weights = (query: string, termWeights: TermWeights, hints: QueryHints = {}): Record<string, number> => Object.fromEntries(prepareQuery(query, { ...hints, termWeights }).weights);
const uses = (query: string, termWeights: TermWeights, hints: QueryHints = {}): string[] => prepareQuery(query, { ...hints, termWeights }).analysis.termWeights.map(({ term, weight }) => `${term} ${weight}`);

describe('weights of terms', () => {
  test('are found as words are: case, accents and endings aside', () => {
    expect(weights('dividing CELLS', { Cell: 2 })).toEqual({ divid: 1, cell: 2 });
    expect(weights('cafés', { cafe: 0.5 })).toEqual({ cafe: 0.5 });
    expect(weights('cells and cells', { cell: 2 })).toEqual({ cell: 4 });
    expect(uses('dividing CELLS', { Cell: 2, organ: 3 })).toEqual(['Cell 2']);
  });

  test('leave a query without such terms as it was', () => {
    for (const query of ['dividing cells', 'E11.9 COVID-19', 'what is the']) {
      for (const termWeights of [{}, { organ: 3 }]) {
        const prepared = prepareQuery(query, { termWeights });
        expect(prepared).toEqual(prepareQuery(query));
        expect(prepared.sparse).toEqual(querySparseVector(query));
      }
    }
  });

  test('of 0 leave the term out of the sparse leg; it is still marked where it stands', () => {
    const prepared = prepareQuery('Contoso refunds', { termWeights: { contoso: 0 } });
    expect(prepared.sparse).toEqual(querySparseVector('refunds'));
    expect([...prepared.terms.terms]).toEqual(['contoso', 'refund']);
    expect(prepareQuery('Contoso', { termWeights: { contoso: 0 } }).sparse.indices).toEqual([]);
  });

  test('of codes and hyphenated names are for the whole; below 1 the parts go along', () => {
    expect(weights('COVID-19 vaccine', { 'covid-19': 3 })).toEqual({ covid: 1, 19: 1, covid19: 3, vaccin: 1 });
    expect(weights('covid19 vaccine', { 'COVID-19': 3 })).toEqual({ covid19: 3, vaccin: 1 });
    expect(weights('COVID-19 vaccine', { 'covid-19': 0 })).toEqual({ covid: 0, 19: 0, covid19: 0, vaccin: 1 });
    expect(weights('code E11.9', { 'E11.9': 0.5 })).toEqual({ code: 1, e11: 0.5, 9: 0.5, 'e11.9': 0.5 });
    expect(weights('code E11.9', { 'E11.9': 2 })).toEqual({ code: 1, e11: 1, 9: 1, 'e11.9': 2 });
  });

  test('of a part go before those of its name, and a name is not its part', () => {
    expect(weights('COVID-19', { 'covid-19': 0, covid: 2 })).toEqual({ covid: 2, 19: 0, covid19: 0 });
    expect(uses('COVID-19', { 'covid-19': 0, covid: 2 })).toEqual(['covid 2', 'covid-19 0']);
    expect(weights('covid in 2020', { 'covid-19': 0 })).toEqual({ covid: 1, 2020: 1 });
  });

  test('count in every language that a word is read in', () => {
    const hints = { language: 'de', held: ['de', 'en'] };
    expect(weights('Häuser', {}, hints)).toEqual({ haus: 1, hauser: 0.5 });
    expect(weights('Häuser', { Haus: 2 }, hints)).toEqual({ haus: 2, hauser: 1 });
  });

  test('are carried over by the synonyms that stand for the term, beside their own', () => {
    const synonyms = synonymsSchema.parse({ groups: [['car', 'automobile'], ['heart attack', 'infarction']], rules: [{ from: 'NSAID', to: ['ibuprofen', 'naproxen'] }] });
    expect(weights('car', { car: 3 }, { synonyms })).toEqual({ car: 3, automobil: 1.5 });
    expect(weights('car', { car: 0 }, { synonyms })).toEqual({ car: 0 });
    expect(weights('NSAID', { NSAID: 2, ibuprofen: 0.5, naproxen: 0 }, { synonyms })).toEqual({ nsaid: 2, ibuprofen: 0.5 });
    expect(weights('heart attack', { attack: 3 }, { synonyms })).toEqual({ heart: 1, attack: 3, infarct: 1 });
    const { analysis } = prepareQuery('car', { synonyms, termWeights: { car: 3 } });
    expect(analysis).toMatchObject({ synonyms: [{ from: 'car', to: 'automobile', weight: 1.5 }], termWeights: [{ term: 'car', weight: 3 }] });
    expect(uses('NSAID', { naproxen: 0 }, { synonyms })).toEqual(['naproxen 0']);
  });

  test('tell by how much each term was changed', () => {
    const synonyms = synonymsSchema.parse({ groups: [['car', 'automobile']] });
    const { terms } = prepareQuery('cheap car', { synonyms, termWeights: { car: 3 } });
    expect(terms.factors).toEqual(new Map([['car', 3], ['automobil', 3]]));
    expect(prepareQuery('cheap car', { termWeights: { car: 1 } }).terms.factors).toBeUndefined();
  });

  test('where two are one word, the same counts in whatever order they are kept', () => {
    expect(weights('cars', { cars: 3, car: 2 })).toEqual(weights('cars', { car: 2, cars: 3 }));
  });
});

describe('weights that could never do what was meant', () => {
  test.each([
    [{ 'heart/attack,now': 2 }, ['heart/attack,now']],
    [{ car: 1, Cars: 2, bus: 1 }, ['Cars']],
    [{ 'COVID-19': 1, covid19: 2 }, ['covid19']],
    [{ NSAID: 2, 'E11.9': 3, 'bge-small': 0, 'C++': 2, die: 0 }, []],
  ] as [TermWeights, string[]][])('%j: %j', (termWeights, expected) => {
    expect(termWeightProblems(termWeights).map(({ term }) => term)).toEqual(expected);
  });
});

test('a sparse query of vectors is weighed by the same terms', () => {
  const vector = termsSparseVector(new Map([['cell', 0.5], ['haus', 0.25], ['contoso', 1]]));
  const weighed = weighVector(vector, { cells: 2, 'Häuser': 4, Contoso: 0 }, ['en', 'de']);
  const value = (term: string): number | undefined => weighed.values[weighed.indices.indexOf(termIdentifier(term))];
  expect([value('cell'), value('haus'), value('contoso')]).toEqual([1, 1, undefined]);
  expect(weighVector(vector, undefined, ['en'])).toBe(vector);
});
