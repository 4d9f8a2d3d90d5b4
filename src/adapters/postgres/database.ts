import { Kysely, PostgresDialect, sql } from 'kysely';
import { Migrator } from 'kysely/migration';
import type { Transaction } from 'kysely';
import pg from 'pg';
import { translatePostgresError } from './errors.ts';
import { migrations } from './migrations.ts';
import type { Schema } from './schema.ts';
import { socketWithSilenceLimit } from './silenceLimit.ts';

export interface DatabaseOptions {
  readonly url: string;
  readonly poolSize: number;
  /** Milliseconds after which a connection on which nothing moves is given up; longer than any statement may take. */
  readonly longestSilenceMs?: number;
}

const defaultLongestSilenceMs = 125_000;

/** The connection pool, and the one way in: a transaction that names its tenant, to which row-level security holds it. */
export interface Database {
  readonly kysely: Kysely<Schema>;
  withTenant<Result>(tenant: string, work: (transaction: Transaction<Schema>) => Promise<Result>): Promise<Result>;
  /** For tables without tenants only. */
  withoutTenant<Result>(work: (kysely: Kysely<Schema>) => Promise<Result>): Promise<Result>;
  /** Brings the schema up to date; safe when several processes do it at once. */
  migrate(): Promise<void>;
  close(): Promise<void>;
}

export function openDatabase(options: DatabaseOptions): Database {
  const pool = new pg.Pool({
    connectionString: options.url,
    max: options.poolSize,
    connectionTimeoutMillis: 5_000,
    idleTimeoutMillis: 30_000,
    keepAlive: true,
    stream: () => socketWithSilenceLimit(options.longestSilenceMs ?? defaultLongestSilenceMs),
    // A frozen process must not hold row locks for ever.
    options: '-c idle_in_transaction_session_timeout=60000 -c lock_timeout=30000 -c statement_timeout=120000',
    application_name: 'catalyst-index',
  });
  // A connection that dies is replaced at the next use, and what waits on it hears so; without listeners it would end the process.
  pool.on('error', () => undefined);
  pool.on('connect', (client) => client.on('error', () => undefined));
  const kysely = new Kysely<Schema>({ dialect: new PostgresDialect({ pool }) });

  return {
    kysely,
    async withTenant(tenant, work) {
      return translated(() =>
        kysely.transaction().execute(async (transaction) => {
          await sql`select set_config('catalyst.tenant', ${tenant}, true)`.execute(transaction);
          return work(transaction);
        }),
      );
    },
    async withoutTenant(work) {
      return translated(() => work(kysely));
    },
    async migrate() {
      const migrator = new Migrator({ db: kysely, provider: { getMigrations: () => Promise.resolve(migrations) } });
      const { error } = await migrator.migrateToLatest();
      if (error !== undefined) throw translatePostgresError(error);
    },
    async close() {
      await kysely.destroy();
    },
  };
}

async function translated<Result>(work: () => Promise<Result>): Promise<Result> {
  try {
    return await work();
  } catch (thrown) {
    throw translatePostgresError(thrown);
  }
}
