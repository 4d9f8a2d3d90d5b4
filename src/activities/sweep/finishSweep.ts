import type { SweepScope } from '../../contracts/ingestion.ts';
import type { SweepReport } from '../../contracts/sweeps.ts';
import type { ActivityContext } from '../activityContext.ts';
import type { SweepDependencies } from './dependencies.ts';

/** Removes records that are too old, and sums the pages up. */
export async function finishSweep({ sweeps, emit }: Pick<SweepDependencies, 'sweeps' | 'emit'>, { tenant, sweepId }: SweepScope, context: Pick<ActivityContext, 'progress'>): Promise<SweepReport | null> {
  await sweeps.sweepRecords(tenant, sweepId, () => context.progress('records'));
  const { report, dryRun } = await sweeps.finish(tenant, sweepId);
  const removed = [report?.orphans, report?.replacedVersions, report?.uploads];
  const sum = (pick: 'objects' | 'bytes') => removed.reduce((total, part) => total + (part?.[pick] ?? 0), 0);
  emit({ type: 'sweep.finished', tenant, sweepId, dryRun, looked: report?.looked.objects ?? 0, objects: sum('objects'), bytes: sum('bytes'), ranges: report?.erasedRanges ?? 0, records: Object.values(report?.records ?? {}).reduce((total, count) => total + count, 0) });
  return report;
}
