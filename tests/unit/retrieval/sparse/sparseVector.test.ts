import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { analyse } from '../../../../src/retrieval/sparse/analyse.ts';
import { bm25 } from '../../../../src/retrieval/sparse/bm25.ts';
import { documentSparseVector, querySparseVector } from '../../../../src/retrieval/sparse/sparseVector.ts';
import { termIdentifier } from '../../../../src/retrieval/sparse/termIdentifier.ts';

const weightOf = (vector: { readonly indices: readonly number[]; readonly values: readonly number[] }, term: string): number | undefined =>
  vector.values[vector.indices.indexOf(termIdentifier(term))];
const passage = (text: string, title = '', headings: string[] = []): { title: string; headings: string[]; text: string } => ({ title, headings, text });

describe('sparse vectors', () => {
  test('term identifiers never change: stored vectors depend on them', () => {
    expect(['diabet', 'covid19', 'e11.9', '日本語'].map(termIdentifier)).toMatchInlineSnapshot(`
      [
        359895437,
        3272866677,
        541533237,
        2518041598,
      ]
    `);
  });

  test('indices are ascending, unique 32-bit numbers; weights are positive and bounded', () => {
    fc.assert(
      fc.property(fc.string({ unit: 'grapheme' }), fc.string(), fc.array(fc.string(), { maxLength: 3 }), (text, title, headings) => {
        const { indices, values } = documentSparseVector({ text, title, headings });
        expect(values).toHaveLength(indices.length);
        indices.forEach((index, position) => {
          expect(Number.isInteger(index) && index >= 0 && index < 2 ** 32).toBe(true);
          if (position > 0) expect(index).toBeGreaterThan(indices[position - 1] ?? Infinity);
        });
        for (const value of values) expect(value > 0 && value < bm25.k1 + 1).toBe(true);
      }),
    );
  });

  test('weights follow BM25 without IDF', () => {
    const vector = documentSparseVector(passage('cell cell growth'));
    const norm = 1 - bm25.b + (bm25.b * 3) / bm25.averageLength;
    expect(weightOf(vector, 'cell')).toBeCloseTo((2 * (bm25.k1 + 1)) / (2 + bm25.k1 * norm), 6);
    expect(weightOf(vector, 'growth')).toBeCloseTo((bm25.k1 + 1) / (1 + bm25.k1 * norm), 6);
  });

  test('a term of the title weighs more than one of the text; a heading that repeats the title counts once', () => {
    const vector = documentSparseVector(passage('growth of things', 'Cells'));
    expect(weightOf(vector, 'cell')).toBeGreaterThan(weightOf(vector, 'growth') ?? Infinity);
    expect(documentSparseVector(passage('x1', 'Cells', ['Cells']))).toEqual(documentSparseVector(passage('x1', 'Cells')));
    expect(weightOf(documentSparseVector(passage('x1', 'Cells', ['Mitosis'])), termOf('Mitosis'))).toBeGreaterThan(0);
  });

  test('a query counts its terms; stop words alone give an empty vector', () => {
    const vector = querySparseVector('the growth of growth');
    expect(vector.indices).toEqual([termIdentifier('growth')]);
    expect(vector.values).toEqual([2]);
    expect(querySparseVector('what is the')).toEqual({ indices: [], values: [] });
  });

  test('300 words take less than a millisecond of work', () => {
    const text = Array.from({ length: 300 }, (_, index) => `word${index % 90} treatment`).join(' ');
    for (let round = 0; round < 20; round += 1) documentSparseVector(passage(text));
    const times = Array.from({ length: 50 }, () => {
      const start = process.cpuUsage();
      documentSparseVector(passage(text));
      const { user, system } = process.cpuUsage(start);
      return (user + system) / 1000;
    });
    expect(times.sort((left, right) => left - right)[25]).toBeLessThan(2);
  });
});

function termOf(word: string): string {
  return analyse(word)[0]?.term ?? '';
}
