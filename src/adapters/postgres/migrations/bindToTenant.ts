import { sql } from 'kysely';
import type { Kysely } from 'kysely';

/** Row-level security, forced on the owner too: a transaction sees and writes rows of the tenant it names. */
export async function bindToTenant(database: Kysely<unknown>, table: string): Promise<void> {
  await sql.raw(`ALTER TABLE ${table} ENABLE ROW LEVEL SECURITY`).execute(database);
  await sql.raw(`ALTER TABLE ${table} FORCE ROW LEVEL SECURITY`).execute(database);
  await sql.raw(`CREATE POLICY tenant_rows ON ${table} USING (tenant = current_setting('catalyst.tenant', true)) WITH CHECK (tenant = current_setting('catalyst.tenant', true))`).execute(database);
}
