import { sql } from 'kysely';
import type { Kysely } from 'kysely';
import type { Migration } from 'kysely/migration';

/**
 * Requests of a window, over all API processes. As other tables of limits it has no row-level security: names and numbers only, written for
 * all tenants by one statement. Unlogged: a database that crashed begins the window anew.
 */
export const rateCounts: Migration = {
  async up(database: Kysely<unknown>): Promise<void> {
    await sql.raw(`CREATE UNLOGGED TABLE rate_counts (key text NOT NULL, "window" bigint NOT NULL, points bigint NOT NULL, PRIMARY KEY (key, "window"))`).execute(database);
  },
};
