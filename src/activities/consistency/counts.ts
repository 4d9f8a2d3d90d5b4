import type { PageCounts } from '../../ports/consistencyRegistry.ts';

export const nothingCounted: PageCounts = { documents: 0, points: 0, ownPoints: 0, indexBytes: 0, objects: 0, artifactBytes: 0, opened: 0, inMotion: 0, uncompared: 0, digest: null };

export function addCounts(left: PageCounts, right: Partial<PageCounts>): PageCounts {
  const sum = (name: Exclude<keyof PageCounts, 'digest'>) => left[name] + (right[name] ?? 0);
  return {
    documents: sum('documents'),
    points: sum('points'),
    ownPoints: sum('ownPoints'),
    indexBytes: sum('indexBytes'),
    objects: sum('objects'),
    artifactBytes: sum('artifactBytes'),
    opened: sum('opened'),
    inMotion: sum('inMotion'),
    uncompared: sum('uncompared'),
    digest: right.digest ?? left.digest,
  };
}
