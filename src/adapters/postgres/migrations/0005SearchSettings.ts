import { sql } from 'kysely';
import type { Kysely } from 'kysely';
import type { Migration } from 'kysely/migration';
import { bindToTenant } from './bindToTenant.ts';

/** How a tenant's searches go where the request does not say, and since which epoch its settings are what they are. */
export const searchSettings: Migration = {
  async up(database: Kysely<unknown>): Promise<void> {
    for (const statement of statements) await sql.raw(statement).execute(database);
    await bindToTenant(database, 'search_settings');
  },
};

const statements = [
  `CREATE TABLE search_settings (tenant text PRIMARY KEY, settings jsonb NOT NULL, revision bigint NOT NULL, updated_at timestamptz NOT NULL DEFAULT now())`,
  `ALTER TABLE index_epochs ADD COLUMN settings_epoch bigint NOT NULL DEFAULT 0`,
  // As read_index_epoch, which processes of the release before still call.
  `CREATE FUNCTION read_index_state(wanted text, OUT epoch bigint, OUT settings bigint) LANGUAGE plpgsql AS $$
  BEGIN
    PERFORM set_config('catalyst.tenant', wanted, true);
    SELECT index_epochs.epoch, settings_epoch INTO epoch, settings FROM index_epochs WHERE tenant = wanted;
    epoch := coalesce(epoch, 0);
    settings := coalesce(settings, 0);
  END $$`,
];
