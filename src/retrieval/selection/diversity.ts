import type { Candidate } from '../candidates/candidate.ts';
import { shinglesOf, similarity } from './shingles.ts';

/**
 * Maximal marginal relevance: again and again the candidate whose scaled score, less what it repeats of those chosen before,
 * is highest. `diversity` from 0 (the scores alone) to 1. Passages of one document repeat each other by half at least.
 */
export function diversify(candidates: readonly Candidate[], diversity: number): Candidate[] {
  if (diversity === 0 || candidates.length < 3) return [...candidates];
  const scores = candidates.map(({ score }) => score);
  const lowest = Math.min(...scores);
  const distance = Math.max(...scores) - lowest || 1;
  const open = candidates.map((candidate) => ({ candidate, relevance: (candidate.score - lowest) / distance, repeated: 0 }));
  const chosen: Candidate[] = [];
  while (open.length > 0) {
    let best = 0;
    const value = ({ relevance, repeated }: (typeof open)[number]): number => relevance - diversity * repeated;
    for (let index = 1; index < open.length; index += 1) if (value(open[index]!) > value(open[best]!)) best = index;
    const [{ candidate }] = open.splice(best, 1) as [(typeof open)[number]];
    chosen.push(candidate);
    for (const other of open) other.repeated = Math.max(other.repeated, likeness(candidate, other.candidate));
  }
  return chosen;
}

const sameDocument = 0.5;

function likeness(left: Candidate, right: Candidate): number {
  const alike = similarity(shinglesOf(left.payload), shinglesOf(right.payload));
  return left.payload.document === right.payload.document ? Math.max(sameDocument, alike) : alike;
}
