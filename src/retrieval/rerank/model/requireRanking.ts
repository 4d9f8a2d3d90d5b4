import { CatalystError } from '../../../contracts/errors.ts';
import type { RerankCandidate } from '../../../ports/reranker.ts';

/** Throws RERANKER_MALFORMED where the scores are not those of these candidates, whatever the adapter let through. */
export function requireRanking(scores: ReadonlyMap<string, number>, candidates: readonly RerankCandidate[]): void {
  const ids = new Set(candidates.map(({ id }) => id));
  for (const [id, score] of scores) {
    if (!ids.has(id)) throw new CatalystError('RERANKER_MALFORMED', 'The reranker scored something that is not among the candidates.');
    if (!Number.isFinite(score)) throw new CatalystError('RERANKER_MALFORMED', `The reranker gave a candidate the score ${score}.`);
  }
  if (scores.size === 0) throw new CatalystError('RERANKER_MALFORMED', `The reranker scored none of ${candidates.length} candidates.`);
}
