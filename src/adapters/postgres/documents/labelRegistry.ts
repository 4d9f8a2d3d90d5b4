import { sql } from 'kysely';
import type { Transaction } from 'kysely';
import { CatalystError } from '../../../contracts/errors.ts';
import type { LabelRegistry, NewLabelChange, PutLabels } from '../../../ports/labelRegistry.ts';
import type { Database } from '../database.ts';
import { raiseIndexEpoch } from '../epochs/raiseIndexEpoch.ts';
import { keptLabelsColumn } from '../history/keptVersions.ts';
import type { Schema } from '../schema.ts';
import { requestWork } from '../workOutbox.ts';

export function createLabelRegistry(database: Database): LabelRegistry {
  return {
    change: ({ tenant, subject, policies }, change) =>
      database.withTenant(tenant, async (transaction) => {
        await requireReadable(transaction, tenant, policies, change.documents);
        const changed = await setLabels(transaction, tenant, change);
        await requestWork(transaction, { id: change.id, kind: 'labels', tenant, subject, workflowId: `labels/${tenant}/${change.id}` });
        return changed;
      }),

    apply: (tenant, changeId, put) => database.withTenant(tenant, (transaction) => applyChange(transaction, tenant, changeId, put)),
  };
}

/** Locks the documents in the order of their ids, as publications do. */
async function requireReadable(transaction: Transaction<Schema>, tenant: string, held: readonly string[], documents: readonly string[]): Promise<void> {
  const { rows } = await sql<{ id: string }>`
    select id from documents where tenant = ${tenant} and id = any(${[...documents]}::uuid[]) and deleted_at is null and version_id is not null and policies <@ ${[...held]}::text[]
    order by id for update`.execute(transaction);
  const known = new Set(rows.map(({ id }) => id));
  const missing = documents.filter((id) => !known.has(id));
  if (missing.length > 0) throw new CatalystError('NOT_FOUND', `There is no document ${missing[0]}${missing.length > 1 ? `, nor ${missing.length - 1} others of the request` : ''}.`);
}

/** What was attached to a document is as secret as the document. */
async function setLabels(transaction: Transaction<Schema>, tenant: string, { id, documents, labels }: NewLabelChange): Promise<number> {
  const { numAffectedRows } = await sql`
    with recursive family as (
      select id from documents where tenant = ${tenant} and id = any(${[...documents]}::uuid[])
      union select child.id from documents child join family on child.parent_id = family.id where child.tenant = ${tenant} and child.deleted_at is null)
    update documents set set_policies = ${labels === null ? null : [...labels]}::text[], label_change = ${id}, updated_at = now()
    from family where documents.tenant = ${tenant} and documents.id = family.id`.execute(transaction);
  return Number(numAffectedRows ?? 0n);
}

/** The index before the epoch, and both before the commit: see publishVersions. */
async function applyChange(transaction: Transaction<Schema>, tenant: string, changeId: string, put: PutLabels): Promise<void> {
  const rows = await transaction
    .selectFrom('documents')
    .select(['id', 'version_id', 'policies'])
    .where('tenant', '=', tenant)
    .where('label_change', '=', changeId)
    .orderBy('id')
    .forUpdate()
    .execute();
  if (rows.length === 0) return;
  const shown = rows.flatMap(({ id, version_id: versionId, policies }) => (versionId === null ? [] : [{ documentId: id, versionId, policies }]));
  shown.push(...(await readKeptLabels(transaction, tenant, rows.map(({ id }) => id))));
  for (const group of Map.groupBy(shown, ({ policies }) => JSON.stringify(policies)).values()) await put(group, group[0]?.policies ?? []);
  await transaction.updateTable('documents').set({ label_change: null }).where('tenant', '=', tenant).where('label_change', '=', changeId).execute();
  await raiseIndexEpoch(transaction, tenant);
}

/** Versions of these documents that were replaced and are still found as of earlier times, with the labels that they are to have. */
async function readKeptLabels(transaction: Transaction<Schema>, tenant: string, documents: readonly string[]): Promise<{ documentId: string; versionId: string; policies: readonly string[] }[]> {
  const { rows } = await sql<{ document_id: string; id: string; policies: string[] }>`
    select versions.document_id, versions.id, ${keptLabelsColumn} as policies
    from versions join documents on documents.tenant = versions.tenant and documents.id = versions.document_id
    where versions.tenant = ${tenant} and versions.kept and versions.document_id = any(${[...documents]}::uuid[])`.execute(transaction);
  return rows.map((row) => ({ documentId: row.document_id, versionId: row.id, policies: row.policies }));
}
