import { sql } from 'kysely';
import type { Transaction } from 'kysely';
import { CatalystError } from '../../../contracts/errors.ts';
import type { Schema } from '../schema.ts';

/** Writers of documents end within a second or two; who waits longer holds up those who come after. */
const patience = '3s';

/**
 * Waits until all who write documents have ended, and lets no other begin before the commit; readers go on. A publication writes the index
 * within its transaction, after its first write of the table: it is done as a whole before, or begins after.
 */
export async function keepDocumentsStill(transaction: Transaction<Schema>): Promise<void> {
  await sql.raw(`set local lock_timeout = '${patience}'`).execute(transaction);
  await sql`lock table documents in share mode`.execute(transaction);
}

export async function switchGeneration(transaction: Transaction<Schema>, id: string, dropAfter: Date, swap: () => Promise<void>): Promise<void> {
  await keepDocumentsStill(transaction);
  const target = await transaction.selectFrom('index_generations').select('state').where('id', '=', id).forUpdate().executeTakeFirst();
  if (target?.state === 'serving') return;
  if (target?.state !== 'ready' && target?.state !== 'retired') throw new CatalystError('CONFLICT', `The generation ${id} is ${target?.state ?? 'unknown'}; only one that is ready or retired can serve.`);
  await swap();
  await transaction.updateTable('index_generations').set({ state: 'retired', retired_at: sql`now()`, drop_after: dropAfter, follows: true }).where('state', '=', 'serving').execute();
  await transaction.updateTable('index_generations').set({ state: 'serving', served_from: sql`now()`, retired_at: null, drop_after: null, follows: false }).where('id', '=', id).execute();
  await transaction.deleteFrom('index_changes').where('generation', '=', id).execute();
}
