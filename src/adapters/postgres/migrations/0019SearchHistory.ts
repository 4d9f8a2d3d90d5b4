import { sql } from 'kysely';
import type { Kysely } from 'kysely';
import type { Migration } from 'kysely/migration';

/** Which replaced versions searches as of an earlier time still find, and since when that history is complete. */
export const searchHistory: Migration = {
  async up(database: Kysely<unknown>): Promise<void> {
    for (const statement of statements) await sql.raw(statement).execute(database);
  },
};

const statements = [
  // Replaced, and its points are still in the index; with the labels that it was ingested with.
  `ALTER TABLE versions ADD COLUMN kept boolean NOT NULL DEFAULT false, ADD COLUMN kept_policies text[]`,
  `CREATE INDEX versions_kept ON versions (tenant, document_id) WHERE kept`,
  // Null: no history is kept.
  `ALTER TABLE retention_policies ADD COLUMN history_since timestamptz`,
  // Publications share a lock of their tenant from before their moment until they are done. Whoever has had it alone knows that all
  // publications of moments up to then are in the index, and that every later one has a later moment.
  `CREATE FUNCTION moment_of_publication(wanted text, OUT at timestamptz, OUT keeps boolean) LANGUAGE plpgsql AS $$
  BEGIN
    PERFORM pg_advisory_xact_lock_shared(hashtextextended('history:' || wanted, 0));
    keeps := coalesce((SELECT history_since IS NOT NULL FROM retention_policies WHERE tenant = wanted), false);
    at := date_trunc('milliseconds', clock_timestamp()) + interval '1 millisecond';
  END $$`,
  `CREATE FUNCTION moment_of_search(wanted text, OUT at timestamptz) LANGUAGE plpgsql AS $$
  BEGIN
    PERFORM set_config('lock_timeout', '5000', true);
    PERFORM pg_advisory_xact_lock(hashtextextended('history:' || wanted, 0));
    at := date_trunc('milliseconds', clock_timestamp());
  END $$`,
];
