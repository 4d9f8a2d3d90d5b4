import type { fusionMethods } from '../../contracts/search.ts';
import type { LegHit, LegName } from '../../ports/chunkSearch.ts';
import { asIs, minMax, reciprocalRank, shareOfBest, zScore } from './scale.ts';
import type { Scale } from './scale.ts';

export type FusionMethod = (typeof fusionMethods)[number];

export interface FusionSettings {
  /**
   * `similarity`: the cosine itself plus the sparse score as a share of the query's best; the others scale the scores of each list.
   */
  readonly method: FusionMethod;
  /** Share of the dense leg, 0 to 1; the sparse leg has the rest. */
  readonly denseWeight: number;
  /** Of reciprocal-rank alone: how little the first ranks stand out. */
  readonly rankConstant: number;
}

export type Legs = Partial<Record<LegName, readonly LegHit[]>>;

export interface LegPart {
  readonly score: number;
  /** From 1. */
  readonly rank: number;
  /** What the leg adds to the fused score. */
  readonly part: number;
}

export interface FusedHit {
  readonly id: string;
  readonly fused: number;
  readonly dense: LegPart | null;
  readonly sparse: LegPart | null;
}

/**
 * One ranked list out of the legs: a weighted sum of their scaled scores, best first, ties by id. A hit that a leg does not
 * have counts there as the last of a list that was cut at `depth`, since it is somewhere behind; and nothing where the list
 * was not cut. A leg that is alone keeps its own scores.
 */
export function fuse(legs: Legs, settings: FusionSettings, depth: number): FusedHit[] {
  const alone = legs.dense === undefined || legs.sparse === undefined;
  const scales = alone ? { dense: asIs, sparse: asIs } : scalesOf(settings);
  const dense = partsOf(legs.dense ?? [], scales.dense, alone ? 1 : settings.denseWeight, depth);
  const sparse = partsOf(legs.sparse ?? [], scales.sparse, alone ? 1 : 1 - settings.denseWeight, depth);
  const fused: FusedHit[] = [];
  for (const [id, part] of dense.parts) fused.push(together(id, part, sparse.parts.get(id) ?? null, dense, sparse));
  for (const [id, part] of sparse.parts) if (!dense.parts.has(id)) fused.push(together(id, null, part, dense, sparse));
  return fused.sort((left, right) => right.fused - left.fused || (left.id < right.id ? -1 : 1));
}

function scalesOf({ method, rankConstant }: FusionSettings): Readonly<Record<LegName, Scale>> {
  switch (method) {
    case 'similarity':
      return { dense: asIs, sparse: shareOfBest };
    case 'min-max':
      return { dense: minMax, sparse: minMax };
    case 'z-score':
      return { dense: zScore, sparse: zScore };
    case 'reciprocal-rank':
      return { dense: reciprocalRank(rankConstant), sparse: reciprocalRank(rankConstant) };
  }
}

interface LegParts {
  readonly parts: ReadonlyMap<string, LegPart>;
  /** For hits that the list does not have. */
  readonly missing: number;
}

function partsOf(hits: readonly LegHit[], scale: Scale, weight: number, depth: number): LegParts {
  const scaled = scale(hits);
  const parts = new Map(hits.map(({ id, score }, index) => [id, { score, rank: index + 1, part: weight * (scaled[index] ?? 0) }]));
  return { parts, missing: hits.length < depth ? 0 : weight * Math.max(0, scaled.at(-1) ?? 0) };
}

function together(id: string, dense: LegPart | null, sparse: LegPart | null, ofDense: LegParts, ofSparse: LegParts): FusedHit {
  return { id, fused: (dense?.part ?? ofDense.missing) + (sparse?.part ?? ofSparse.missing), dense, sparse };
}
