import { sql } from 'kysely';
import type { Selectable, Transaction } from 'kysely';
import { restoreReportSchema } from '../../../contracts/backups.ts';
import type { DumpedTable, Restore, RestoreReport } from '../../../contracts/backups.ts';
import type { RestoreRegistry } from '../../../ports/registryBackup.ts';
import type { Database } from '../database.ts';
import type { Schema } from '../schema.ts';
import { inOrder } from './tableOrder.ts';
import { lift, restoreTables } from './restoreTables.ts';
import { readCatalogue, readMigrations } from './tableCatalogue.ts';

/** So far ahead of what the backup knew that nothing which outlived the database, such as points, has a higher number. */
const sequenceGap = 1_000_000;
/** So far ahead that no process and no cache has seen the numbers. */
const epochGap = 1_000;

export function createRestoreRegistry(database: Database): RestoreRegistry {
  return { ...createRuns(database), ...createRows(database), ...createServing(database) };
}

type Runs = Pick<RestoreRegistry, 'begin' | 'find' | 'list' | 'report' | 'finish' | 'fail' | 'readCursor' | 'writeCursor'>;

function createRuns(database: Database): Runs {
  const change = async (id: string, values: { state?: Restore['state']; finished_at?: Date; cursor?: string }): Promise<void> => {
    await database.withoutTenant((kysely) => kysely.updateTable('restores').set(values).where('id', '=', id).execute());
  };
  const find: Runs['find'] = async (id) => {
    const row = await database.withoutTenant((kysely) => kysely.selectFrom('restores').selectAll().where('id', '=', id).executeTakeFirst());
    return row === undefined ? undefined : toRestore(row);
  };
  return {
    find,
    async begin({ restoreId, backupId, parts, by }) {
      await database.withoutTenant((kysely) =>
        kysely.insertInto('restores').values({ id: restoreId, backup_id: backupId, parts: [...parts], by }).onConflict((conflict) => conflict.doNothing()).execute(),
      );
    },
    async list(limit) {
      return (await database.withoutTenant((kysely) => kysely.selectFrom('restores').selectAll().orderBy('created_at', 'desc').limit(limit).execute())).map(toRestore);
    },
    async report(id, report) {
      await database.withoutTenant((kysely) => sql`update restores set report = report || ${JSON.stringify(report)}::jsonb where id = ${id}`.execute(kysely));
    },
    finish: (id) => change(id, { state: 'finished', finished_at: new Date() }),
    async fail({ restoreId, backupId, parts, by }, failure) {
      const failed = { state: 'failed' as const, finished_at: new Date(), failure: JSON.stringify(failure) };
      await database.withoutTenant((kysely) =>
        kysely.insertInto('restores').values({ id: restoreId, backup_id: backupId, parts: [...parts], by, ...failed }).onConflict((conflict) => conflict.column('id').doUpdateSet(failed)).execute(),
      );
    },
    async readCursor(id) {
      const row = await database.withoutTenant((kysely) => kysely.selectFrom('restores').select('cursor').where('id', '=', id).executeTakeFirst());
      return row?.cursor ?? undefined;
    },
    writeCursor: (id, cursor) => change(id, { cursor: JSON.stringify(cursor) }),
  };
}

function toRestore(row: Selectable<Schema['restores']>): Restore {
  const { id, backup_id: backupId, parts, state, by, created_at: createdAt, finished_at: finishedAt, report, failure } = row;
  return { id, backupId, parts, state, by, startedAt: createdAt.toISOString(), finishedAt: finishedAt?.toISOString() ?? null, report: restoreReportSchema.parse(report), failure };
}

type Rows = Pick<RestoreRegistry, 'migrations' | 'inOrder' | 'restoreTables' | 'setSequences' | 'resume'>;

