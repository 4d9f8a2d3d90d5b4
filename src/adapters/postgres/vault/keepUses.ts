import { sql } from 'kysely';
import type { Transaction } from 'kysely';
import type { PersonalValue } from '../../../contracts/vault.ts';
import type { VaultUse } from '../../../ports/vault.ts';
import type { Sealed } from '../../shared/tenantCipher.ts';
import { lockJob } from '../jobs/jobLock.ts';
import type { Schema } from '../schema.ts';
import { requireKeptTenant } from '../tenants/requireActiveTenant.ts';

interface KeptUses {
  readonly tenant: string;
  readonly jobId: string;
  readonly uses: readonly VaultUse[];
  readonly seal: (value: PersonalValue) => Sealed;
}

/**
 * Entries in the order of their names, each locked until the commit: two jobs with equal values follow each other, and an entry that a
 * deletion is about to remove is used again or made again, never lost. The lock on the job comes first, since a deletion that ends its
 * requests holds it too: a document that is gone by then has no row that is in work.
 */
export async function keepUses(transaction: Transaction<Schema>, { tenant, jobId, uses, seal }: KeptUses): Promise<void> {
  await requireKeptTenant(transaction, tenant);
  await lockJob(transaction, jobId);
  const current = await usesInWork(transaction, tenant, jobId, uses);
  const values = [...new Map(current.flatMap((use) => use.values).map((value) => [value.name, value])).values()].sort((one, other) => (one.name < other.name ? -1 : 1));
  if (values.length === 0) return;
  const entries = values.map((value) => ({ value, ...seal(value) }));
  const columns = [values.map(({ name }) => name), values.map(({ kind }) => kind), entries.map(({ keyId }) => keyId), entries.map(({ bytes }) => Buffer.from(bytes).toString('base64'))];
  await sql`
    insert into vault_entries (tenant, name, kind, key_id, sealed)
    select ${tenant}, name, kind, key_id, decode(sealed, 'base64') from unnest(${columns[0]}::text[], ${columns[1]}::text[], ${columns[2]}::text[], ${columns[3]}::text[]) as made (name, kind, key_id, sealed)
    order by name collate "C"
    on conflict (tenant, name) do update set kind = excluded.kind`.execute(transaction);
  const rows = current.flatMap(({ documentId, versionId, sequence, values: own }) => own.map(({ name }) => ({ tenant, document_id: documentId, version_id: versionId, name, sequence: String(sequence) })));
  await sql`
    insert into vault_uses (tenant, document_id, version_id, name, sequence)
    select ${tenant}, document_id, version_id, name, sequence from jsonb_to_recordset(${JSON.stringify(rows)}::jsonb) as made (document_id uuid, version_id uuid, name text, sequence bigint)
    on conflict do nothing`.execute(transaction);
}

async function usesInWork(transaction: Transaction<Schema>, tenant: string, jobId: string, uses: readonly VaultUse[]): Promise<VaultUse[]> {
  const { rows } = await sql<{ document_id: string }>`
    select document_id from job_documents request
    where tenant = ${tenant} and job_id = ${jobId} and document_id = any(${uses.map(({ documentId }) => documentId)}::uuid[]) and state in ('queued', 'running')
      and not exists (select from deletion_documents doomed where doomed.tenant = ${tenant} and doomed.document_id = request.document_id and doomed.sequence >= request.sequence)`.execute(transaction);
  const inWork = new Set(rows.map((row) => row.document_id));
  return uses.filter(({ documentId }) => inWork.has(documentId));
}
