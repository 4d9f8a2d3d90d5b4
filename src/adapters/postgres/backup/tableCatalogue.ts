import { sql } from 'kysely';
import type { QueryExecutorProvider } from 'kysely';

export interface CatalogueTable {
  readonly name: string;
  /** Those that can be written, with their types. */
  readonly columns: readonly { readonly name: string; readonly type: string }[];
  readonly isBound: boolean;
  /** Tables that it refers to. */
  readonly refersTo: readonly string[];
}

/** Tables that a backup leaves out, and why. All others are taken, those of later releases too. */
export const leftOut: Readonly<Record<string, string>> = {
  kysely_migration: 'told by the manifest; a restore asks for the same',
  kysely_migration_lock: 'a lock',
  index_generations: 'about collections of the vector database, which a restore makes anew',
  index_changes: 'what such a collection has not followed yet',
  index_removals: 'what was removed from such a collection',
  limit_clocks: 'limits of the moment',
  limit_slots: 'limits of the moment',
  rate_counts: 'counts of the minute',
  day_counts: 'counts of the day, which begin anew',
  sampled_queries: 'queries of late, which are sampled anew',
  restores: 'about the database that was restored into',
};

/** Tables that an empty stack writes by itself, or by the request to restore: what is there is replaced. */
export const replaced: ReadonlySet<string> = new Set(['tenants', 'idempotency_keys', 'index_decisions', 'audit_heads', 'audit_entries']);

/** From the database itself, so that no list has to be kept with the migrations. */
export async function readCatalogue(kysely: QueryExecutorProvider): Promise<CatalogueTable[]> {
  const { rows } = await sql<CatalogueTable>`
    select class.relname as name, class.relrowsecurity as "isBound",
      (select json_agg(json_build_object('name', attname, 'type', format_type(atttypid, atttypmod)) order by attnum)
        from pg_attribute where attrelid = class.oid and attnum > 0 and not attisdropped and attgenerated = '') as columns,
      (select coalesce(json_agg(distinct target.relname), '[]') from pg_constraint join pg_class target on target.oid = confrelid where contype = 'f' and conrelid = class.oid) as "refersTo"
    from pg_class class where class.relkind = 'r' and class.relnamespace = current_schema()::regnamespace order by class.relname`.execute(kysely);
  return rows.filter(({ name }) => !Object.hasOwn(leftOut, name));
}

/** One text a row, which holds each column as Postgres itself writes it: nothing is lost on the way through JavaScript's numbers and times. */
export function lineOf(columns: readonly string[]) {
  return sql`json_build_array(${sql.join(columns.map((column) => sql`${sql.ref(column)}::text`))})::text`;
}

/** In the way that texts of a dump are written, wherever they are read. */
export async function fixTextForms(kysely: QueryExecutorProvider): Promise<void> {
  for (const setting of [`timezone = 'UTC'`, `datestyle = 'ISO, YMD'`, `intervalstyle = 'postgres'`, `bytea_output = 'hex'`, 'extra_float_digits = 1']) await sql.raw(`set local ${setting}`).execute(kysely);
}

export async function readMigrations(kysely: QueryExecutorProvider): Promise<string[]> {
  const { rows } = await sql<{ name: string }>`select name from kysely_migration order by name`.execute(kysely);
  return rows.map(({ name }) => name);
}
