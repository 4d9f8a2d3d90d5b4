import { sql } from 'kysely';
import type { Kysely } from 'kysely';
import type { Schema } from '../schema.ts';

/** Removals are counted from the making of the serving generation on, or of one that may come to serve. */
export async function forgetBefore(kysely: Kysely<Schema>, moment: Date): Promise<void> {
  await sql`delete from index_removals where at < (select min(created_at) from index_generations where state not in ('dropped', 'abandoned'))`.execute(kysely);
  await sql`delete from index_decisions where at < ${moment}`.execute(kysely);
  await sql`delete from index_generations where state = 'dropped' and dropped_at < ${moment}`.execute(kysely);
}
