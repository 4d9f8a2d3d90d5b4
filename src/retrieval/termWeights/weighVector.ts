import type { SparseVector } from '../../ports/vectorIndex.ts';
import type { AnalysisLanguage } from '../sparse/languages.ts';
import { termIdentifier } from '../sparse/termIdentifier.ts';
import { compiledTermWeights } from './compile.ts';
import type { TermWeights } from './compile.ts';

/** A sparse query that was not made of words, with the weights of the tenant's terms in it; those of 0 are left out. Of languages that differ the first counts. */
export function weighVector(vector: SparseVector, termWeights: TermWeights | undefined, languages: readonly AnalysisLanguage[]): SparseVector {
  if (termWeights === undefined) return vector;
  const factors = new Map<number, number>();
  for (const language of languages) {
    for (const [term, { weight }] of compiledTermWeights(termWeights, language)) {
      const identifier = termIdentifier(term);
      if (!factors.has(identifier)) factors.set(identifier, weight);
    }
  }
  const weighed = vector.indices.map((index, place) => ({ index, value: (vector.values[place] ?? 0) * (factors.get(index) ?? 1) })).filter(({ value }) => value > 0);
  return { indices: weighed.map(({ index }) => index), values: weighed.map(({ value }) => value) };
}
