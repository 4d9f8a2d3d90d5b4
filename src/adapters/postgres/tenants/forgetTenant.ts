import { sql } from 'kysely';
import type { Transaction } from 'kysely';
import type { DeletionReceipt } from '../../../contracts/deletions.ts';
import { CatalystError } from '../../../contracts/errors.ts';
import type { Schema } from '../schema.ts';
import { lockTenant } from './requireActiveTenant.ts';

/**
 * Tables of which no row of a deleted tenant stays; those that refer to others first, and tallies after what they are tallies of, since their
 * removal changes them. A table with a column tenant is named here or in one of the two lists below: a test looks.
 */
export const forgottenTables = [
  'consistency_faults', 'consistency_pages', 'consistency_audits', 'version_summaries', 'artifact_seals', 'job_events', 'discovered_addresses', 'stage_uses', 'job_documents', 'job_tallies', 'jobs', 'version_artifacts', 'versions', 'documents', 'stage_outputs', 'uploads',
  'sources', 'deletion_documents', 'sweep_pages', 'sweeps', 'retention_policies', 'synonyms', 'search_settings', 'sampled_queries', 'api_keys', 'idempotency_keys', 'vault_uses', 'vault_entries', 'budget_alerts', 'index_epochs', 'tenants',
] as const satisfies readonly (keyof Schema)[];

/** Of these the row of the deletion itself stays: it is what the receipt is of. */
export const keptByDeletion = ['deletions', 'work_outbox'] as const satisfies readonly (keyof Schema)[];

/** Tables that stay, and why. */
export const keptTables = {
  tenant_accounts: 'holds the receipt, and keeps the name from being given again',
  audit_entries: 'append-only: who did what, the deletion included, must be found out afterwards',
  audit_heads: 'the end of the chain of the audit log',
  usage_entries: 'evidence of bills: amounts by time and job, no content, never changed',
  usage_sums: 'the same by day, which bills are made from',
  index_changes: 'ids by which generations of the index that follow the serving one remove the points of the tenant too; each goes once that is done',
  index_generations: 'names of collections and when they were made and dropped',
  index_removals: 'how many points were removed and when, by which an index knows how much of it is dead weight; trimmed once no generation needs it',
  index_decisions: 'why collections were made and dropped',
} as const satisfies Partial<Record<keyof Schema, string>>;

/** Whether this deletion is that of the tenant itself. */
export async function endsTenant(transaction: Transaction<Schema>, tenant: string, deletionId: string): Promise<boolean> {
  const account = await transaction.selectFrom('tenant_accounts').select(['state', 'deletion']).where('tenant', '=', tenant).executeTakeFirst();
  return account?.state === 'deleting' && account.deletion?.id === deletionId;
}

/** Throws VERIFICATION_FAILED while jobs are still in work: what they write would stay behind. */
export async function requireIdleTenant(transaction: Transaction<Schema>, tenant: string): Promise<void> {
  const { rows } = await sql<{ jobs: string }>`select count(*) as jobs from jobs where tenant = ${tenant} and finished_at is null`.execute(transaction);
  if (Number(rows[0]?.jobs) > 0) throw new CatalystError('VERIFICATION_FAILED', `${rows[0]?.jobs} jobs of the tenant are still in work; they were cancelled.`);
}

/** In the transaction that keeps the receipt. */
export async function forgetTenant(transaction: Transaction<Schema>, tenant: string, deletionId: string, receipt: DeletionReceipt): Promise<void> {
  await lockTenant(transaction, tenant);
  await requireIdleTenant(transaction, tenant);
  for (const table of forgottenTables) await sql`delete from ${sql.table(table)} where tenant = ${tenant}`.execute(transaction);
  for (const table of keptByDeletion) await sql`delete from ${sql.table(table)} where tenant = ${tenant} and id <> ${deletionId}`.execute(transaction);
  // Its collections are gone; the records of them are tended as those of any that was given up.
  await sql`update index_generations set state = 'abandoned', follows = false where tenant = ${tenant} and state <> 'dropped'`.execute(transaction);
  await sql`update index_generations set departures = departures - ${tenant}::text, takes_back = array_remove(takes_back, ${tenant}) where tenant is null`.execute(transaction);
  await sql`update tenant_accounts set state = 'deleted', name = null, policy = '{}', receipt = ${JSON.stringify(receipt)}, changed_at = clock_timestamp() where tenant = ${tenant}`.execute(transaction);
}
