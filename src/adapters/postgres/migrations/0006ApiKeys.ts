import { sql } from 'kysely';
import type { Kysely } from 'kysely';
import type { Migration } from 'kysely/migration';
import { bindToTenant } from './bindToTenant.ts';

/** API keys; of their secrets only what proves them. */
export const apiKeys: Migration = {
  async up(database: Kysely<unknown>): Promise<void> {
    await sql.raw(table).execute(database);
    await bindToTenant(database, 'api_keys');
    for (const statement of lookUp) await sql.raw(statement).execute(database);
  },
};

const table = `CREATE TABLE api_keys (
  tenant text NOT NULL, id uuid NOT NULL, name text NOT NULL, scopes text[] NOT NULL, policies text[] NOT NULL,
  life_days integer, created_by text NOT NULL, created_at timestamptz NOT NULL DEFAULT now(),
  rotated_at timestamptz, revoked_at timestamptz, last_used_at timestamptz,
  prefix text NOT NULL UNIQUE, secret_check text NOT NULL, secret_hash text NOT NULL, expires_at timestamptz,
  previous_prefix text UNIQUE, previous_check text, previous_hash text, previous_expires_at timestamptz,
  PRIMARY KEY (tenant, id))`;

const lookUp = [
  // Whoever presents a key does not say whose it is: the row of the prefix that the transaction names can be read, and no other.
  `CREATE POLICY presented_key ON api_keys FOR SELECT USING (prefix = current_setting('catalyst.api_key_prefix', true) OR previous_prefix = current_setting('catalyst.api_key_prefix', true))`,
  // One round trip: the prefix is named and its row read by one statement, which is a transaction of its own.
  `CREATE FUNCTION find_api_key(wanted text) RETURNS SETOF api_keys LANGUAGE plpgsql AS $$
  BEGIN
    PERFORM set_config('catalyst.api_key_prefix', wanted, true);
    RETURN QUERY SELECT * FROM api_keys WHERE prefix = wanted OR previous_prefix = wanted;
  END $$`,
];
