import { sql } from 'kysely';
import type { Kysely } from 'kysely';
import type { Migration } from 'kysely/migration';

/**
 * Searches of a day, over all API processes. As with the counts of minutes there is no row-level security: names and numbers only, written for
 * all tenants by one statement. Logged, unlike those: a day is long, and a database that crashed must not begin it anew.
 */
export const dayCounts: Migration = {
  async up(database: Kysely<unknown>): Promise<void> {
    await sql.raw(`CREATE TABLE day_counts (key text NOT NULL, "window" bigint NOT NULL, points bigint NOT NULL, PRIMARY KEY (key, "window"))`).execute(database);
  },
};
