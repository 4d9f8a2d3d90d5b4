import { sql } from 'kysely';
import type { Kysely } from 'kysely';
import type { Migration } from 'kysely/migration';

/** Generations of the index, and which documents changed since one of them saw them. */
export const generations: Migration = {
  async up(database: Kysely<unknown>): Promise<void> {
    for (const statement of statements) await sql.raw(statement).execute(database);
  },
};

/** No row-level security below: names, identifiers, times and counters only, read by work that acts for all tenants. */
const statements = [
  `CREATE TABLE index_generations (
    id text PRIMARY KEY,
    state text NOT NULL,
    reason text NOT NULL,
    contract jsonb NOT NULL,
    settings jsonb NOT NULL,
    -- Changes of documents are kept for it.
    follows boolean NOT NULL DEFAULT false,
    cursor jsonb,
    documents bigint,
    points bigint,
    digest text,
    created_at timestamptz NOT NULL DEFAULT now(),
    served_from timestamptz,
    retired_at timestamptz,
    drop_after timestamptz,
    dropped_at timestamptz,
    failure jsonb
  )`,
  `CREATE UNIQUE INDEX index_generations_serving ON index_generations ((true)) WHERE state = 'serving'`,
  `CREATE SEQUENCE index_change_number`,
  `CREATE TABLE index_changes (
    generation text NOT NULL,
    tenant text NOT NULL,
    document_id uuid NOT NULL,
    number bigint NOT NULL DEFAULT nextval('index_change_number'),
    PRIMARY KEY (generation, tenant, document_id)
  )`,
  `CREATE INDEX index_changes_in_order ON index_changes (generation, number)`,
  // Rows are added, never changed: two transactions of a tenant do not wait for each other because of them.
  `CREATE TABLE index_removals (at timestamptz NOT NULL DEFAULT now(), points bigint NOT NULL)`,
  `CREATE INDEX index_removals_by_time ON index_removals (at)`,
  `CREATE TABLE index_decisions (
    id bigint GENERATED ALWAYS AS IDENTITY PRIMARY KEY,
    at timestamptz NOT NULL DEFAULT now(),
    kind text NOT NULL,
    decision text NOT NULL,
    because jsonb NOT NULL,
    by text NOT NULL,
    generation text,
    statistics jsonb,
    still_ms double precision
  )`,
  // Of inserts nothing is to be told: a document is inserted without a version, and gets one by an update.
  `CREATE FUNCTION note_index_changes() RETURNS trigger LANGUAGE plpgsql AS $$
  DECLARE removed bigint;
  BEGIN
    SELECT sum(before.chunks) INTO removed FROM before LEFT JOIN after ON after.tenant = before.tenant AND after.id = before.id
      WHERE before.version_id IS NOT NULL AND after.version_id IS DISTINCT FROM before.version_id;
    IF removed > 0 THEN INSERT INTO index_removals (points) VALUES (removed); END IF;
    INSERT INTO index_changes (generation, tenant, document_id)
      SELECT generation.id, after.tenant, after.id FROM index_generations generation, after WHERE generation.follows ORDER BY 1, 2, 3
      ON CONFLICT (generation, tenant, document_id) DO UPDATE SET number = nextval('index_change_number');
    RETURN NULL;
  END $$`,
  `CREATE FUNCTION note_index_deletions() RETURNS trigger LANGUAGE plpgsql AS $$
  DECLARE removed bigint;
  BEGIN
    SELECT sum(before.chunks) INTO removed FROM before WHERE before.version_id IS NOT NULL;
    IF removed > 0 THEN INSERT INTO index_removals (points) VALUES (removed); END IF;
    INSERT INTO index_changes (generation, tenant, document_id)
      SELECT generation.id, before.tenant, before.id FROM index_generations generation, before WHERE generation.follows ORDER BY 1, 2, 3
      ON CONFLICT (generation, tenant, document_id) DO UPDATE SET number = nextval('index_change_number');
    RETURN NULL;
  END $$`,
  `CREATE TRIGGER documents_change_index AFTER UPDATE ON documents REFERENCING OLD TABLE AS before NEW TABLE AS after FOR EACH STATEMENT EXECUTE FUNCTION note_index_changes()`,
  `CREATE TRIGGER documents_leave_index AFTER DELETE ON documents REFERENCING OLD TABLE AS before FOR EACH STATEMENT EXECUTE FUNCTION note_index_deletions()`,
];
