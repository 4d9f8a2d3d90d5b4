import { sql } from 'kysely';
import type { Transaction } from 'kysely';
import { digestOf } from '../../../../contracts/identifiers.ts';
import { recordKinds } from '../../../../contracts/sweeps.ts';
import type { RecordCounts, SweepReport } from '../../../../contracts/sweeps.ts';
import type { Database } from '../../database.ts';
import type { Schema } from '../../schema.ts';
import { listOldJobs, sweepJobs } from './oldJobs.ts';
import { sweepReports, sweepVault, sweepVersions } from './otherRecords.ts';
import type { RecordKeeping } from './recordKeeping.ts';
import { noRecords } from './sweptRecords.ts';
import type { RecordSweep, SweptRecords } from './sweptRecords.ts';

/** Stands before the pages of objects. */
export const recordsPage = -1;

export interface RecordSweepRun {
  readonly tenant: string;
  readonly sweepId: string;
  readonly dryRun: boolean;
  readonly keeping: RecordKeeping;
  readonly onProgress: () => void;
}

/**
 * One kind of record after the other, versions before the jobs that tell of them. What a step removed is added to the report in the very
 * transaction that removes it, so that a try that was cut off loses no count; a dry run, which removes nothing, begins its count anew.
 */
export async function sweepRecords(database: Database, run: RecordSweepRun): Promise<void> {
  const { tenant, sweepId, dryRun, keeping, onProgress } = run;
  const step = async (work: (sweep: RecordSweep) => Promise<SweptRecords>): Promise<SweptRecords> => {
    const swept = await database.withTenant(tenant, async (transaction) => {
      const found = await work({ transaction, tenant, dryRun });
      await addRecords(transaction, run, found);
      return found;
    });
    onProgress();
    return swept;
  };
  await database.withTenant(tenant, (transaction) => beginRecords(transaction, run));
  await step((sweep) => sweepReports(sweep, keeping, sweepId));
  await step((sweep) => sweepVault(sweep, keeping));
  while (((await step((sweep) => sweepVersions(sweep, keeping))).counts.versions ?? 0) > 0 && !dryRun);
  for (let after: string | null = null; ; ) {
    const jobs = await database.withTenant(tenant, (transaction) => listOldJobs(transaction, tenant, keeping, after));
    const last = jobs.at(-1);
    if (last === undefined) return;
    await step((sweep) => sweepJobs(sweep, keeping, jobs));
    after = last.id;
  }
}

export const noCounts = Object.fromEntries(recordKinds.map((kind) => [kind, 0])) as RecordCounts;

const none = { objects: 0, bytes: 0 };
const emptyReport: SweepReport = { looked: none, orphans: none, replacedVersions: none, uploads: none, erasedRanges: 0, examples: [], records: noCounts, removed: null };

async function beginRecords(transaction: Transaction<Schema>, { tenant, sweepId, dryRun }: RecordSweepRun): Promise<void> {
  const again = dryRun ? sql`do update set report = excluded.report` : sql`do nothing`;
  await sql`
    insert into sweep_pages (tenant, sweep_id, page, report) values (${tenant}, ${sweepId}, ${recordsPage}, ${JSON.stringify(emptyReport)})
    on conflict (tenant, sweep_id, page) ${again}`.execute(transaction);
}

/** Each digest is over the one before it and the names that are new, so that order counts and nothing has to be kept. */
async function addRecords(transaction: Transaction<Schema>, { tenant, sweepId, dryRun }: RecordSweepRun, { counts, names }: SweptRecords = noRecords): Promise<void> {
  if (Object.values(counts).every((count) => count === 0)) return;
  const page = await transaction.selectFrom('sweep_pages').select('report').where('tenant', '=', tenant).where('sweep_id', '=', sweepId).where('page', '=', recordsPage).forUpdate().executeTakeFirst();
  const { records = noCounts, removed = null } = page?.report ?? emptyReport;
  const sum = Object.fromEntries(recordKinds.map((kind) => [kind, records[kind] + (counts[kind] ?? 0)])) as RecordCounts;
  const report: SweepReport = { ...emptyReport, records: sum, removed: dryRun ? null : digestOf(removed ?? '', '\n', JSON.stringify(counts), '\n', names.join('\n')) };
  await transaction.updateTable('sweep_pages').set({ report: JSON.stringify(report) }).where('tenant', '=', tenant).where('sweep_id', '=', sweepId).where('page', '=', recordsPage).execute();
}
