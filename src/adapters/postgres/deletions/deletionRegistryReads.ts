import { sql } from 'kysely';
import type { Selectable, Transaction } from 'kysely';
import type { Deletion } from '../../../contracts/deletions.ts';
import { CatalystError } from '../../../contracts/errors.ts';
import type { DeletionRegistry } from '../../../ports/deletionRegistry.ts';
import type { Database } from '../database.ts';
import type { Schema } from '../schema.ts';

export type DeletionRow = Selectable<Schema['deletions']>;

export function createDeletionReads(database: Database): Pick<DeletionRegistry, 'find' | 'list' | 'listDoomed'> {
  return {
    async find(tenant, deletionId) {
      const row = await database.withTenant(tenant, (transaction) => findDeletion(transaction, tenant, deletionId));
      return row === undefined ? undefined : toDeletion(row);
    },

    async list(tenant, cursor, limit) {
      const rows = await database.withTenant(tenant, (transaction) => {
        const query = transaction.selectFrom('deletions').selectAll().where('tenant', '=', tenant);
        const after = cursor === undefined ? query : query.where(sql<boolean>`(created_at, id) < (select created_at, id from deletions where tenant = ${tenant} and id = ${cursor})`);
        return after.orderBy('created_at', 'desc').orderBy('id', 'desc').limit(limit + 1).execute();
      });
      const page = rows.slice(0, limit);
      return { deletions: page.map(toDeletion), next: rows.length > limit ? (page.at(-1)?.id ?? null) : null };
    },

    async listDoomed(tenant, deletionId, after, limit) {
      const rows = await database.withTenant(tenant, (transaction) => {
        const query = transaction.selectFrom('deletion_documents').select(['document_id', 'sequence']).where('tenant', '=', tenant).where('deletion_id', '=', deletionId);
        return (after === undefined ? query : query.where('document_id', '>', after)).orderBy('document_id').limit(limit).execute();
      });
      return rows.map((row) => ({ documentId: row.document_id, sequence: Number(row.sequence) }));
    },
  };
}

export async function findDeletion(transaction: Transaction<Schema>, tenant: string, deletionId: string): Promise<DeletionRow | undefined> {
  return transaction.selectFrom('deletions').selectAll().where('tenant', '=', tenant).where('id', '=', deletionId).executeTakeFirst();
}

/** Steps of one deletion take turns. Throws NOT_FOUND. */
export async function lockDeletion(transaction: Transaction<Schema>, tenant: string, deletionId: string): Promise<DeletionRow> {
  const row = await transaction.selectFrom('deletions').selectAll().where('tenant', '=', tenant).where('id', '=', deletionId).forUpdate().executeTakeFirst();
  if (row === undefined) throw new CatalystError('NOT_FOUND', `There is no deletion ${deletionId}.`);
  return row;
}

export function toDeletion(row: DeletionRow): Deletion {
  return {
    id: row.id,
    request: row.request,
    state: row.state,
    step: row.step,
    subject: row.subject,
    reason: row.reason,
    documents: row.documents,
    createdAt: row.created_at.toISOString(),
    unsearchableAt: row.unsearchable_at?.toISOString() ?? null,
    finishedAt: row.finished_at?.toISOString() ?? null,
    receipt: row.receipt,
    workflowId: row.workflow_id,
  };
}
