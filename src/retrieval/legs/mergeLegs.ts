import type { LegHit } from '../../ports/chunkSearch.ts';
import type { Legs } from '../fusion/fuse.ts';

/** Newly asked legs together with the hits of earlier ones that are kept, best first. The scores are of one query: they compare. */
export function mergeLegs(earlier: Legs, kept: ReadonlySet<string>, later: Legs): Legs {
  return {
    ...(later.dense === undefined ? {} : { dense: merge(earlier.dense ?? [], kept, later.dense) }),
    ...(later.sparse === undefined ? {} : { sparse: merge(earlier.sparse ?? [], kept, later.sparse) }),
  };
}

function merge(earlier: readonly LegHit[], kept: ReadonlySet<string>, later: readonly LegHit[]): LegHit[] {
  const present = new Set(later.map(({ id }) => id));
  const added = earlier.filter(({ id }) => kept.has(id) && !present.has(id));
  return [...added, ...later].sort((left, right) => right.score - left.score || (left.id < right.id ? -1 : 1));
}
