import { sql } from 'kysely';
import type { Transaction } from 'kysely';
import type { Schema } from '../schema.ts';

/**
 * Changes to which documents a job has, to their states and to its own happen one transaction after the other: a job never ends while
 * documents join it, and ids of events are in order of commit, so that a reader never skips one. Taken before any row of the job.
 */
export async function lockJob(transaction: Transaction<Schema>, jobId: string): Promise<void> {
  await sql`select pg_advisory_xact_lock(hashtextextended(${jobId}, 0)), ${lookUp}`.execute(transaction);
}

/**
 * Rows of a job are found by their indexes, a few at a time. Right after a large job came in the statistics of the table know nothing of it,
 * and bitmaps of all its documents would look cheaper than a search for each of a slice: within this transaction there are none.
 */
export async function lookUpRows(transaction: Transaction<Schema>): Promise<void> {
  await sql`select ${lookUp}`.execute(transaction);
}

const lookUp = sql`set_config('enable_bitmapscan', 'off', true)`;
