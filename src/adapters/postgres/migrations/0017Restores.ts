import { sql } from 'kysely';
import type { Kysely } from 'kysely';
import type { Migration } from 'kysely/migration';

/** Restores of backups into this database. */
export const restores: Migration = {
  async up(database: Kysely<unknown>): Promise<void> {
    // No row-level security: it is about all tenants, and holds no content.
    await sql.raw(`CREATE TABLE restores (
      id uuid PRIMARY KEY, backup_id text, parts text[] NOT NULL, state text NOT NULL DEFAULT 'running', by text NOT NULL,
      created_at timestamptz NOT NULL DEFAULT now(), finished_at timestamptz,
      -- Tables whose rows are back; written in the transaction that brings them.
      tables text[] NOT NULL DEFAULT '{}',
      cursor jsonb, report jsonb NOT NULL DEFAULT '{}', failure jsonb)`).execute(database);
  },
};
