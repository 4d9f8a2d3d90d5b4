import { sql } from 'kysely';
import type { Transaction } from 'kysely';
import { CatalystError } from '../../contracts/errors.ts';
import type { Database } from './database.ts';
import type { Schema } from './schema.ts';

/** What rows of runs that are accepted, begun and finished have in common. */
interface RunRow {
  readonly id: string;
  readonly finished_at: Date | null;
}

export interface AcceptedRuns<Row extends RunRow, Run> {
  /** Under a lock until the end of the transaction. Throws NOT_FOUND. */
  readonly lock: (transaction: Transaction<Schema>, tenant: string, id: string) => Promise<Row>;
  readonly find: (tenant: string, id: string) => Promise<Run | undefined>;
  /** Newest first; `next` is the last id of a page that others follow. */
  readonly list: (tenant: string, cursor: string | undefined, limit: number) => Promise<{ readonly runs: readonly Run[]; readonly next: string | null }>;
  /** Running, unless it is finished. Throws NOT_FOUND. */
  readonly begin: (tenant: string, id: string) => Promise<Run>;
}

/** What is done alike to sweeps and audits of a tenant; `what` names one of them in messages. */
export function createAcceptedRuns<Row extends RunRow, Run>(database: Database, table: 'sweeps' | 'consistency_audits', what: string, toRun: (row: Row) => Run): AcceptedRuns<Row, Run> {
  const name = sql.table(table);
  const lock: AcceptedRuns<Row, Run>['lock'] = async (transaction, tenant, id) => {
    const { rows: [row] } = await sql<Row>`select * from ${name} where tenant = ${tenant} and id = ${id} for update`.execute(transaction);
    if (row === undefined) throw new CatalystError('NOT_FOUND', `There is no ${what} ${id}.`);
    return row;
  };
  return {
    lock,
    async find(tenant, id) {
      const { rows: [row] } = await database.withTenant(tenant, (transaction) => sql<Row>`select * from ${name} where tenant = ${tenant} and id = ${id}`.execute(transaction));
      return row === undefined ? undefined : toRun(row);
    },
    async list(tenant, cursor, limit) {
      const isAfter = cursor === undefined ? sql`true` : sql`(created_at, id) < (select created_at, id from ${name} where tenant = ${tenant} and id = ${cursor})`;
      const { rows } = await database.withTenant(tenant, (transaction) => sql<Row>`select * from ${name} where tenant = ${tenant} and ${isAfter} order by created_at desc, id desc limit ${limit + 1}`.execute(transaction));
      const page = rows.slice(0, limit);
      return { runs: page.map(toRun), next: rows.length > limit ? (page.at(-1)?.id ?? null) : null };
    },
    async begin(tenant, id) {
      return database.withTenant(tenant, async (transaction) => {
        const { finished_at: finishedAt } = await lock(transaction, tenant, id);
        if (finishedAt === null) await sql`update ${name} set state = 'running' where tenant = ${tenant} and id = ${id}`.execute(transaction);
        return toRun(await lock(transaction, tenant, id));
      });
    },
  };
}
