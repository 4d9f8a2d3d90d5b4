import type { SparseVector } from '../../ports/vectorIndex.ts';
import { analyse } from './analyse.ts';
import { bm25, saturated } from './bm25.ts';
import { termIdentifier } from './termIdentifier.ts';

export interface SparseText {
  readonly title: string;
  readonly headings: readonly string[];
  readonly text: string;
}

/** Changes whenever the same text would give another vector; raise the number when the analysis changes. */
export const sparseVersion = `bm25/1 ${JSON.stringify(bm25)}`;

/** BM25 weights of a passage without the IDF part, which the index adds at query time from its own statistics. */
export function documentSparseVector({ title, headings, text }: SparseText): SparseVector {
  const counts = new Map<number, number>();
  let length = countTerms(counts, text, 1);
  length += countTerms(counts, title, bm25.titleWeight);
  for (const heading of headings) if (heading !== title) length += countTerms(counts, heading, bm25.headingWeight);
  return vectorOf(counts, (frequency) => saturated(frequency, length));
}

/** Weights of a query: how often each term occurs. Empty where the query holds stop words only. */
export function querySparseVector(text: string): SparseVector {
  const counts = new Map<number, number>();
  countTerms(counts, text, 1);
  return vectorOf(counts, (frequency) => frequency);
}

/** Adds `weight` for each occurrence; the answer is the total added. Terms whose identifiers collide are summed. */
function countTerms(counts: Map<number, number>, text: string, weight: number): number {
  const terms = text === '' || weight === 0 ? [] : analyse(text);
  for (const { term } of terms) {
    const identifier = termIdentifier(term);
    counts.set(identifier, (counts.get(identifier) ?? 0) + weight);
  }
  return terms.length * weight;
}

function vectorOf(counts: ReadonlyMap<number, number>, weightOf: (frequency: number) => number): SparseVector {
  const indices = [...counts.keys()].sort((left, right) => left - right);
  return { indices, values: indices.map((index) => weightOf(counts.get(index) ?? 0)) };
}
