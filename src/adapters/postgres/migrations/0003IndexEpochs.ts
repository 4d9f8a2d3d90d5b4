import { sql } from 'kysely';
import type { Kysely } from 'kysely';
import type { Migration } from 'kysely/migration';
import { bindToTenant } from './bindToTenant.ts';

/** A number for each tenant that is raised with every change of what its searches may answer. */
export const indexEpochs: Migration = {
  async up(database: Kysely<unknown>): Promise<void> {
    for (const statement of statements) await sql.raw(statement).execute(database);
    await bindToTenant(database, 'index_epochs');
  },
};

const statements = [
  `CREATE TABLE index_epochs (tenant text PRIMARY KEY, epoch bigint NOT NULL) WITH (fillfactor = 20)`,
  // Every search asks, so it is one round trip: the tenant is named and its row read by one statement, which is a transaction of its own.
  `CREATE FUNCTION read_index_epoch(wanted text) RETURNS bigint LANGUAGE plpgsql AS $$
  BEGIN
    PERFORM set_config('catalyst.tenant', wanted, true);
    RETURN coalesce((SELECT epoch FROM index_epochs WHERE tenant = wanted), 0);
  END $$`,
];
