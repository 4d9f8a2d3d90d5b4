import { sql } from 'kysely';
import type { Transaction } from 'kysely';
import { RowDigest } from '../../../backups/rowDigest.ts';
import type { DumpedTable } from '../../../contracts/backups.ts';
import { CatalystError } from '../../../contracts/errors.ts';
import type { Schema } from '../schema.ts';
import { readRows } from './registryDumper.ts';
import { fixTextForms, readCatalogue, replaced } from './tableCatalogue.ts';
import type { CatalogueTable } from './tableCatalogue.ts';

const rowsAtOnce = 500;
const charactersAtOnce = 4 * 1024 * 1024;

/** Entries that an empty stack has made before: those of the request to restore, above all. */
interface OwnEntry {
  readonly tenant: string;
  readonly content: string;
}

/**
 * Brings the rows of the tables back as they were dumped, and compares what is there then with the dump, all in the caller's transaction. Triggers
 * rest meanwhile, since what they would do is among the rows; row-level security is lifted for the owner. Nobody else can write the tables until
 * the commit.
 */
export async function restoreTables(transaction: Transaction<Schema>, tables: readonly DumpedTable[], linesOf: (table: DumpedTable) => AsyncIterable<string>): Promise<void> {
  for (const setting of [`idle_in_transaction_session_timeout = '10min'`, 'statement_timeout = 0']) await sql.raw(`set local ${setting}`).execute(transaction);
  await fixTextForms(transaction);
  const known = new Map((await readCatalogue(transaction)).map((table) => [table.name, table]));
  const wanted = tables.map((table) => ({ dumped: table, own: requireKnown(known, table) }));
  await lift(transaction, wanted.map(({ own }) => own), async () => {
    for (const { own } of wanted) await sql`alter table ${sql.table(own.name)} disable trigger user`.execute(transaction);
    const entries = wanted.some(({ own }) => own.name === 'audit_entries') ? await readOwnEntries(transaction) : [];
    const outbox = wanted.find(({ own }) => own.name === outboxTable)?.own;
    const pending = outbox === undefined ? [] : await collect(readRows(transaction, outbox.name, namesOf(outbox)));
    for (const { own } of [...wanted].reverse()) await clear(transaction, own.name);
    for (const { dumped, own } of wanted) {
      await insertRows(transaction, own, dumped.columns, linesOf(dumped));
      await requireSame(transaction, dumped);
    }
    for (const { own } of wanted) await sql`alter table ${sql.table(own.name)} enable trigger user`.execute(transaction);
    await appendEntries(transaction, entries);
    if (outbox !== undefined) await insertRows(transaction, outbox, namesOf(outbox), pending, sql`on conflict (id) do update set revision = excluded.revision`);
  });
}

/**
 * Work that was accepted while rows came back stays, beside that of the backup: each is started under the id of its work, so that what is in both
 * is done once. The revision of now counts, by which whoever started the work takes the row away.
 */
const outboxTable = 'work_outbox';

async function collect(lines: AsyncIterable<string>): Promise<string[]> {
  const collected: string[] = [];
  for await (const line of lines) collected.push(line);
  return collected;
}

const namesOf = ({ columns }: CatalogueTable): string[] => columns.map(({ name }) => name);

/** Row-level security binds the owner too, but for the work. */
export async function lift(transaction: Transaction<Schema>, tables: readonly Pick<CatalogueTable, 'name' | 'isBound'>[], work: () => Promise<void>): Promise<void> {
  const bound = tables.filter(({ isBound }) => isBound);
  for (const { name } of bound) await sql`alter table ${sql.table(name)} no force row level security`.execute(transaction);
  await work();
  for (const { name } of bound) await sql`alter table ${sql.table(name)} force row level security`.execute(transaction);
}

function requireKnown(known: ReadonlyMap<string, CatalogueTable>, { name, columns }: DumpedTable): CatalogueTable {
  const table = known.get(name);
  const missing = columns.find((column) => table?.columns.every((own) => own.name !== column));
  if (table === undefined || missing !== undefined) throw new CatalystError('RESTORE_REFUSED', `The backup has the ${table === undefined ? `table ${name}` : `column ${name}.${missing}`}, which this release does not know.`);
  return table;
}

async function clear(transaction: Transaction<Schema>, table: string): Promise<void> {
  if (replaced.has(table) || table === outboxTable) {
    // The role has given this right up for the tables of the audit log; it is their owner.
    await sql`grant delete on ${sql.table(table)} to current_user`.execute(transaction);
    await sql`delete from ${sql.table(table)}`.execute(transaction);
    if (table.startsWith('audit_')) await sql`revoke delete on ${sql.table(table)} from current_user`.execute(transaction);
    return;
  }
  const { rows } = await sql<{ occupied: boolean }>`select exists (select from ${sql.table(table)}) as occupied`.execute(transaction);
  if (rows[0]?.occupied === true) throw new CatalystError('RESTORE_REFUSED', `Somebody wrote rows into ${table} while it was to be restored.`);
}

async function insertRows(transaction: Transaction<Schema>, { name, columns }: CatalogueTable, dumped: readonly string[], lines: AsyncIterable<string> | Iterable<string>, otherwise = sql``): Promise<void> {
  const typeOf = new Map(columns.map((column) => [column.name, column.type]));
  const values = sql.join(dumped.map((column, place) => sql`(line ->> ${sql.lit(place)})::${sql.raw(typeOf.get(column) ?? 'text')}`));
  const insert = (batch: readonly string[]) =>
    sql`insert into ${sql.table(name)} (${sql.join(dumped.map((column) => sql.ref(column)))}) overriding system value select ${values} from json_array_elements(${`[${batch.join(',')}]`}::json) as line ${otherwise}`.execute(transaction);
  let batch: string[] = [];
  let characters = 0;
  for await (const line of lines) {
    batch.push(line);
    characters += line.length;
    if (batch.length < rowsAtOnce && characters < charactersAtOnce) continue;
    await insert(batch);
    batch = [];
    characters = 0;
  }
  if (batch.length > 0) await insert(batch);
}

async function requireSame(transaction: Transaction<Schema>, { name, columns, rows, digest }: DumpedTable): Promise<void> {
  const found = new RowDigest();
  for await (const line of readRows(transaction, name, columns)) found.add(line);
  if (found.rows !== rows || found.text !== digest) throw new CatalystError('BACKUP_CORRUPT', `The table ${name} has ${found.rows} rows after the restore and had ${rows}, or they are others.`);
}

async function readOwnEntries(transaction: Transaction<Schema>): Promise<OwnEntry[]> {
  const { rows } = await sql<OwnEntry>`select tenant, content from audit_entries order by tenant, sequence`.execute(transaction);
  return rows;
}

/** At the end of the chains that are back: what was done in the new stack before. */
async function appendEntries(transaction: Transaction<Schema>, entries: readonly OwnEntry[]): Promise<void> {
  for (const { tenant, content } of entries) await sql`insert into audit_entries (tenant, content) values (${tenant}, ${content})`.execute(transaction);
}
