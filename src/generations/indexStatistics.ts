import type { IndexStatistics, PhysicalStatistics } from '../contracts/generations.ts';

/** How much of an index is dead weight, by what it holds and what was deleted or replaced since it was made. */
export function toIndexStatistics(found: PhysicalStatistics, removedPoints: number): IndexStatistics {
  return { ...found, removedPoints, removedRatio: removedPoints === 0 ? 0 : removedPoints / (removedPoints + found.points) };
}
