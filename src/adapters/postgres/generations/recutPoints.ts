import { sql } from 'kysely';
import type { RawBuilder } from 'kysely';
import { recutChunksKind } from '../../../contracts/artifacts.ts';

/** Passages that `versions` has in a generation of this recut; of one that none has cut anew, those that it came with. */
export function pointsIn(recut: string | null): RawBuilder<number> {
  if (recut === null) return sql`versions.chunks`;
  return sql`coalesce((
    select part.points from version_artifacts part
    where part.tenant = versions.tenant and part.document_id = versions.document_id and part.version_id = versions.id and part.kind = ${recutChunksKind(recut)}), versions.chunks)`;
}
