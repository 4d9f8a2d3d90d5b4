import { sql } from 'kysely';
import type { Transaction } from 'kysely';
import { deletionSteps } from '../../../contracts/deletions.ts';
import type { DeletionReceipt, DeletionStep } from '../../../contracts/deletions.ts';
import { raiseIndexEpoch } from '../epochs/raiseIndexEpoch.ts';
import { lockDeletion } from './deletionRegistryReads.ts';
import type { Schema } from '../schema.ts';

export interface ReachedStep {
  readonly deletionId: string;
  readonly step: DeletionStep;
  readonly points: { readonly before?: number; readonly after?: number };
}

export async function countOthers(transaction: Transaction<Schema>, tenant: string, deletionId: string, { objects, bytes }: NonNullable<DeletionReceipt['others']>): Promise<void> {
  const { holdings } = await lockDeletion(transaction, tenant, deletionId);
  const others = { objects: (holdings.others?.objects ?? 0) + objects, bytes: (holdings.others?.bytes ?? 0) + bytes };
  await sql`update deletions set holdings = ${JSON.stringify({ ...holdings, others })} where tenant = ${tenant} and id = ${deletionId}`.execute(transaction);
}

/** Beyond `hide` the documents are out of search; the commit that says so raises the epoch of the tenant's index. */
export async function reachStep(transaction: Transaction<Schema>, tenant: string, { deletionId, step, points }: ReachedStep): Promise<void> {
  const { step: reached, holdings } = await lockDeletion(transaction, tenant, deletionId);
  const passed = reached !== null && deletionSteps.indexOf(reached) >= deletionSteps.indexOf(step);
  const before = { ...(points.before === undefined ? {} : { points: points.before }), ...holdings.before };
  const after = { ...holdings.after, ...(points.after === undefined ? {} : { points: points.after }) };
  await sql`
    update deletions set step = ${passed ? reached : step}, holdings = ${JSON.stringify({ ...holdings, before, after })},
      unsearchable_at = case when ${step !== 'hide'} then coalesce(unsearchable_at, now()) else unsearchable_at end
    where tenant = ${tenant} and id = ${deletionId}`.execute(transaction);
  if (step !== 'hide' && !passed) await raiseIndexEpoch(transaction, tenant);
}
