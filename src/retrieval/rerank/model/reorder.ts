import type { Candidate } from '../../candidates/candidate.ts';

/** A share of the distance between the best and the worst score, far below what any boost adds. */
const step = 1e-9;
/** Of the best score: where all fused scores are about the same there must be room for an order. */
const leastWidth = 1e-3;

/**
 * The first `pool` candidates by the model's scores, the others below them as they were. Equal ones keep their order; those without a
 * score come after those with one. Each gets a new `score` in that order: the model's own, stretched over the range of the fused scores
 * that these candidates had, so that boosts weigh against what the model thinks and nothing from below the pool comes in between.
 */
export function reorder(candidates: readonly Candidate[], pool: number, scores: ReadonlyMap<string, number>, by: string): Candidate[] {
  const placed = candidates.slice(0, pool).map((candidate, index) => ({ candidate, before: index + 1, value: scores.get(candidate.hit.id) }));
  const scored = placed.flatMap((place) => (place.value === undefined ? [] : [{ ...place, value: place.value }])).sort((left, right) => right.value - left.value);
  const ordered = [...scored, ...placed.filter(({ value }) => value === undefined)];
  const onFusedScale = stretch(placed.map(({ candidate }) => candidate.score), scored.map(({ value }) => value));
  const moved = ordered.map(({ candidate, before, value }, index): Candidate => ({
    ...candidate,
    score: onFusedScale(value, ordered.length - index),
    rerank: value === undefined ? null : { by, score: value, before, after: index + 1, among: scored.length },
  }));
  return [...moved, ...candidates.slice(pool)];
}

/** What a value of the model is on the scale of the fused scores; `steps` keep apart what would be equal. Without a value it is as the lowest. */
function stretch(fused: readonly number[], values: readonly number[]): (value: number | undefined, steps: number) => number {
  const bottom = Math.min(...fused);
  const top = Math.max(...fused);
  const width = Math.max(top - bottom, leastWidth * Math.abs(top)) || 1;
  const lowest = Math.min(...values);
  const range = Math.max(...values) - lowest || 1;
  return (value = lowest, steps) => bottom + width * ((value - lowest) / range + step * steps);
}
