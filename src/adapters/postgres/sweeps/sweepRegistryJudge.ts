import type { Transaction } from 'kysely';
import type { StoredObject } from '../../../ports/artifactStore.ts';
import type { ObjectVerdict } from '../../../ports/sweepRegistry.ts';
import { judgeUse } from './artifactKeeping.ts';
import type { ArtifactKeeping, UseVerdict } from './artifactKeeping.ts';
import { distinctRanges, findUses } from './artifactUses.ts';
import type { ArtifactUse } from './artifactUses.ts';
import { RangeSet } from './rangeSet.ts';
import type { Schema } from '../schema.ts';

export interface JudgedObject {
  readonly verdict: ObjectVerdict;
  /** Records that name what is condemned of it. */
  readonly condemned: readonly ArtifactUse[];
}

/** A page of objects by one query for each table that names ranges. */
export async function judgeObjects(transaction: Transaction<Schema>, tenant: string, objects: readonly StoredObject[], keeping: ArtifactKeeping): Promise<JudgedObject[]> {
  const old = objects.filter(({ storedAt }) => storedAt <= keeping.untouched);
  const uses = await findUses(transaction, tenant, old.map(({ uri }) => uri));
  const readingSince = await findOldestReading(transaction, tenant);
  return objects.map((object) => judgeObject(object, uses.get(object.uri), keeping, readingSince));
}

/** Discovery keeps what it fetched ahead in its own cursor: nothing stored since the oldest one that is running is taken for an orphan. */
export async function findOldestReading(transaction: Transaction<Schema>, tenant: string): Promise<Date | undefined> {
  const row = await transaction.selectFrom('jobs').select('created_at').where('tenant', '=', tenant).where('discovery_state', '=', 'running').where('finished_at', 'is', null).orderBy('created_at').executeTakeFirst();
  return row?.created_at;
}

function judgeObject({ uri, bytes, storedAt }: StoredObject, uses: readonly ArtifactUse[] | undefined, keeping: ArtifactKeeping, readingSince: Date | undefined): JudgedObject {
  const kept: JudgedObject = { verdict: { uri, bytes, fate: 'keep', erasable: [] }, condemned: [] };
  if (uses === undefined) return kept;
  const places = Map.groupBy(uses, ({ reference }) => reference.offset);
  const verdicts = new Map<ArtifactUse, UseVerdict>(uses.map((use) => [use, judgeUse(use, places.get(use.reference.offset) ?? [], keeping)]));
  const needed = uses.filter((use) => verdicts.get(use) === 'needed');
  const ranges = new RangeSet(needed.map(({ reference }) => reference));
  const condemned = uses.filter((use) => verdicts.get(use) !== 'needed' && !ranges.meets(use.reference));
  if (needed.length > 0) return { verdict: { ...kept.verdict, erasable: distinctRanges(condemned.map(({ reference }) => reference)) }, condemned };
  const fates = new Set(condemned.map((use) => verdicts.get(use)));
  const fate = fates.has('replaced') ? 'replaced' : fates.has('upload') ? 'upload' : 'orphan';
  const young = storedAt > keeping.orphans || (readingSince !== undefined && storedAt >= readingSince);
  return fate === 'orphan' && young ? kept : { verdict: { uri, bytes, fate, erasable: [] }, condemned };
}
