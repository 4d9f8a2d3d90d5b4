import { sql } from 'kysely';
import type { Kysely } from 'kysely';
import type { Migration } from 'kysely/migration';
import { bindToTenant } from './bindToTenant.ts';

/** Tenants that were created, suspended or deleted by the operator of the platform. Those of whom there is no row are served as before. */
export const tenantAccounts: Migration = {
  async up(database: Kysely<unknown>): Promise<void> {
    await sql.raw(table).execute(database);
    await bindToTenant(database, 'tenant_accounts');
    for (const statement of rest) await sql.raw(statement).execute(database);
  },
};

const table = `CREATE TABLE tenant_accounts (
  tenant text PRIMARY KEY, name text, state text NOT NULL DEFAULT 'active', created boolean NOT NULL, policy jsonb NOT NULL DEFAULT '{}',
  created_at timestamptz NOT NULL DEFAULT now(), created_by text, changed_at timestamptz NOT NULL DEFAULT clock_timestamp(),
  suspension jsonb, deletion jsonb, receipt jsonb)`;

const rest = [
  `CREATE INDEX tenant_accounts_by_change ON tenant_accounts (changed_at)`,
  // Whoever watches over all tenants reads all rows, and writes none by that.
  `CREATE POLICY platform ON tenant_accounts FOR SELECT USING (current_setting('catalyst.platform', true) = 'tenants')`,
  `CREATE FUNCTION list_tenant_accounts(after text, most integer) RETURNS TABLE (tenant text, account tenant_accounts, first_seen timestamptz) LANGUAGE plpgsql AS $$
  BEGIN
    PERFORM set_config('catalyst.platform', 'tenants', true);
    RETURN QUERY SELECT coalesce(known.tenant, seen.tenant), known, seen.first_seen FROM tenant_accounts known FULL JOIN tenants seen ON seen.tenant = known.tenant
      WHERE coalesce(known.tenant, seen.tenant) > after ORDER BY 1 LIMIT most;
  END $$`,
  // Commits may come later than their time by as long as a transaction takes: what is near is told again.
  `CREATE FUNCTION read_tenant_standings(since timestamptz) RETURNS TABLE (tenant text, state text, policy jsonb, as_of timestamptz) LANGUAGE plpgsql AS $$
  BEGIN
    PERFORM set_config('catalyst.platform', 'tenants', true);
    RETURN QUERY SELECT known.tenant, known.state, known.policy, clock_timestamp() FROM tenant_accounts known WHERE since IS NULL OR known.changed_at > since - interval '2 minutes';
  END $$`,
  // Who accepts work for a tenant and who suspends it take turns. The state is read after the lock is had.
  `CREATE FUNCTION standing_of_tenant(wanted text) RETURNS text LANGUAGE plpgsql AS $$
  BEGIN
    PERFORM pg_advisory_xact_lock_shared(hashtextextended('tenant:' || wanted, 0));
    RETURN (SELECT state FROM tenant_accounts WHERE tenant = wanted);
  END $$`,
];
