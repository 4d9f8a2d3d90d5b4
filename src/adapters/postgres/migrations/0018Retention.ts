import { sql } from 'kysely';
import type { Kysely } from 'kysely';
import type { Migration } from 'kysely/migration';

/** Sweeps go through the finished jobs of a tenant in the order of their ids. */
export const retention: Migration = {
  async up(database: Kysely<unknown>): Promise<void> {
    await sql`CREATE INDEX jobs_finished ON jobs (tenant, id) WHERE finished_at IS NOT NULL`.execute(database);
  },
};
