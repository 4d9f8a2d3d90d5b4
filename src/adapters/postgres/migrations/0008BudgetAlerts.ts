import { sql } from 'kysely';
import type { Kysely } from 'kysely';
import type { Migration } from 'kysely/migration';
import { bindToTenant } from './bindToTenant.ts';

/** Which budgets of which month were told of, so that it is done once. */
export const budgetAlerts: Migration = {
  async up(database: Kysely<unknown>): Promise<void> {
    await sql.raw(`CREATE TABLE budget_alerts (tenant text NOT NULL, month text NOT NULL, level text NOT NULL, at timestamptz NOT NULL DEFAULT now(), PRIMARY KEY (tenant, month, level))`).execute(database);
    await bindToTenant(database, 'budget_alerts');
  },
};
