import type { SearchBoosts } from '../../contracts/search.ts';
import { byScore } from '../candidates/candidate.ts';
import type { Candidate } from '../candidates/candidate.ts';
import { boostsOf, totalOf } from './boostsOf.ts';

/**
 * The candidates with their boosts, ordered anew. Boosts are parts of the distance between the best and the worst score, so
 * that a weight means the same whatever the scale of the scores.
 */
export function boost(candidates: readonly Candidate[], boosts: SearchBoosts, query: string, now: number): Candidate[] {
  const scores = candidates.map(({ score }) => score);
  const distance = scores.length < 2 ? 1 : Math.max(...scores) - Math.min(...scores) || 1;
  return candidates
    .map((candidate) => {
      const applied = boostsOf(boosts, query, candidate.payload, now);
      return applied.length === 0 ? candidate : { ...candidate, boosts: applied, score: candidate.score + distance * totalOf(applied) };
    })
    .sort(byScore);
}
