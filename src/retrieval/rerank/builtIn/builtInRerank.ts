import { toCatalystError } from '../../../contracts/errors.ts';
import { byScore } from '../../candidates/candidate.ts';
import type { Candidate } from '../../candidates/candidate.ts';
import { withinBudget } from '../../legs/withinBudget.ts';
import type { Rerank } from '../outcome.ts';
import { similarityTo } from './maxSim.ts';
import type { SimilarityTo } from './maxSim.ts';

export interface BuiltInRerankOptions {
  /** The query's, one a token that says something; under way since the search began. */
  readonly queryTokens: Promise<readonly Float32Array[]>;
  /** Candidates that are looked at, from the first. */
  readonly poolSize: number;
  readonly budgetMs: number;
}

/** What a similarity of 1 adds to a fused score: as much as being the best by BM25, where a cosine counts 1 / 1.12. Chosen on folds: docs/decisions/0012-built-in-rerank.md. */
const weight = 0.127 / 1.12;
/** Beside the terms alone meaning counts more; as a part of the best score, since BM25 has no bounds. */
const weightBesideTerms = 1;

/**
 * Late interaction over the codes of tokens that were kept at ingestion. What a passage has more of it than the others adds to its
 * fused score; so a passage without codes keeps its score, and neither gains nor loses by it.
 */
export function createBuiltInRerank({ queryTokens, poolSize, budgetMs }: BuiltInRerankOptions): Rerank {
  // Whoever fails first fails the search: nobody may be waiting for these then.
  queryTokens.catch(() => undefined);
  let similarity: SimilarityTo | undefined;
  return async (candidates) => {
    try {
      similarity ??= similarityTo(await withinBudget(queryTokens, budgetMs, 'EMBEDDER_UNAVAILABLE', 'The embedding of the words of the query'));
      return { candidates: reorder(candidates, similarity, poolSize) };
    } catch (thrown) {
      const { code, message } = toCatalystError(thrown);
      return { candidates, failure: { code, message } };
    }
  };
}

function reorder(candidates: readonly Candidate[], similarity: SimilarityTo, poolSize: number): readonly Candidate[] {
  const scored = candidates.slice(0, poolSize).flatMap((candidate) => {
    const value = similarity(candidate.payload.tokenCodes?.codes ?? new Uint8Array());
    return value === undefined ? [] : [{ candidate, value }];
  });
  if (scored.length < 2) return candidates;
  const mean = scored.reduce((sum, { value }) => sum + value, 0) / scored.length;
  const scale = weightFor(candidates);
  const moved = scored
    .map(({ candidate, value }, index) => ({ candidate: { ...candidate, score: candidate.score + scale * (value - mean) }, value, before: index + 1 }))
    .sort((left, right) => byScore(left.candidate, right.candidate))
    .map(({ candidate, value, before }, index): Candidate => ({ ...candidate, rerank: { by: 'built-in', score: value, before, after: index + 1 } }));
  const seen = new Set(moved.map(({ hit }) => hit.id));
  return [...moved, ...candidates.filter(({ hit }) => !seen.has(hit.id))].sort(byScore);
}

function weightFor(candidates: readonly Candidate[]): number {
  const termsAlone = candidates.every(({ hit }) => hit.dense === null);
  return termsAlone ? weightBesideTerms * Math.max(...candidates.map(({ score }) => score)) : weight;
}
