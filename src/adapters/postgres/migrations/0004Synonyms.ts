import { sql } from 'kysely';
import type { Kysely } from 'kysely';
import type { Migration } from 'kysely/migration';
import { bindToTenant } from './bindToTenant.ts';

/** What a tenant's words mean beside each other. */
export const synonyms: Migration = {
  async up(database: Kysely<unknown>): Promise<void> {
    await sql`CREATE TABLE synonyms (tenant text PRIMARY KEY, synonyms jsonb NOT NULL, updated_at timestamptz NOT NULL DEFAULT now())`.execute(database);
    await bindToTenant(database, 'synonyms');
  },
};
