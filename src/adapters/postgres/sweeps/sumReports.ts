import { digestOf, digestOfJson } from '../../../contracts/identifiers.ts';
import { recordKinds } from '../../../contracts/sweeps.ts';
import type { RecordCounts, SweepReport } from '../../../contracts/sweeps.ts';

/** The report of a sweep from those of its pages, in order: it is the receipt, by its digest. */
export function sumReports(reports: readonly SweepReport[]): SweepReport {
  const sum = (pick: (report: SweepReport) => { readonly objects: number; readonly bytes: number }) => ({
    objects: reports.reduce((total, report) => total + pick(report).objects, 0),
    bytes: reports.reduce((total, report) => total + pick(report).bytes, 0),
  });
  const removed = reports.flatMap((report) => report.removed ?? []);
  const body: SweepReport = {
    looked: sum(({ looked }) => looked),
    orphans: sum(({ orphans }) => orphans),
    replacedVersions: sum(({ replacedVersions }) => replacedVersions),
    uploads: sum(({ uploads }) => uploads),
    erasedRanges: reports.reduce((total, { erasedRanges }) => total + erasedRanges, 0),
    examples: reports.flatMap(({ examples }) => examples).slice(0, 20),
    records: Object.fromEntries(recordKinds.map((kind) => [kind, reports.reduce((total, { records }) => total + (records?.[kind] ?? 0), 0)])) as RecordCounts,
    removed: removed.length === 0 ? null : digestOf(removed.join('\n')),
  };
  return { ...body, digest: digestOfJson(body) };
}
