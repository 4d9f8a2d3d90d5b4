import type { Job } from '../../contracts/jobs.ts';
import { exitCodes } from '../exitCodes.ts';
import type { ExitCode } from '../exitCodes.ts';
import { count, duration, rate, whole } from '../output/numbers.ts';
import { table } from '../output/table.ts';
import { oneLine } from '../output/terminal.ts';
import type { Style } from '../output/terminal.ts';
import type { FailureGroup } from './failures.ts';
import type { SourceProblem } from './sources.ts';

/** What a finished ingestion comes to; printed as it is by `--json`. */
export interface IngestSummary {
  readonly jobs: readonly { readonly id: string; readonly state: Job['state'] }[];
  readonly documents: { readonly total: number; readonly succeeded: number; readonly partial: number; readonly failed: number; readonly unchanged: number; readonly superseded: number };
  readonly chunks: number;
  readonly seconds: number;
  readonly documentsPerSecond: number;
  readonly failures: readonly FailureGroup[];
  readonly skipped: readonly { readonly reason: string; readonly count: number }[];
}

export interface IngestOutcome {
  readonly jobs: readonly Job[];
  /** Documents that are in none of the jobs. */
  readonly refused: number;
  readonly failures: readonly FailureGroup[];
  readonly skipped: readonly SourceProblem[];
  readonly seconds: number;
}

export function summarise({ jobs, refused, failures, skipped, seconds }: IngestOutcome): IngestSummary {
  const sum = (part: keyof Job['counts']): number => jobs.reduce((total, job) => total + (job.counts[part] ?? 0), 0);
  const total = sum('total') + refused;
  return {
    jobs: jobs.map(({ id, state }) => ({ id, state })),
    documents: { total, succeeded: sum('succeeded'), partial: sum('partial'), failed: sum('failed') + refused, unchanged: sum('unchanged'), superseded: sum('superseded') },
    chunks: sum('chunks'),
    seconds: Math.round(seconds * 1000) / 1000,
    documentsPerSecond: seconds > 0 ? Math.round((total / seconds) * 100) / 100 : 0,
    failures,
    skipped: countReasons(skipped),
  };
}

export function exitCodeOfSummary({ documents }: IngestSummary): ExitCode {
  if (documents.failed === 0 && documents.partial === 0) return exitCodes.success;
  return documents.succeeded + documents.partial > 0 ? exitCodes.partial : exitCodes.failure;
}

export function countReasons(skipped: readonly SourceProblem[]): { reason: string; count: number }[] {
  const counts = new Map<string, number>();
  for (const { reason } of skipped) counts.set(reason, (counts.get(reason) ?? 0) + 1);
  return [...counts].map(([reason, number]) => ({ reason, count: number })).sort((left, right) => right.count - left.count);
}

/** Of what succeeded: what changed nothing, and what is not shown. */
export function withoutEffect({ unchanged, superseded = 0 }: { readonly unchanged: number; readonly superseded?: number | undefined }): string {
  const parts = [...(unchanged === 0 ? [] : [`unchanged: ${whole(unchanged)}`]), ...(superseded === 0 ? [] : [`overtaken by later requests or deletions: ${whole(superseded)}`])];
  return parts.length === 0 ? '' : `of them ${parts.join(', ')}`;
}

export function summaryText(summary: IngestSummary, style: Style): string {
  const { documents } = summary;
  const rows = [
    ['succeeded', whole(documents.succeeded), withoutEffect(documents)],
    ...(documents.partial === 0 ? [] : [['partial', whole(documents.partial), 'some pages were lost']]),
    ['failed', whole(documents.failed), ''],
    ['chunks', whole(summary.chunks), ''],
  ];
  const jobs = summary.jobs.map(({ id, state }) => `Job ${id}: ${state}\n`).join('');
  return [
    style.bold(`${count(documents.total, 'document')} in ${duration(summary.seconds)} (${rate(summary.documentsPerSecond)} documents/s)\n`),
    table(rows, [1], '  '),
    failuresText(summary.failures, style),
    jobs,
  ].join('');
}

/** Failures by code, each with an example and what to do. */
export function failuresText(failures: readonly FailureGroup[], style: Style): string {
  if (failures.length === 0) return '';
  const entries = failures.map(
    ({ code, count: times, example, remedy }) => `  ${style.red(`${whole(times)} × ${oneLine(code)}`)}  for example ${oneLine(example)}\n      ${oneLine(remedy)}\n`,
  );
  return `${style.bold('Failures')}\n${entries.join('')}`;
}