function createRows(database: Database): Rows {
  const inTransaction = <Result>(work: (transaction: Transaction<Schema>) => Promise<Result>) => database.withoutTenant((kysely) => kysely.transaction().execute(work));
  return {
    migrations: () => database.withoutTenant((kysely) => readMigrations(kysely)),
    async inOrder(tables) {
      return inOrder(tables, await database.withoutTenant((kysely) => readCatalogue(kysely)));
    },
    restoreTables: (id, tables, linesOf) =>
      inTransaction(async (transaction) => {
        const { tables: done } = await transaction.selectFrom('restores').select('tables').where('id', '=', id).forUpdate().executeTakeFirstOrThrow();
        const names = tables.map(({ name }: DumpedTable) => name);
        if (names.every((name) => done.includes(name))) return;
        await restoreTables(transaction, tables, linesOf);
        await transaction.updateTable('restores').set({ tables: [...done, ...names] }).where('id', '=', id).execute();
      }),
    async setSequences(sequences) {
      for (const [name, value] of Object.entries(sequences)) {
        await database.withoutTenant((kysely) => sql`select setval(to_regclass(quote_ident(${name})), ${value}::bigint + ${sequenceGap}) where to_regclass(quote_ident(${name})) is not null`.execute(kysely));
      }
    },
    resume: () => inTransaction(resumeWork),
  };
}

const unfinished = [
  { name: 'jobs', kind: 'job', counted: 'jobs', where: 'finished_at is null' },
  { name: 'deletions', kind: 'deletion', counted: 'deletions', where: `state in ('queued', 'running')` },
  { name: 'sweeps', kind: 'sweep', counted: 'sweeps', where: `state in ('queued', 'running')` },
  { name: 'consistency_audits', kind: 'consistency', counted: 'audits', where: `state in ('queued', 'running')` },
] as const;

/** The outbox starts what is in it; what is done already finds nothing left to do. */
async function resumeWork(transaction: Transaction<Schema>): Promise<RestoreReport['resumed']> {
  const resumed = { jobs: 0, deletions: 0, sweeps: 0, audits: 0 };
  const names = [...unfinished.map(({ name }) => name), 'index_epochs', 'tenant_accounts'];
  await lift(transaction, names.map((name) => ({ name, isBound: true })), async () => {
    for (const { name, kind, counted, where } of unfinished) {
      const { rows } = await sql<{ work: string }>`select count(*) as work from ${sql.table(name)} where ${sql.raw(where)}`.execute(transaction);
      resumed[counted] = Number(rows[0]?.work);
      await sql`insert into work_outbox (id, kind, tenant, subject, workflow_id) select id, ${kind}, tenant, subject, workflow_id from ${sql.table(name)} where ${sql.raw(where)} on conflict do nothing`.execute(transaction);
    }
    await sql`update index_epochs set epoch = epoch + ${epochGap}, settings_epoch = epoch + ${epochGap}`.execute(transaction);
    // Processes that watch over tenants look at what changed lately.
    await sql`update tenant_accounts set changed_at = clock_timestamp()`.execute(transaction);
  });
  return resumed;
}

function createServing(database: Database): Pick<RestoreRegistry, 'adoptServing' | 'unfollow'> {
  return {
    async adoptServing({ id, contract, recut, settings }, lost) {
      await database.withoutTenant((kysely) =>
        kysely.transaction().execute(async (transaction) => {
          const gone = [...lost];
          await sql`update index_generations set state = 'dropped', follows = false, dropped_at = now() where id <> ${id} and ((tenant is null and state = 'serving') or id = any(${gone}::text[])) and state <> 'dropped'`.execute(transaction);
          await sql`delete from index_changes where generation = any(${gone}::text[])`.execute(transaction);
          await sql`
            insert into index_generations (id, state, reason, contract, recut, settings, served_from)
            values (${id}, 'serving', 'It was there when the index was built anew.', ${JSON.stringify(contract)}, ${recut === null ? null : JSON.stringify(recut)}::jsonb, ${JSON.stringify(settings)}, now())
            on conflict (id) do update set state = 'serving', recut = excluded.recut, served_from = coalesce(index_generations.served_from, now()), retired_at = null, drop_after = null, dropped_at = null, failure = null`.execute(transaction);
          // It holds all but those tenants whose own collection is still there.
          await sql`
            with own as (select tenant from index_generations where tenant is not null and state = 'serving')
            update index_generations set excluded = array(select tenant from own order by 1), takes_back = '{}',
              departures = coalesce((select jsonb_object_agg(key, value) from jsonb_each(departures) where key in (select tenant from own)), '{}')
            where id = ${id}`.execute(transaction);
        }),
      );
    },
    async unfollow(generation) {
      await database.withoutTenant((kysely) => sql`update index_generations set follows = false where id = ${generation} and state = 'serving'`.execute(kysely));
      await database.withoutTenant((kysely) => sql`delete from index_changes where generation = ${generation}`.execute(kysely));
    },
  };
}
