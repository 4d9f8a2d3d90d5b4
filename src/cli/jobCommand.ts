import { Option } from 'commander';
import type { Command } from 'commander';
import { states } from '../contracts/jobs.ts';
import type { Job, JobDocument, State } from '../contracts/jobs.ts';
import type { CatalystClient } from '../sdk/client.ts';
import type { CliContext } from './cliContext.ts';
import { exitCodeOfJob } from './exitCodes.ts';
import type { ExitCode } from './exitCodes.ts';
import { failuresWithDocuments } from './ingest/failureExamples.ts';
import type { FailureGroup } from './ingest/failures.ts';
import { JobTally } from './ingest/jobTally.ts';
import { failuresText } from './ingest/summary.ts';
import { count, duration, rate, whole } from './output/numbers.ts';
import { ProgressDisplay } from './output/progressDisplay.ts';
import { table } from './output/table.ts';
import { oneLine, styleOf } from './output/terminal.ts';
import type { Style } from './output/terminal.ts';
import type { RunCommand } from './runCommand.ts';

interface JobOptions {
  readonly watch?: boolean;
  readonly documents?: boolean;
  readonly state?: State;
  readonly json?: boolean;
}

export function addJobCommand(program: Command, run: RunCommand): void {
  program
    .command('job')
    .description('What became of an ingestion job.')
    .argument('<id>', 'identifier of the job')
    .option('--watch', 'follow the job until it is finished')
    .option('--documents', 'list its documents')
    .addOption(new Option('--state <state>', 'with --documents: only those in this state').choices(states))
    .option('--json', 'print the job as JSON; with --documents, under "documents"')
    .addHelpText('after', '\nExit code 0: succeeded or still going on, 1: failed, 3: partial.')
    .action((id: string, options: JobOptions) => run((client, context) => showJob(client, context, id, options)));
}

async function showJob(client: CatalystClient, context: CliContext, id: string, options: JobOptions): Promise<ExitCode> {
  const job = options.watch === true ? await watch(client, context, id) : await client.getJob(id, { signal: context.signal });
  const documents = client.listJobDocuments(id, { state: options.state, pageSize: 500, signal: context.signal });
  const listed = options.documents === true || options.state !== undefined;
  if (options.json === true) {
    context.stdout.write(`${JSON.stringify(listed ? { ...job, documents: await collected(documents) } : job, null, 2)}\n`);
    return exitCodeOfJob(job);
  }
  const style = styleOf(context.stdout, context.environment);
  context.stdout.write(jobText(job, await failuresWithDocuments(client, [job], [], context.signal), style));
  if (listed) for await (const document of documents) context.stdout.write(documentLine(document, style));
  return exitCodeOfJob(job);
}

async function watch(client: CatalystClient, context: CliContext, id: string): Promise<Job> {
  const first = await client.getJob(id, { signal: context.signal });
  const tally = new JobTally(id, first.counts.total);
  const display = new ProgressDisplay(context);
  try {
    return await client.waitForJob(id, {
      signal: context.signal,
      onProgress: (update) => {
        tally.add(update);
        display.update({ done: tally.done, total: tally.total, failed: tally.failed });
      },
    });
  } catch (error) {
    display.note(`The job goes on. To watch it again: catalyst job ${id} --watch`);
    throw error;
  } finally {
    display.stop();
  }
}

async function collected(documents: AsyncIterable<JobDocument>): Promise<JobDocument[]> {
  const all: JobDocument[] = [];
  for await (const document of documents) all.push(document);
  return all;
}

function jobText(job: Job, failures: readonly FailureGroup[], style: Style): string {
  const { counts } = job;
  const shown = ['queued', 'running', 'succeeded', 'partial', 'failed'] as const;
  const rows = shown.filter((state) => counts[state] > 0).map((state) => [state, whole(counts[state]), state === 'succeeded' && counts.unchanged > 0 ? `of them unchanged: ${whole(counts.unchanged)}` : '']);
  return [
    style.bold(`Job ${job.id}: ${job.state}\n`),
    `${count(counts.total, 'document')}${timeText(job)}\n`,
    table([...rows, ['chunks', whole(counts.chunks), '']], [1], '  '),
    failuresText(failures, style),
  ].join('');
}

function timeText(job: Job): string {
  if (job.startedAt === null) return ', not begun';
  if (job.finishedAt === null) return `, begun ${job.startedAt}`;
  const seconds = Math.max(0.001, (Date.parse(job.finishedAt) - Date.parse(job.startedAt)) / 1000);
  return ` in ${duration(seconds)} (${rate(job.counts.total / seconds)} documents/s)`;
}

function documentLine(document: JobDocument, style: Style): string {
  const { state, outcome, stage, chunks, failure } = document;
  const told = state === 'failed' ? style.red(state) : state;
  const parts = [outcome, state === 'running' ? stage : null, chunks === null ? null : count(chunks, 'chunk'), failure === null ? null : `${failure.code}: ${oneLine(failure.message)}`];
  const lost = document.lostPages.length === 0 ? '' : `  lost pages: ${document.lostPages.join(', ')}`;
  return `  ${[oneLine(document.source.location), told, ...parts.filter((part) => part !== null)].join('  ')}${lost}\n`;
}
