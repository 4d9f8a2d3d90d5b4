import { sql } from 'kysely';
import type { Selectable, Transaction } from 'kysely';
import type { PendingWork, WorkOutbox } from '../../ports/workOutbox.ts';
import type { Database } from './database.ts';
import type { Schema } from './schema.ts';

export function createWorkOutbox(database: Database): WorkOutbox {
  return {
    async list(olderThanSeconds, limit) {
      const rows = await database.withoutTenant((kysely) =>
        kysely.selectFrom('work_outbox').selectAll().where('created_at', '<=', sql<Date>`now() - make_interval(secs => ${olderThanSeconds})`).orderBy('created_at').limit(limit).execute(),
      );
      return rows.map(toPendingWork);
    },
    async find(id) {
      const row = await database.withoutTenant((kysely) => kysely.selectFrom('work_outbox').selectAll().where('id', '=', id).executeTakeFirst());
      return row === undefined ? undefined : toPendingWork(row);
    },
    async remove({ id, revision }) {
      await database.withoutTenant((kysely) => kysely.deleteFrom('work_outbox').where('id', '=', id).where('revision', '=', String(revision)).execute());
    },
  };
}

/**
 * Asks for a piece of work to be started, or told of a change, within the transaction that makes it so. Revisions come from one sequence:
 * whoever read the row before this change cannot remove it, not even where it was gone in between.
 */
export async function requestWork(transaction: Transaction<Schema>, work: Omit<PendingWork, 'revision'>): Promise<void> {
  const { id, kind, tenant, subject, workflowId } = work;
  await transaction
    .insertInto('work_outbox')
    .values({ id, kind, tenant, subject, workflow_id: workflowId })
    .onConflict((conflict) => conflict.column('id').doUpdateSet((row) => ({ revision: row.ref('excluded.revision') })))
    .execute();
}

function toPendingWork(row: Selectable<Schema['work_outbox']>): PendingWork {
  const { id, kind, tenant, subject } = row;
  return { id, kind, tenant, subject, workflowId: row.workflow_id, revision: Number(row.revision) };
}
