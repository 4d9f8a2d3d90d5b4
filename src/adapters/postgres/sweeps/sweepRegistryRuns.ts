import { sql } from 'kysely';
import type { Selectable } from 'kysely';
import type { Sweep } from '../../../contracts/sweeps.ts';
import type { SweepRegistry } from '../../../ports/sweepRegistry.ts';
import { createAcceptedRuns } from '../acceptedRuns.ts';
import type { Database } from '../database.ts';
import type { Schema } from '../schema.ts';
import { removeExpiredAnswers } from '../idempotency/removeExpiredAnswers.ts';
import { requestWork } from '../workOutbox.ts';
import { sumReports } from './sumReports.ts';

/** Of answers to requests with an idempotency key; what is more goes with the tenant's next requests and sweeps. */
const expiredAtOnce = 100_000;

/** The life of a sweep, from its acceptance to its report. */
export function createSweepRuns(database: Database): Pick<SweepRegistry, 'accept' | 'find' | 'list' | 'begin' | 'addToReport' | 'finish'> {
  const runs = createAcceptedRuns<Selectable<Schema['sweeps']>, Sweep>(database, 'sweeps', 'sweep', toSweep);
  return {
    async accept({ tenant, subject }, { id, workflowId, dryRun }) {
      return database.withTenant(tenant, async (transaction) => {
        const { numInsertedOrUpdatedRows } = await transaction
          .insertInto('sweeps')
          .values({ tenant, id, subject, dry_run: dryRun, workflow_id: workflowId })
          .onConflict((conflict) => conflict.columns(['tenant', 'id']).doNothing())
          .executeTakeFirst();
        if ((numInsertedOrUpdatedRows ?? 0n) > 0n) await requestWork(transaction, { id, kind: 'sweep', tenant, subject, workflowId });
        return toSweep(await runs.lock(transaction, tenant, id));
      });
    },

    find: runs.find,

    async list(tenant, cursor, limit) {
      const { runs: sweeps, next } = await runs.list(tenant, cursor, limit);
      return { sweeps, next };
    },

    begin: runs.begin,

    async addToReport(tenant, sweepId, page, report) {
      await database.withTenant(tenant, (transaction) =>
        transaction
          .insertInto('sweep_pages')
          .values({ tenant, sweep_id: sweepId, page, report: JSON.stringify(report) })
          .onConflict((conflict) => conflict.columns(['tenant', 'sweep_id', 'page']).doUpdateSet((row) => ({ report: row.ref('excluded.report') })))
          .execute(),
      );
    },

    async finish(tenant, sweepId) {
      return database.withTenant(tenant, async (transaction) => {
        const sweep = await runs.lock(transaction, tenant, sweepId);
        if (sweep.finished_at !== null) return toSweep(sweep);
        const pages = await transaction.selectFrom('sweep_pages').select('report').where('tenant', '=', tenant).where('sweep_id', '=', sweepId).orderBy('page').execute();
        const report = sumReports(pages.flatMap((page) => page.report ?? []));
        await transaction.updateTable('sweeps').set({ state: 'finished', report: JSON.stringify(report), finished_at: sql`now()` }).where('tenant', '=', tenant).where('id', '=', sweepId).execute();
        if (!sweep.dry_run) await removeExpiredAnswers(transaction, tenant, expiredAtOnce);
        await transaction.deleteFrom('sweep_pages').where('tenant', '=', tenant).where('sweep_id', '=', sweepId).execute();
        return toSweep(await runs.lock(transaction, tenant, sweepId));
      });
    },
  };
}

function toSweep(row: Selectable<Schema['sweeps']>): Sweep {
  return {
    id: row.id,
    dryRun: row.dry_run,
    state: row.state,
    subject: row.subject,
    createdAt: row.created_at.toISOString(),
    finishedAt: row.finished_at?.toISOString() ?? null,
    report: row.report,
    workflowId: row.workflow_id,
  };
}
