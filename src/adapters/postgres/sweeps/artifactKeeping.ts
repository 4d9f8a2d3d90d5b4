import type { RetentionPolicy } from '../../../contracts/sweeps.ts';
import type { ObjectVerdict } from '../../../ports/sweepRegistry.ts';
import type { ArtifactUse } from './artifactUses.ts';

/** What a use means for its bytes: still needed, or what they were before they were not. */
export type UseVerdict = Exclude<ObjectVerdict['fate'], 'keep'> | 'needed';

/** The moments before which things are no longer kept. */
export interface ArtifactKeeping {
  /** Objects written later are left alone. */
  readonly untouched: Date;
  readonly orphans: Date;
  readonly replaced: Date;
  readonly uploads: Date;
}

const day = 86_400_000;

/** No age given by a policy is below the least; for ever is before all time. */
export function artifactKeeping(policy: RetentionPolicy, now: Date, minimumAgeMs: number): ArtifactKeeping {
  const before = (days: number | null) => new Date(days === null ? 0 : now.getTime() - Math.max(days * day, minimumAgeMs));
  const { replacedVersionDays: replaced, searchableHistoryDays: searchable } = policy;
  // Points of versions that are searched as of an earlier time are made again of their artifacts, which therefore outlive them.
  const replacedDays = replaced === null || searchable === 0 ? replaced : Math.max(replaced, searchable + 1);
  return { untouched: before(0), orphans: before(policy.failedArtifactDays), replaced: before(replacedDays), uploads: before(policy.uploadDays) };
}

/** `neighbours`: all uses of the same range. */
export function judgeUse(use: ArtifactUse, neighbours: readonly ArtifactUse[], keeping: ArtifactKeeping): UseVerdict {
  switch (use.by) {
    case 'version':
      // What a deletion takes is the deletion's to remove.
      return use.replacedAt !== null && use.replacedAt <= keeping.replaced && !use.deleted ? 'replaced' : 'needed';
    case 'upload':
      return use.createdAt <= keeping.uploads ? 'upload' : 'needed';
    case 'request':
      return use.failedAt !== null && use.failedAt <= keeping.orphans ? 'orphan' : 'needed';
    case 'output': {
      // The output of a version that is no longer kept goes with it, though outputs of no version may be kept for longer.
      const goesWithVersion = use.createdAt <= keeping.replaced && neighbours.some((other) => other.by === 'version' && judgeUse(other, [], keeping) === 'replaced');
      if (goesWithVersion) return 'replaced';
      return use.createdAt <= keeping.orphans ? 'orphan' : 'needed';
    }
  }
}
