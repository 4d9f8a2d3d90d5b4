import { Kysely, PostgresDialect, sql } from 'kysely';
import type { QueryExecutorProvider, Transaction } from 'kysely';
import pg from 'pg';
import type { DumpedTable, RegistryDump } from '../../../contracts/backups.ts';
import { CatalystError } from '../../../contracts/errors.ts';
import type { RegistryDumper, TableRows } from '../../../ports/registryBackup.ts';
import { translatePostgresError } from '../errors.ts';
import { fixTextForms, lineOf, readCatalogue, readMigrations, replaced } from './tableCatalogue.ts';

const rowsAtOnce = 500;

/**
 * Reads all rows of all tenants, by a role of its own that may pass over row-level security and may only read. The role of the product cannot,
 * and the tenants it could name one by one need not be all that there are.
 */
export function createRegistryDumper(url: string): RegistryDumper {
  const pool = new pg.Pool({
    connectionString: url,
    max: 1,
    connectionTimeoutMillis: 5_000,
    keepAlive: true,
    // The store may be slow between two reads; a frozen process ends the snapshot all the same.
    options: '-c idle_in_transaction_session_timeout=600000 -c statement_timeout=600000 -c default_transaction_read_only=on',
    application_name: 'catalyst-backup',
  });
  pool.on('error', () => undefined);
  pool.on('connect', (client) => client.on('error', () => undefined));
  const kysely = new Kysely<never>({ dialect: new PostgresDialect({ pool }) });
  return {
    async dump(take) {
      try {
        return await kysely.transaction().setIsolationLevel('repeatable read').setAccessMode('read only').execute((transaction) => dumpTables(transaction, take));
      } catch (thrown) {
        throw translatePostgresError(thrown);
      }
    },
    async occupied() {
      try {
        const tables = (await readCatalogue(kysely)).filter(({ name }) => !replaced.has(name));
        const { rows } = await sql<{ name: string }>`select name from (${sql.join(tables.map(({ name }) => sql`select ${sql.lit(name)} as name where exists (select from ${sql.table(name)})`), sql` union all `)}) as occupied order by name`.execute(kysely);
        return rows.map(({ name }) => name);
      } catch (thrown) {
        throw translatePostgresError(thrown);
      }
    },
    close: () => kysely.destroy(),
  };
}

async function dumpTables(transaction: Transaction<never>, take: (table: TableRows) => Promise<DumpedTable>): Promise<RegistryDump> {
  await fixTextForms(transaction);
  const { rows: [told] } = await sql<{ at: Date; server: string; reads: boolean }>`
    select clock_timestamp() as at, current_setting('server_version') as server, (rolsuper or rolbypassrls) as reads from pg_roles where rolname = current_user`.execute(transaction);
  if (told?.reads !== true) throw new CatalystError('BACKUP_NOT_CONFIGURED', 'The role of CATALYST_BACKUP_DATABASE_URL is bound by row-level security: it would see no rows of tenants.');
  const migrations = await readMigrations(transaction);
  const tables: DumpedTable[] = [];
  for (const { name, columns } of await readCatalogue(transaction)) {
    const names = columns.map((column) => column.name);
    tables.push(await take({ name, columns: names, lines: translated(readRows(transaction, name, names)) }));
  }
  // Not of the snapshot but of now, so that none is behind a row.
  const { rows } = await sql<{ name: string; value: string }>`select sequencename as name, coalesce(last_value, start_value)::text as value from pg_sequences where schemaname = current_schema() order by 1`.execute(transaction);
  return { snapshotAt: told.at.toISOString(), server: `PostgreSQL ${told.server}`, migrations, tables, sequences: Object.fromEntries(rows.map(({ name, value }) => [name, value])) };
}

/** A store that the lines are streamed to is not to take a lost connection for something else. */
async function* translated(lines: AsyncIterable<string>): AsyncGenerator<string> {
  try {
    yield* lines;
  } catch (thrown) {
    throw translatePostgresError(thrown);
  }
}

/** A page at a time, in no order. */
export async function* readRows(transaction: QueryExecutorProvider, table: string, columns: readonly string[]): AsyncGenerator<string> {
  await sql`declare backup_rows no scroll cursor for select ${lineOf(columns)} as line from ${sql.table(table)}`.execute(transaction);
  for (;;) {
    const { rows } = await sql<{ line: string }>`fetch ${sql.raw(String(rowsAtOnce))} from backup_rows`.execute(transaction);
    for (const { line } of rows) yield line;
    if (rows.length < rowsAtOnce) break;
  }
  await sql`close backup_rows`.execute(transaction);
}
