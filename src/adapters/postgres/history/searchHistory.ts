import { sql } from 'kysely';
import type { Transaction } from 'kysely';
import { boundedRetention } from '../../../contracts/policyRules.ts';
import { retentionPolicySchema } from '../../../contracts/sweeps.ts';
import type { RetentionChange, RetentionPolicy } from '../../../contracts/sweeps.ts';
import type { HistoryState, SearchHistory } from '../../../ports/searchHistory.ts';
import type { VersionPoints } from '../../../ports/vectorIndex.ts';
import type { Database } from '../database.ts';
import { raiseIndexEpoch } from '../epochs/raiseIndexEpoch.ts';
import type { Schema } from '../schema.ts';
import { readPolicy } from '../tenants/tenantPolicies.ts';

const dayMs = 86_400_000;
/** Searches as of the earliest time allowed may be under way for this long while what they need becomes too old. */
const graceMs = 10 * 60_000;
const versionsAtOnce = 500;

export function createSearchHistory(database: Database): SearchHistory {
  return {
    read: (tenant) =>
      database.withTenant(tenant, async (transaction) => {
        const moment = await momentOfSearch(transaction, tenant);
        return { moment, since: await readSince(transaction, tenant, moment) };
      }),
  };
}

/** Waits until all publications that have begun are done; holds up new ones until the end of the transaction. */
async function momentOfSearch(transaction: Transaction<Schema>, tenant: string): Promise<number> {
  const { rows } = await sql<{ at: Date }>`select at from moment_of_search(${tenant})`.execute(transaction);
  return rows[0]?.at.getTime() ?? Date.now();
}

async function readSince(transaction: Transaction<Schema>, tenant: string, now: number): Promise<HistoryState['since']> {
  const row = await transaction.selectFrom('retention_policies').select(['policy', 'history_since']).where('tenant', '=', tenant).executeTakeFirst();
  if (row?.history_since == null) return null;
  const { searchableHistoryDays: days } = boundedRetention(await readPolicy(transaction, tenant), retentionPolicySchema.parse(row.policy));
  return days === 0 ? null : Math.max(row.history_since.getTime(), now - days * dayMs);
}

/**
 * Stores a retention policy. History begins when it is first asked for, and never reaches farther back by being asked for longer, since what
 * was older is gone. Publications see the policy whole: those that went by the one before are done.
 */
export async function writeRetention(transaction: Transaction<Schema>, tenant: string, policy: RetentionPolicy): Promise<void> {
  await storeRetention(transaction, tenant, policy, await momentOfSearch(transaction, tenant));
}

/** As `writeRetention`, of what is named alone. What the tenant never chose is not stored, so that it goes on by its default. */
export async function changeRetention(transaction: Transaction<Schema>, tenant: string, change: RetentionChange): Promise<void> {
  // Takes the lock under which policies are written, so that of two changes at once none is lost.
  const moment = await momentOfSearch(transaction, tenant);
  const row = await transaction.selectFrom('retention_policies').select('policy').where('tenant', '=', tenant).executeTakeFirst();
  await storeRetention(transaction, tenant, { ...row?.policy, ...change }, moment);
}

async function storeRetention(transaction: Transaction<Schema>, tenant: string, chosen: RetentionChange, moment: number): Promise<void> {
  const before = await readSince(transaction, tenant, moment);
  const since = retentionPolicySchema.parse(chosen).searchableHistoryDays === 0 ? null : new Date(before ?? moment);
  await transaction
    .insertInto('retention_policies')
    .values({ tenant, policy: JSON.stringify(chosen), history_since: since, updated_at: sql`now()` })
    .onConflict((conflict) => conflict.column('tenant').doUpdateSet((row) => ({ policy: row.ref('excluded.policy'), history_since: row.ref('excluded.history_since'), updated_at: sql`now()` })))
    .execute();
  // Answers as of a time that are remembered may be of a history that is not to be found any more.
  if ((before === null) !== (since === null)) await raiseIndexEpoch(transaction, tenant);
}

/** Where an index took over that holds no history: what was kept is kept no more, and history begins now. */
export async function beginHistoryAnew(transaction: Transaction<Schema>, tenant: string): Promise<void> {
  await moveBeginning(transaction, tenant, await momentOfSearch(transaction, tenant));
  await sql`update versions set kept = false where tenant = ${tenant} and kept`.execute(transaction);
  await raiseIndexEpoch(transaction, tenant);
}

/** Has versions removed from the index that no search may find any more, page by page; answers how many. */
export async function releaseHistory(database: Database, tenant: string, now: number, remove: (versions: readonly VersionPoints[]) => Promise<void>): Promise<number> {
  for (let released = 0; ; ) {
    const page = await database.withTenant(tenant, (transaction) => releasePage(transaction, tenant, now, remove));
    released += page;
    if (page < versionsAtOnce) return released;
  }
}

/** What is given up does not come back where the policy keeps more again, whoever had bounded it. */
async function moveBeginning(transaction: Transaction<Schema>, tenant: string, to: number): Promise<void> {
  await sql`update retention_policies set history_since = to_timestamp(${to} / 1000.0) where tenant = ${tenant} and history_since < to_timestamp(${to} / 1000.0)`.execute(transaction);
}

/** Under the locks of a publication, so that nothing puts them back meanwhile; generations that follow hear of it as of any change of the documents. */
async function releasePage(transaction: Transaction<Schema>, tenant: string, now: number, remove: (versions: readonly VersionPoints[]) => Promise<void>): Promise<number> {
  const since = await readSince(transaction, tenant, now);
  await moveBeginning(transaction, tenant, since === null ? now : since - graceMs);
  const isOver = since === null ? sql`true` : sql`versions.replaced_at < to_timestamp(${since - graceMs} / 1000.0)`;
  await sql`
    select from documents where tenant = ${tenant} and id in (select document_id from versions where tenant = ${tenant} and kept and ${isOver} order by document_id, id limit ${versionsAtOnce})
    order by id for update`.execute(transaction);
  const { rows } = await sql<{ document_id: string; id: string; chunks: number }>`
    select document_id, id, chunks from versions where tenant = ${tenant} and kept and ${isOver} order by document_id, id limit ${versionsAtOnce}`.execute(transaction);
  if (rows.length === 0) return 0;
  const documents = [...new Set(rows.map((row) => row.document_id))];
  await sql`update versions set kept = false where tenant = ${tenant} and document_id = any(${documents}::uuid[]) and id = any(${rows.map(({ id }) => id)}::uuid[])`.execute(transaction);
  await sql`update documents set updated_at = updated_at where tenant = ${tenant} and id = any(${documents}::uuid[])`.execute(transaction);
  await sql`insert into index_removals (tenant, points) values (${tenant}, ${rows.reduce((sum, { chunks }) => sum + chunks, 0)})`.execute(transaction);
  await remove(rows.map((row) => ({ documentId: row.document_id, versionId: row.id })));
  return rows.length;
}
