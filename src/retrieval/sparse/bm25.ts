/**
 * BM25 constants. The average length is fixed rather than measured, so that a passage's vector never depends on what else
 * is indexed: stored weights stay valid while a collection grows.
 */
export const bm25 = {
  /** How soon repetition stops to count. */
  k1: 1.2,
  /** How much long passages are held back. */
  b: 0.75,
  /** Terms (stop words dropped) of a usual passage. */
  averageLength: 120,
  titleWeight: 2,
  headingWeight: 1,
} as const;

/** The term-frequency part of BM25 for a passage of `length` terms: 0 for none, at most k1 + 1. */
export function saturated(frequency: number, length: number): number {
  const norm = 1 - bm25.b + (bm25.b * length) / bm25.averageLength;
  return (frequency * (bm25.k1 + 1)) / (frequency + bm25.k1 * norm);
}
