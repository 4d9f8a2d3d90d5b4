import { sql } from 'kysely';
import type { Transaction } from 'kysely';
import type { DeletionReceipt } from '../../../contracts/deletions.ts';
import { CatalystError } from '../../../contracts/errors.ts';
import type { Schema } from '../schema.ts';
import { lockTenant } from './requireActiveTenant.ts';

/**
 * Tables of which no row of a deleted tenant stays; those that refer to others first, and tallies after what they are tallies of, since its removal changes them. What stays is the audit log, the account with the
 * receipt, and the deletion itself.
 */
const forgotten = [
  'job_events', 'discovered_addresses', 'stage_uses', 'job_documents', 'job_tallies', 'jobs', 'version_artifacts', 'versions', 'documents', 'stage_outputs', 'uploads',
  'sources', 'deletion_documents', 'sweep_pages', 'sweeps', 'retention_policies', 'synonyms', 'search_settings', 'api_keys', 'index_epochs', 'tenants',
] as const satisfies readonly (keyof Schema)[];

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
  for (const table of forgotten) await sql`delete from ${sql.table(table)} where tenant = ${tenant}`.execute(transaction);
  await sql`delete from deletions where tenant = ${tenant} and id <> ${deletionId}`.execute(transaction);
  await sql`delete from work_outbox where tenant = ${tenant} and id <> ${deletionId}`.execute(transaction);
  await sql`update tenant_accounts set state = 'deleted', name = null, policy = '{}', receipt = ${JSON.stringify(receipt)}, changed_at = clock_timestamp() where tenant = ${tenant}`.execute(transaction);
}
