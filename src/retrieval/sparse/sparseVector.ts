import type { SparseVector } from '../../ports/vectorIndex.ts';
import { analyse } from './analyse.ts';
import { bm25, saturated } from './bm25.ts';
import { analysisLanguageOf } from './languages.ts';
import type { AnalysisLanguage } from './languages.ts';
import { englishAlone, queryWeights } from './queryWeights.ts';
import type { QueryLanguages } from './queryWeights.ts';
import { termIdentifier } from './termIdentifier.ts';

export interface SparseText {
  readonly title: string;
  readonly headings: readonly string[];
  readonly text: string;
  /** BCP 47, of the whole document; it decides the stemmer and the stop words. */
  readonly language?: string | undefined;
}

/**
 * Changes whenever the same text would give another vector; raise the number when the analysis changes. 2: documents in the
 * languages of languages.ts are analysed by their own rules; vectors of English texts are those of 1.
 */
export const sparseVersion = `bm25/2 ${JSON.stringify(bm25)}`;

/** BM25 weights of a passage without the IDF part, which the index adds at query time from its own statistics. */
export function documentSparseVector({ title, headings, text, language }: SparseText): SparseVector {
  const analysed = analysisLanguageOf(language);
  const counts = new Map<number, number>();
  let length = countTerms(counts, text, 1, analysed);
  length += countTerms(counts, title, bm25.titleWeight, analysed);
  for (const heading of headings) if (heading !== title) length += countTerms(counts, heading, bm25.headingWeight, analysed);
  return vectorOf(counts, (frequency) => saturated(frequency, length));
}

/** Weights of a query: how often each term occurs. Empty where the query holds stop words only. */
export function querySparseVector(text: string, languages: QueryLanguages = englishAlone): SparseVector {
  return termsSparseVector(queryWeights(text, languages));
}

/** The vector of terms with their weights, those of 0 left out. Terms whose identifiers collide are summed. */
export function termsSparseVector(weights: ReadonlyMap<string, number>): SparseVector {
  const counts = new Map<number, number>();
  for (const [term, weight] of weights) if (weight > 0) add(counts, term, weight);
  return vectorOf(counts, (frequency) => frequency);
}

/** Adds `weight` for each occurrence; the answer is the total added. Terms whose identifiers collide are summed. */
function countTerms(counts: Map<number, number>, text: string, weight: number, language: AnalysisLanguage): number {
  const terms = text === '' || weight === 0 ? [] : analyse(text, language);
  for (const { term } of terms) add(counts, term, weight);
  return terms.length * weight;
}

function add(counts: Map<number, number>, term: string, weight: number): void {
  const identifier = termIdentifier(term);
  counts.set(identifier, (counts.get(identifier) ?? 0) + weight);
}

function vectorOf(counts: ReadonlyMap<number, number>, weightOf: (frequency: number) => number): SparseVector {
  const indices = [...counts.keys()].sort((left, right) => left - right);
  return { indices, values: indices.map((index) => weightOf(counts.get(index) ?? 0)) };
}
