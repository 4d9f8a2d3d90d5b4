import { sql } from 'kysely';
import type { Kysely } from 'kysely';
import type { Migration } from 'kysely/migration';

/** How much of what exact search finds a generation does. */
export const recall: Migration = {
  async up(database: Kysely<unknown>): Promise<void> {
    await sql`ALTER TABLE index_generations ADD COLUMN recall jsonb`.execute(database);
  },
};
