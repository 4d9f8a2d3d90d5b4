import { sql } from 'kysely';
import { CatalystError } from '../../contracts/errors.ts';
import type { HealthCheck } from '../../ports/healthCheck.ts';
import type { Database } from './database.ts';

export function createPostgresHealthCheck(database: Database): HealthCheck {
  return {
    name: 'postgres',
    async check() {
      const result = await database.withoutTenant((kysely) =>
        sql<{ version: string; bypasses: boolean }>`select current_setting('server_version') as version, (rolsuper or rolbypassrls) as bypasses from pg_roles where rolname = current_user`.execute(kysely),
      );
      const row = result.rows[0];
      if (row?.bypasses === true) {
        throw new CatalystError('CONFIGURATION_INVALID', 'The role of DATABASE_URL is a superuser or bypasses row-level security, so tenants would not be kept apart. Use a role without these rights.');
      }
      return `PostgreSQL ${row?.version ?? 'unknown'}`;
    },
  };
}
