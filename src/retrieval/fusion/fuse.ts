import type { LegHit, LegName } from '../../ports/chunkSearch.ts';
import { minMax, reciprocalRank, zScore } from './scale.ts';
import type { Scale } from './scale.ts';

export type FusionMethod = 'min-max' | 'z-score' | 'reciprocal-rank';

export interface FusionSettings {
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
 * have gets nothing from it. A leg that is alone keeps its own scores.
 */
export function fuse(legs: Legs, settings: FusionSettings): FusedHit[] {
  const alone = legs.dense === undefined || legs.sparse === undefined;
  const scale: Scale = alone ? (hits) => hits.map(({ score }) => score) : scaleOf(settings);
  const dense = partsOf(legs.dense ?? [], scale, alone ? 1 : settings.denseWeight);
  const sparse = partsOf(legs.sparse ?? [], scale, alone ? 1 : 1 - settings.denseWeight);
  const fused: FusedHit[] = [];
  for (const [id, part] of dense) fused.push(together(id, part, sparse.get(id) ?? null));
  for (const [id, part] of sparse) if (!dense.has(id)) fused.push(together(id, null, part));
  return fused.sort((left, right) => right.fused - left.fused || (left.id < right.id ? -1 : 1));
}

function scaleOf({ method, rankConstant }: FusionSettings): Scale {
  switch (method) {
    case 'min-max':
      return minMax;
    case 'z-score':
      return zScore;
    case 'reciprocal-rank':
      return reciprocalRank(rankConstant);
  }
}

function partsOf(hits: readonly LegHit[], scale: Scale, weight: number): Map<string, LegPart> {
  const scaled = scale(hits);
  return new Map(hits.map(({ id, score }, index) => [id, { score, rank: index + 1, part: weight * (scaled[index] ?? 0) }]));
}

function together(id: string, dense: LegPart | null, sparse: LegPart | null): FusedHit {
  return { id, fused: (dense?.part ?? 0) + (sparse?.part ?? 0), dense, sparse };
}
