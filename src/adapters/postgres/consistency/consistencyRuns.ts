import { sql } from 'kysely';
import type { Selectable, Transaction } from 'kysely';
import { faultKinds } from '../../../contracts/consistency.ts';
import type { ConsistencyAudit, ConsistencyReport, FaultKind, FaultOutcome } from '../../../contracts/consistency.ts';
import { digestOf } from '../../../contracts/identifiers.ts';
import type { ConsistencyRegistry, PageCounts } from '../../../ports/consistencyRegistry.ts';
import { createAcceptedRuns } from '../acceptedRuns.ts';
import type { AcceptedRuns } from '../acceptedRuns.ts';
import type { Database } from '../database.ts';
import type { Schema } from '../schema.ts';
import { requestWork } from '../workOutbox.ts';

type Runs = Pick<ConsistencyRegistry, 'accept' | 'find' | 'list' | 'begin' | 'addToReport' | 'sumPages' | 'finish' | 'fail'>;

/** The life of an audit, from its acceptance to its report. */
export function createConsistencyRuns(database: Database): Runs {
  const runs = createAcceptedRuns<Selectable<Schema['consistency_audits']>, ConsistencyAudit>(database, 'consistency_audits', 'audit', toAudit);
  return {
    async accept({ tenant, subject }, { id, workflowId, dryRun, deep }) {
      return database.withTenant(tenant, async (transaction) => {
        const { numInsertedOrUpdatedRows } = await transaction
          .insertInto('consistency_audits')
          .values({ tenant, id, subject, dry_run: dryRun, deep, workflow_id: workflowId })
          .onConflict((conflict) => conflict.columns(['tenant', 'id']).doNothing())
          .executeTakeFirst();
        if ((numInsertedOrUpdatedRows ?? 0n) > 0n) await requestWork(transaction, { id, kind: 'consistency', tenant, subject, workflowId });
        return toAudit(await runs.lock(transaction, tenant, id));
      });
    },

    find: runs.find,

    async list(tenant, cursor, limit) {
      const { runs: audits, next } = await runs.list(tenant, cursor, limit);
      return { audits, next };
    },

    begin: runs.begin,

    async addToReport(tenant, auditId, { step, page }, counts) {
      await database.withTenant(tenant, (transaction) =>
        transaction
          .insertInto('consistency_pages')
          .values({ tenant, audit_id: auditId, step, page, counts: JSON.stringify(counts) })
          .onConflict((conflict) => conflict.columns(['tenant', 'audit_id', 'step', 'page']).doUpdateSet((row) => ({ counts: row.ref('excluded.counts') })))
          .execute(),
      );
    },

    sumPages: (tenant, auditId) => database.withTenant(tenant, (transaction) => sumPages(transaction, tenant, auditId)),

    finish: (tenant, auditId) => database.withTenant(tenant, (transaction) => finishAudit(runs, transaction, tenant, auditId)),

    fail: (tenant, auditId) =>
      database.withTenant(tenant, async (transaction) => {
        await transaction.updateTable('consistency_audits').set({ state: 'failed', finished_at: sql`now()` }).where('tenant', '=', tenant).where('id', '=', auditId).where('finished_at', 'is', null).execute();
        return toAudit(await runs.lock(transaction, tenant, auditId));
      }),
  };
}

async function sumPages(transaction: Transaction<Schema>, tenant: string, auditId: string): Promise<PageCounts> {
  const pages = await transaction.selectFrom('consistency_pages').select('counts').where('tenant', '=', tenant).where('audit_id', '=', auditId).orderBy('step').orderBy('page').execute();
  const sum = (pick: (counts: PageCounts) => number) => pages.reduce((total, { counts }) => total + pick(counts), 0);
  const digests = pages.flatMap(({ counts }) => counts.digest ?? []);
  return {
    documents: sum(({ documents }) => documents),
    points: sum(({ points }) => points),
    ownPoints: sum(({ ownPoints }) => ownPoints),
    indexBytes: sum(({ indexBytes }) => indexBytes),
    objects: sum(({ objects }) => objects),
    artifactBytes: sum(({ artifactBytes }) => artifactBytes),
    opened: sum(({ opened }) => opened),
    inMotion: sum(({ inMotion }) => inMotion),
    uncompared: sum(({ uncompared }) => uncompared),
    digest: digests.length === 0 ? null : digestOf(digests.join('\n')),
  };
}

async function finishAudit(runs: Pick<AcceptedRuns<Selectable<Schema['consistency_audits']>, ConsistencyAudit>, 'lock'>, transaction: Transaction<Schema>, tenant: string, auditId: string): Promise<ConsistencyAudit> {
  const audit = await runs.lock(transaction, tenant, auditId);
  if (audit.finished_at !== null) return toAudit(audit);
  const { ownPoints: _ownPoints, ...sums } = await sumPages(transaction, tenant, auditId);
  await sql`update consistency_faults set outcome = 'mended' where tenant = ${tenant} and audit_id = ${auditId} and outcome = 'pending'`.execute(transaction);
  const { rows } = await sql<{ kind: FaultKind; outcome: FaultOutcome; count: number }>`
    select kind, outcome, count(*)::integer as count from consistency_faults where tenant = ${tenant} and audit_id = ${auditId} group by kind, outcome`.execute(transaction);
  const count = (outcomes: readonly FaultOutcome[] | null) =>
    Object.fromEntries(faultKinds.flatMap((kind) => {
      const counted = rows.filter((row) => row.kind === kind && (outcomes === null || outcomes.includes(row.outcome))).reduce((total, row) => total + row.count, 0);
      return counted === 0 ? [] : [[kind, counted]];
    }));
  const report: ConsistencyReport = { ...sums, found: count(null), mended: count(['mended', 'remade']), seconds: (Date.now() - audit.created_at.getTime()) / 1000 };
  await transaction.updateTable('consistency_audits').set({ state: 'finished', report: JSON.stringify(report), finished_at: sql`now()` }).where('tenant', '=', tenant).where('id', '=', auditId).execute();
  await transaction.deleteFrom('consistency_pages').where('tenant', '=', tenant).where('audit_id', '=', auditId).execute();
  await sql`delete from consistency_audits where tenant = ${tenant} and created_at < now() - interval '90 days'`.execute(transaction);
  return toAudit(await runs.lock(transaction, tenant, auditId));
}

function toAudit(row: Selectable<Schema['consistency_audits']>): ConsistencyAudit {
  return {
    id: row.id,
    dryRun: row.dry_run,
    deep: row.deep,
    state: row.state,
    subject: row.subject,
    createdAt: row.created_at.toISOString(),
    finishedAt: row.finished_at?.toISOString() ?? null,
    report: row.report,
    workflowId: row.workflow_id,
  };
}
