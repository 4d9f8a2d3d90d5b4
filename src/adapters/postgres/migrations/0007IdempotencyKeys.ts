import { sql } from 'kysely';
import type { Kysely } from 'kysely';
import type { Migration } from 'kysely/migration';
import { bindToTenant } from './bindToTenant.ts';

/** Requests that carry an Idempotency-Key, and their answers. */
export const idempotencyKeys: Migration = {
  async up(database: Kysely<unknown>): Promise<void> {
    for (const statement of statements) await sql.raw(statement).execute(database);
    await bindToTenant(database, 'idempotency_keys');
  },
};

const statements = [
  `CREATE TABLE idempotency_keys (
    tenant text NOT NULL, key text NOT NULL, fingerprint text NOT NULL, seed uuid NOT NULL, holder uuid NOT NULL, held_until timestamptz NOT NULL,
    status smallint, content_type text, location text, body text, created_at timestamptz NOT NULL DEFAULT now(), PRIMARY KEY (tenant, key))`,
  `CREATE INDEX idempotency_keys_by_age ON idempotency_keys (tenant, created_at)`,
];
