import type { Job, JobDocument } from '../../contracts/jobs.ts';
import type { FailureGroup } from '../ingest/failures.ts';
import { failuresText, withoutEffect } from '../ingest/summary.ts';
import { count, duration, rate, whole } from '../output/numbers.ts';
import { table } from '../output/table.ts';
import { oneLine } from '../output/terminal.ts';
import type { Style } from '../output/terminal.ts';

/** A job as it is read by people. */
export function jobText(job: Job, failures: readonly FailureGroup[], style: Style): string {
  const { counts } = job;
  const shown = ['queued', 'running', 'succeeded', 'partial', 'failed'] as const;
  const rows = shown.filter((state) => counts[state] > 0).map((state) => [state, whole(counts[state]), state === 'succeeded' ? withoutEffect(counts) : '']);
  const missing = counts.missing === 0 ? [] : [['deleted', whole(counts.missing), 'no longer at their source']];
  return [
    style.bold(`Job ${job.id}: ${job.state}${job.dryRun ? ' (dry run: nothing was written)' : overtaken(counts)}\n`),
    `${count(counts.total, 'document')}${timeText(job)}\n`,
    table([...rows, ...missing, ['chunks', whole(counts.chunks), ''], ...spentRows(job)], [1], '  '),
    ...notes(job).map((note) => style.yellow(`${note}\n`)),
    failuresText(failures, style),
  ].join('');
}

function overtaken({ total, superseded = 0 }: Job['counts']): string {
  return superseded > 0 && superseded === total ? ', but all of it was overtaken by later requests or deletions: nothing of it is shown' : '';
}

function spentRows({ spent }: Job): string[][] {
  const rows = [['tokens', spent.tokens === 0 ? '' : whole(spent.tokens)], ['credits', spent.credits === 0 ? '' : whole(spent.credits)], ['cost', spent.cost === 0 ? '' : spent.cost.toFixed(4)]];
  return rows.filter(([, value]) => value !== '').map((row) => [...row, '']);
}

function notes({ pause, cancellation, discovery }: Job): string[] {
  return [
    ...(pause === null ? [] : [`Paused: ${oneLine(pause.detail)} ${oneLine(pause.remedy)}`]),
    ...(cancellation === null ? [] : [`Cancelled by ${oneLine(cancellation.by)} at ${cancellation.at} (${cancellation.mode}).`]),
    ...(discovery?.state === 'running' ? [`Still reading the source: ${whole(discovery.found)} found, ${count(discovery.pending, 'address', 'addresses')} to look at.`] : []),
    ...(discovery?.failure == null ? [] : [`The source could not be read to its end: ${oneLine(discovery.failure.message)} ${oneLine(discovery.failure.remedy)}`]),
    ...(discovery?.gaps ?? []).map((gap) => `May be incomplete: ${oneLine(gap)}`),
  ];
}

function timeText(job: Job): string {
  if (job.startedAt === null) return ', not begun';
  if (job.finishedAt === null) return `, begun ${job.startedAt}`;
  const seconds = Math.max(0.001, (Date.parse(job.finishedAt) - Date.parse(job.startedAt)) / 1000);
  return ` in ${duration(seconds)} (${rate(job.counts.total / seconds)} documents/s)`;
}

/** One document of a job as a line. */
export function documentLine(document: JobDocument, style: Style): string {
  const { state, outcome, stage, chunks, failure, preview } = document;
  const told = state === 'failed' ? style.red(state) : state;
  const previewed = preview === null ? null : `${preview.mediaType}, ${count(preview.chunks, 'chunk')}, ${count(preview.tokens, 'token')}, would ${preview.change === 'none' ? 'change nothing' : preview.change}`;
  const parts = [outcome, state === 'running' ? stage : null, chunks === null || preview !== null ? null : count(chunks, 'chunk'), previewed, failure === null ? null : `${failure.code}: ${oneLine(failure.message)}`];
  const lost = document.lostPages.length === 0 ? '' : `  lost pages: ${document.lostPages.join(', ')}`;
  return `  ${[oneLine(document.source.location), told, ...parts.filter((part) => part !== null)].join('  ')}${lost}\n`;
}
