import type { Command } from 'commander';
import type { ErrorCode } from '../../contracts/errors.ts';
import type { Job } from '../../contracts/jobs.ts';
import type { Budget, RetryRequest } from '../../contracts/steering.ts';
import type { CatalystClient } from '../../sdk/client.ts';
import type { CliContext } from '../cliContext.ts';
import { exitCodes } from '../exitCodes.ts';
import type { ExitCode } from '../exitCodes.ts';
import { writeJson } from '../jsonOutput.ts';
import { collectAs, errorCode, identifier } from '../checkedValues.ts';
import { positiveNumber, wholeNumber } from '../optionValues.ts';
import { count, whole } from '../output/numbers.ts';
import { oneLine } from '../output/terminal.ts';
import type { RunCommand } from '../runCommand.ts';
import { UsageError } from '../usageError.ts';

interface JsonOption {
  readonly json?: boolean;
}

/** Commands that change a job in work. */
export function addSteeringCommands(program: Command, run: RunCommand): void {
  const command = (name: string, description: string) => program.command(name).description(description).argument('<job>', 'identifier of the job', identifier).option('--json', 'print the job as JSON');
  command('pause', 'Let a job rest: documents in work finish their stage, nothing new is begun.').action((id: string, options: JsonOption) =>
    run((client, context) => steer(context, options, client.jobs.pause(id, context))),
  );
  command('resume', 'Let a paused job go on.').action((id: string, options: JsonOption) => run((client, context) => steer(context, options, client.jobs.resume(id, context))));
  command('cancel', 'End a job; what is done stays, unless --undo.')
    .option('--undo', 'delete what the job made, and give what it changed its version before back')
    .action((id: string, options: JsonOption & { readonly undo?: boolean }) => run((client, context) => steer(context, options, client.jobs.cancel(id, options.undo === true ? 'undo' : 'keep', context))));
  command('approve', 'Let a job go on whose budget is used up: give the new cap, or lift it.')
    .option('--tokens <n>', 'the new cap in tokens', wholeNumber(1, Number.MAX_SAFE_INTEGER))
    .option('--cost <money>', 'the new cap in money', positiveNumber)
    .option('--no-budget', 'without a cap')
    .action((id: string, options: JsonOption & BudgetOptions) => run((client, context) => steer(context, options, client.jobs.approve(id, budgetOf(options), context))));
  command('concurrency', 'Change how many documents (or slices of small ones) of a job are in work at once.')
    .argument('<n>', 'a number, or "default"', concurrencyOf)
    .action((id: string, concurrency: number | null, options: JsonOption) => run((client, context) => steer(context, options, client.jobs.setConcurrency(id, concurrency, context))));
  addRetryCommand(program, run);
}

function addRetryCommand(program: Command, run: RunCommand): void {
  program
    .command('retry')
    .description('Queue the failed documents of a job again; a finished job goes back into work.')
    .argument('<job>', 'identifier of the job', identifier)
    .option('--code <code>', 'only those that failed with this code; may be repeated', collectAs(errorCode))
    .option('--index <n>', 'only this document of the job; may be repeated', collectAs(wholeNumber(0, 999_999_999)))
    .option('--json', 'print the answer as JSON')
    .action((id: string, options: RetryOptions) => run((client, context) => retry(client, context, id, options)));
}

interface RetryOptions extends JsonOption {
  readonly code?: ErrorCode[];
  readonly index?: number[];
}

async function retry(client: CatalystClient, context: CliContext, id: string, options: RetryOptions): Promise<ExitCode> {
  const which: RetryRequest = { ...(options.code === undefined ? {} : { codes: options.code }), ...(options.index === undefined ? {} : { indexes: options.index }) };
  const documents = await client.jobs.retry(id, which, context);
  if (options.json === true) writeJson(context, { documents });
  else context.stdout.write(documents === 0 ? 'No failed document fits.\n' : `${count(documents, 'document')} queued again. To watch: catalyst job ${id} --watch\n`);
  return exitCodes.success;
}

async function steer(context: CliContext, { json }: JsonOption, change: Promise<Job>): Promise<ExitCode> {
  const job = await change;
  if (json === true) writeJson(context, job);
  else context.stdout.write(stateLine(job));
  return exitCodes.success;
}

function stateLine(job: Job): string {
  const { counts, pause, cancellation, concurrency } = job;
  const done = counts.succeeded + counts.partial + counts.failed;
  const notes = [
    pause === null ? undefined : `paused: ${oneLine(pause.detail)} ${oneLine(pause.remedy)}`,
    cancellation === null ? undefined : `cancelled by ${oneLine(cancellation.by)} (${cancellation.mode})`,
    concurrency === null ? undefined : `${concurrency} at once`,
  ].filter((note) => note !== undefined);
  return `Job ${job.id}: ${job.state}, ${whole(done)} of ${count(counts.total, 'document')} done${notes.map((note) => `\n  ${note}`).join('')}\n`;
}

interface BudgetOptions {
  readonly tokens?: number;
  readonly cost?: number;
  /** false with --no-budget. */
  readonly budget: boolean;
}

function budgetOf({ tokens, cost, budget }: BudgetOptions): Budget | null {
  if (tokens === undefined && cost === undefined) {
    if (!budget) return null;
    throw new UsageError('Give the new cap with --tokens or --cost, or lift it with --no-budget.');
  }
  if (!budget) throw new UsageError('Give either a cap or --no-budget.');
  return { ...(tokens === undefined ? {} : { maximumTokens: tokens }), ...(cost === undefined ? {} : { maximumCost: cost }) };
}

function concurrencyOf(text: string): number | null {
  return text === 'default' ? null : wholeNumber(1, 1000)(text);
}
