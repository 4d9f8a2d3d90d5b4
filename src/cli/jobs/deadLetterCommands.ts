import { InvalidArgumentError } from 'commander';
import type { Command } from 'commander';
import type { DeadLetter, DeadLetterSelection, DeadLetterSummary } from '../../contracts/deadLetters.ts';
import type { ErrorCode } from '../../contracts/errors.ts';
import type { CatalystClient } from '../../sdk/client.ts';
import { collectAs, errorCode, identifier } from '../checkedValues.ts';
import type { CliContext } from '../cliContext.ts';
import { exitCodes } from '../exitCodes.ts';
import type { ExitCode } from '../exitCodes.ts';
import { take, writeJson } from '../jsonOutput.ts';
import { wholeNumber } from '../optionValues.ts';
import { count, whole } from '../output/numbers.ts';
import { table } from '../output/table.ts';
import { oneLine } from '../output/terminal.ts';
import type { RunCommand } from '../runCommand.ts';

interface ListOptions {
  readonly code?: string;
  readonly job?: string;
  readonly limit: number;
  readonly json?: boolean;
}

type LetterName = NonNullable<DeadLetterSelection['documents']>[number];

interface ReplayOptions {
  readonly code?: ErrorCode[];
  readonly job?: string;
  readonly document?: LetterName[];
  readonly json?: boolean;
}

export function addDeadLetterCommands(program: Command, run: RunCommand): void {
  const letters = program.command('dead-letters').description('Documents that failed for good, and how to try them again.');
  letters
    .command('summary', { isDefault: true })
    .description('Failures by kind, most frequent first.')
    .option('--json', 'print it as JSON')
    .action((options: { readonly json?: boolean }) => run((client, context) => summarise(client, context, options.json === true)));
  letters
    .command('list')
    .description('Each document with its last error.')
    .option('--code <code>', 'only those that failed with this code', errorCode)
    .option('--job <id>', 'only those of this job', identifier)
    .option('--limit <n>', 'so many', wholeNumber(1, 100_000), 50)
    .option('--json', 'print them as JSON, with attempts and the artifacts made before')
    .action((options: ListOptions) => run((client, context) => list(client, context, options)));
  letters
    .command('replay')
    .description('Queue them again in their jobs: all, or those that fit every option given.')
    .option('--code <code>', 'only those that failed with this code; may be repeated', collectAs(errorCode))
    .option('--job <id>', 'only those of this job', identifier)
    .option('--document <job#index>', 'only this one, as "list" names it; may be repeated', collectAs(documentOfJob))
    .option('--json', 'print the answer as JSON')
    .action((options: ReplayOptions) => run((client, context) => replay(client, context, options)));
}

function documentOfJob(text: string): LetterName {
  const [, job, index] = /^([^#]+)#(\d{1,9})$/.exec(text) ?? [];
  if (job === undefined || index === undefined) throw new InvalidArgumentError('It must be the job and the index of the document, such as 0198c0de-0000-7000-8000-000000000000#3.');
  return { jobId: identifier(job), index: Number(index) };
}

async function summarise(client: CatalystClient, context: CliContext, json: boolean): Promise<ExitCode> {
  const summary = await client.deadLetters.summary(context);
  if (json) writeJson(context, summary);
  else context.stdout.write(summaryText(summary));
  return exitCodes.success;
}

function summaryText({ total, groups }: DeadLetterSummary): string {
  if (total === 0) return 'No dead letters.\n';
  const lines = groups.map(({ code, count: documents, pattern, remedy, jobs }) => `${whole(documents).padStart(7)}  ${code}: ${oneLine(pattern)}  (${count(jobs, 'job')})\n         ${oneLine(remedy)}\n`);
  return `${count(total, 'document')} failed for good:\n${lines.join('')}`;
}

async function list(client: CatalystClient, context: CliContext, { code, job, limit, json }: ListOptions): Promise<ExitCode> {
  const letters = await take(client.deadLetters.list({ code, jobId: job, pageSize: Math.min(limit, 1000), signal: context.signal }), limit);
  if (json === true) writeJson(context, letters);
  else context.stdout.write(letters.length === 0 ? 'No dead letters.\n' : table(letters.map(rowOf), [], ''));
  return exitCodes.success;
}

function rowOf({ jobId, index, source, stage, failure, rounds }: DeadLetter): string[] {
  return [`${jobId}#${index}`, oneLine(source.location), `${failure.code}${stage === null ? '' : ` in ${stage}`}`, `round ${rounds}`, oneLine(failure.message)];
}

async function replay(client: CatalystClient, context: CliContext, { code, job, document, json }: ReplayOptions): Promise<ExitCode> {
  const which: DeadLetterSelection = { ...(code === undefined ? {} : { codes: code }), ...(job === undefined ? {} : { jobId: job }), ...(document === undefined ? {} : { documents: document }) };
  const answer = await client.deadLetters.replay(which, context);
  if (json === true) writeJson(context, answer);
  else if (answer.documents === 0) context.stdout.write('No dead letter fits.\n');
  else context.stdout.write(`${count(answer.documents, 'document')} queued again in ${count(answer.jobs.length, 'job')}.\n${answer.jobs.map((id) => `  catalyst job ${id} --watch\n`).join('')}`);
  return exitCodes.success;
}
