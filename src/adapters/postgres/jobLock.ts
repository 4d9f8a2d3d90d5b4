import { sql } from 'kysely';
import type { Transaction } from 'kysely';
import type { Schema } from './schema.ts';

/**
 * Changes to which documents a job has, to their states and to its own happen one transaction after the other: a job never ends while
 * documents join it, and ids of events are in order of commit, so that a reader never skips one. Taken before any row of the job.
 */
export async function lockJob(transaction: Transaction<Schema>, jobId: string): Promise<void> {
  await sql`select pg_advisory_xact_lock(hashtextextended(${jobId}, 0))`.execute(transaction);
}
