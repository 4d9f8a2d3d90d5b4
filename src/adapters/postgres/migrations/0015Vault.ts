import { sql } from 'kysely';
import type { Kysely } from 'kysely';
import type { Migration } from 'kysely/migration';
import { bindToTenant } from './bindToTenant.ts';

/** Redacted personal data, encrypted, and which versions hold marks that name it. */
export const vault: Migration = {
  async up(database: Kysely<unknown>): Promise<void> {
    for (const statement of statements) await sql.raw(statement).execute(database);
    for (const table of ['vault_entries', 'vault_uses']) await bindToTenant(database, table);
  },
};

const statements = [
  `CREATE TABLE vault_entries (
    tenant text NOT NULL, name text COLLATE "C" NOT NULL, kind text NOT NULL, key_id text NOT NULL, sealed bytea NOT NULL, created_at timestamptz NOT NULL DEFAULT now(), PRIMARY KEY (tenant, name))`,
  `CREATE TABLE vault_uses (
    tenant text NOT NULL, document_id uuid NOT NULL, version_id uuid NOT NULL, name text COLLATE "C" NOT NULL, sequence bigint NOT NULL, created_at timestamptz NOT NULL DEFAULT now(), PRIMARY KEY (tenant, document_id, version_id, name),
    FOREIGN KEY (tenant, name) REFERENCES vault_entries (tenant, name))`,
  `CREATE INDEX vault_uses_by_name ON vault_uses (tenant, name)`,
];
