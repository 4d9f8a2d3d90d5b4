import { sql } from 'kysely';
import type { Transaction } from 'kysely';
import type { StoredObject } from '../../../ports/artifactStore.ts';
import type { ObjectVerdict } from '../../../ports/sweepRegistry.ts';
import type { ArtifactKeeping } from './artifactKeeping.ts';
import { findUses, meetsAny } from './artifactUses.ts';
import { forgetUses } from './artifactUsesForget.ts';
import type { Schema } from '../schema.ts';
import { judgeObjects } from './sweepRegistryJudge.ts';

export interface SweepPage {
  readonly sweepId: string;
  readonly page: number;
  readonly objects: readonly StoredObject[];
}

/** Judged, forgotten and noted in one transaction. */
export async function condemnPage(transaction: Transaction<Schema>, tenant: string, { sweepId, page, objects }: SweepPage, keeping: ArtifactKeeping): Promise<ObjectVerdict[]> {
  const noted = await transaction.selectFrom('sweep_pages').select('condemned').where('tenant', '=', tenant).where('sweep_id', '=', sweepId).where('page', '=', page).executeTakeFirst();
  if (noted?.condemned != null) {
    const again = new Map((await withoutNeeded(transaction, tenant, noted.condemned)).map((verdict) => [verdict.uri, verdict]));
    const others = objects.filter(({ uri }) => !again.has(uri)).map(({ uri, bytes }): ObjectVerdict => ({ uri, bytes, fate: 'keep', erasable: [] }));
    return [...again.values(), ...others];
  }
  const judged = await judgeObjects(transaction, tenant, objects, keeping);
  await forgetUses(transaction, tenant, judged.flatMap((one) => one.condemned));
  const verdicts = judged.map(({ verdict }) => verdict);
  const condemned = JSON.stringify(verdicts.filter(({ fate, erasable }) => fate !== 'keep' || erasable.length > 0));
  await sql`
    insert into sweep_pages (tenant, sweep_id, page, condemned) values (${tenant}, ${sweepId}, ${page}, ${condemned})
    on conflict (tenant, sweep_id, page) do update set condemned = excluded.condemned`.execute(transaction);
  return verdicts;
}

/** Whatever names a part of them now came after they were condemned. */
async function withoutNeeded(transaction: Transaction<Schema>, tenant: string, condemned: readonly ObjectVerdict[]): Promise<ObjectVerdict[]> {
  const uses = await findUses(transaction, tenant, condemned.map(({ uri }) => uri));
  const isNeeded = meetsAny(uses, () => true);
  return condemned.flatMap((verdict): ObjectVerdict[] => {
    if (verdict.fate !== 'keep') return (uses.get(verdict.uri) ?? []).length === 0 ? [verdict] : [];
    return [{ ...verdict, erasable: verdict.erasable.filter((range) => !isNeeded(range)) }];
  });
}
