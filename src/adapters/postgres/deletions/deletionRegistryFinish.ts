import { sql } from 'kysely';
import type { Transaction } from 'kysely';
import type { DeletionReceipt } from '../../../contracts/deletions.ts';
import { CatalystError } from '../../../contracts/errors.ts';
import { digestOf, digestOfJson } from '../../../contracts/identifiers.ts';
import type { Digest } from '../../../contracts/identifiers.ts';
import { endsTenant, forgetTenant } from '../tenants/forgetTenant.ts';
import { countHoldings } from './deletionRegistryHoldings.ts';
import { lockDeletion } from './deletionRegistryReads.ts';
import type { Schema } from '../schema.ts';

export async function finishDeletion(transaction: Transaction<Schema>, tenant: string, deletionId: string): Promise<DeletionReceipt> {
  const { receipt, request, holdings, begun_at: begunAt } = await lockDeletion(transaction, tenant, deletionId);
  if (receipt !== null) return receipt;
  const after = { ...(await countHoldings(transaction, tenant, deletionId)), points: holdings.after?.points ?? 0 };
  const left = Object.entries(after).filter(([, count]) => count > 0);
  if (begunAt === null || left.length > 0) {
    throw new CatalystError('VERIFICATION_FAILED', `The deletion ${deletionId} is not complete: ${left.map(([what, count]) => `${count} ${what}`).join(', ') || 'it has not begun'}.`);
  }
  if ('everything' in request) await forgetDiscoveries(transaction, tenant, begunAt);
  const body = {
    before: { documents: 0, versions: 0, points: 0, artifacts: 0, bytes: 0, ...holdings.before },
    after,
    sharedArtifacts: holdings.shared ?? 0,
    ...(holdings.others === undefined ? {} : { others: holdings.others }),
    removed: await digestRemoved(transaction, tenant, deletionId),
  };
  const made: DeletionReceipt = { ...body, digest: digestOfJson(body) };
  await sql`
    update deletions set state = 'finished', step = 'verify', receipt = ${JSON.stringify(made)}, finished_at = now()
    where tenant = ${tenant} and id = ${deletionId}`.execute(transaction);
  if (await endsTenant(transaction, tenant, deletionId)) await forgetTenant(transaction, tenant, deletionId, made);
  return made;
}

async function digestRemoved(transaction: Transaction<Schema>, tenant: string, deletionId: string): Promise<Digest> {
  const { rows } = await sql<{ line: string }>`
    select document_id || ' ' || version as line from deletion_documents, jsonb_array_elements_text(removed) as version
    where tenant = ${tenant} and deletion_id = ${deletionId}`.execute(transaction);
  return digestOf(rows.map(({ line }) => line).sort().join('\n'));
}

/** What finished jobs had seen of their sources: addresses, cursors and what they said was missing. */
async function forgetDiscoveries(transaction: Transaction<Schema>, tenant: string, begunAt: Date): Promise<void> {
  const before = sql`tenant = ${tenant} and created_at <= ${begunAt} and finished_at is not null`;
  await sql`delete from discovered_addresses where tenant = ${tenant} and job_id in (select id from jobs where ${before})`.execute(transaction);
  await sql`update jobs set source = null, discovery_cursor = null, discovery_gaps = '[]', discovery_failure = null where ${before} and source is not null`.execute(transaction);
}
