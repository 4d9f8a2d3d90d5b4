import { sql } from 'kysely';
import type { Kysely } from 'kysely';
import type { Migration } from 'kysely/migration';

/** Generations that are one tenant's alone, and which tenants the shared ones hold. */
export const placements: Migration = {
  async up(database: Kysely<unknown>): Promise<void> {
    for (const statement of statements) await sql.raw(statement).execute(database);
  },
};

/** A generation that follows does so for the tenants that it holds; a shared one also for those that have moved, while it holds them still. */
const follows = (tenant: string): string =>
  `(generation.follows AND coalesce(generation.tenant, ${tenant}) = ${tenant} AND ${tenant} <> ALL (generation.excluded)) OR jsonb_exists(generation.departures, ${tenant})`;

const statements = [
  `ALTER TABLE index_generations
    -- Whose own it is; null: shared.
    ADD COLUMN tenant text,
    -- Tenants that a shared one does not hold.
    ADD COLUMN excluded text[] NOT NULL DEFAULT '{}',
    -- Tenants with a generation of their own that are to be served by this shared one when it takes over.
    ADD COLUMN takes_back text[] NOT NULL DEFAULT '{}',
    -- Tenants that are served elsewhere, and until when their points are kept here.
    ADD COLUMN departures jsonb NOT NULL DEFAULT '{}'`,
  `DROP INDEX index_generations_serving`,
  `CREATE UNIQUE INDEX index_generations_serving ON index_generations (coalesce(tenant, '')) WHERE state = 'serving'`,
  `ALTER TABLE index_removals ADD COLUMN tenant text`,
  `ALTER TABLE index_decisions ADD COLUMN tenant text`,
  `CREATE OR REPLACE FUNCTION note_index_changes() RETURNS trigger LANGUAGE plpgsql AS $$
  BEGIN
    INSERT INTO index_removals (tenant, points)
      SELECT before.tenant, sum(before.chunks) FROM before LEFT JOIN after ON after.tenant = before.tenant AND after.id = before.id
      WHERE before.version_id IS NOT NULL AND after.version_id IS DISTINCT FROM before.version_id GROUP BY before.tenant HAVING sum(before.chunks) > 0;
    INSERT INTO index_changes (generation, tenant, document_id)
      SELECT generation.id, after.tenant, after.id FROM index_generations generation, after WHERE ${follows('after.tenant')} ORDER BY 1, 2, 3
      ON CONFLICT (generation, tenant, document_id) DO UPDATE SET number = nextval('index_change_number');
    RETURN NULL;
  END $$`,
  `CREATE OR REPLACE FUNCTION note_index_deletions() RETURNS trigger LANGUAGE plpgsql AS $$
  BEGIN
    INSERT INTO index_removals (tenant, points)
      SELECT before.tenant, sum(before.chunks) FROM before WHERE before.version_id IS NOT NULL GROUP BY before.tenant HAVING sum(before.chunks) > 0;
    INSERT INTO index_changes (generation, tenant, document_id)
      SELECT generation.id, before.tenant, before.id FROM index_generations generation, before WHERE ${follows('before.tenant')} ORDER BY 1, 2, 3
      ON CONFLICT (generation, tenant, document_id) DO UPDATE SET number = nextval('index_change_number');
    RETURN NULL;
  END $$`,
];
