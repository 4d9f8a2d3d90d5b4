import { sql } from 'kysely';
import type { Kysely } from 'kysely';
import type { Migration } from 'kysely/migration';

/** Generations whose documents were cut anew, and how many passages each version has in them. */
export const recuts: Migration = {
  async up(database: Kysely<unknown>): Promise<void> {
    for (const statement of statements) await sql.raw(statement).execute(database);
  },
};

const statements = [
  'ALTER TABLE index_generations ADD COLUMN recut jsonb',
  // Of passages that were cut anew (kinds `chunks#…`): how many may be searched. Those that a version came with are counted in `versions`.
  'ALTER TABLE version_artifacts ADD COLUMN points integer',
];
