import { sql } from 'kysely';
import type { Transaction } from 'kysely';
import { idempotencyHours } from '../../../contracts/idempotency.ts';
import type { Schema } from '../schema.ts';

/** Removes up to `most` requests older than answers are kept. */
export async function removeExpiredAnswers(transaction: Transaction<Schema>, tenant: string, most: number): Promise<void> {
  await sql`
    delete from idempotency_keys where tenant = ${tenant} and key in (
      select key from idempotency_keys where tenant = ${tenant} and created_at < now() - make_interval(hours => ${idempotencyHours}) order by created_at limit ${most} for update skip locked)`.execute(transaction);
}
