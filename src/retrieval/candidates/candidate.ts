import type { ChunkPayload } from '../../ports/vectorIndex.ts';
import type { AppliedBoost } from '../boosts/boostsOf.ts';
import type { FusedHit } from '../fusion/fuse.ts';
import type { RerankPart } from '../rerank/rerankPart.ts';

/** A fused hit with what is stored of it, and what moved it since. */
export interface Candidate {
  readonly hit: FusedHit;
  readonly payload: ChunkPayload;
  readonly boosts: readonly AppliedBoost[];
  readonly rerank: RerankPart | null;
  /** What orders the results: the fused score, boosted and reranked. */
  readonly score: number;
}

/** Best first; ties by id, so that the same search gives the same order. */
export function byScore(left: Candidate, right: Candidate): number {
  return right.score - left.score || (left.hit.id < right.hit.id ? -1 : 1);
}
