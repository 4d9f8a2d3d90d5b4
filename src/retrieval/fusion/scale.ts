import type { LegHit } from '../../ports/chunkSearch.ts';

/** Gives each hit of a ranked list (best first) a value that lists of other retrievers can be added to. */
export type Scale = (hits: readonly LegHit[]) => readonly number[];

/** The scores themselves, for those that mean the same at every query. */
export const asIs: Scale = (hits) => hits.map(({ score }) => score);

/** The score by that of the best hit: what part of it a hit reaches, from 0 to 1. */
export const shareOfBest: Scale = (hits) => {
  const best = hits[0]?.score ?? 0;
  return hits.map(({ score }) => (best <= 0 ? 0 : Math.max(0, score / best)));
};

/** From 1 for the best to 0 for the last hit of the list; 1 for all where their scores are equal. */
export const minMax: Scale = (hits) => {
  const { lowest, highest } = bounds(hits);
  const range = highest - lowest;
  return hits.map(({ score }) => (range === 0 ? 1 : (score - lowest) / range));
};

/** Standard deviations above the lowest score of the list: 0 for the last, the more the further the best stand out; 1 for all where scores are equal. */
export const zScore: Scale = (hits) => {
  const { lowest } = bounds(hits);
  const mean = hits.reduce((sum, { score }) => sum + score, 0) / hits.length;
  const deviation = Math.sqrt(hits.reduce((sum, { score }) => sum + (score - mean) ** 2, 0) / hits.length);
  return hits.map(({ score }) => (deviation === 0 ? 1 : (score - lowest) / deviation));
};

/** 1 / (constant + rank), ranks from 1: the scores themselves do not count. */
export function reciprocalRank(constant: number): Scale {
  return (hits) => hits.map((_hit, index) => 1 / (constant + index + 1));
}

function bounds(hits: readonly LegHit[]): { readonly lowest: number; readonly highest: number } {
  let lowest = Infinity;
  let highest = -Infinity;
  for (const { score } of hits) {
    lowest = Math.min(lowest, score);
    highest = Math.max(highest, score);
  }
  return { lowest, highest };
}
