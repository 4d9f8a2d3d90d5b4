import { Option } from 'commander';
import type { Command } from 'commander';
import { tiers } from '../../contracts/documents.ts';
import type { Metadata, Tier } from '../../contracts/documents.ts';
import type { Job } from '../../contracts/jobs.ts';
import { sentenceWithCode } from '../../sdk/apiError.ts';
import type { CatalystClient } from '../../sdk/client.ts';
import type { CliContext } from '../cliContext.ts';
import { exitCodes } from '../exitCodes.ts';
import type { ExitCode } from '../exitCodes.ts';
import { addJobOptions, jobOptionsOf } from '../jobs/jobOptions.ts';
import type { JobOptionValues } from '../jobs/jobOptions.ts';
import { writePreviews } from '../jobs/writePreviews.ts';
import { collect, metadataOption } from '../optionValues.ts';
import { count } from '../output/numbers.ts';
import { ProgressDisplay } from '../output/progressDisplay.ts';
import { oneLine, styleOf } from '../output/terminal.ts';
import type { RunCommand } from '../runCommand.ts';
import { UsageError } from '../usageError.ts';
import { failuresWithDocuments } from './failureExamples.ts';
import { supportedExtensions } from './fileTypes.ts';
import { IngestRun } from './ingestRun.ts';
import { countReasons, exitCodeOfSummary, summarise, summaryText } from './summary.ts';
import { listSources } from './sources.ts';
import type { SourceList } from './sources.ts';

interface IngestOptions extends JobOptionValues {
  readonly tag?: string[];
  readonly metadata?: Metadata;
  readonly tier?: Tier;
  readonly policy?: string[];
  readonly idPrefix?: string;
  readonly wait: boolean;
  readonly json?: boolean;
}

export function addIngestCommand(program: Command, run: RunCommand): void {
  const command = program
    .command('ingest')
    .summary('Ingest files, folders and web addresses, and follow them until they are searchable.')
    .description(`Ingest files, folders and web addresses, and follow them until they are searchable.\nFolders are walked for ${supportedExtensions.join(' ')}.`)
    .argument('<path-or-url...>', 'files, folders, http and https addresses')
    .option('--tag <tag>', 'tag of every document; may be repeated', collect)
    .option('--metadata <key=value>', 'metadata of every document; may be repeated', metadataOption)
    .addOption(new Option('--tier <tier>', 'tier of all passages').choices(tiers))
    .option('--policy <label>', 'label a reader must hold; may be repeated', collect)
    .option('--id-prefix <text>', 'put before the id of every file, which is its path below the folder named');
  addJobOptions(command)
    .option('--no-wait', 'hand the documents over and return at once')
    .option('--json', 'print the result as JSON')
    .addHelpText('after', '\nThe same file is the same document: a second run updates what has changed and leaves the rest alone.\nExit code 0: all succeeded, 1: all failed, 3: some failed.')
    .action((names: string[], options: IngestOptions) => run((client, context) => ingest(client, context, names, options)));
}

async function ingest(client: CatalystClient, context: CliContext, names: readonly string[], options: IngestOptions): Promise<ExitCode> {
  const started = performance.now();
  const list = await listSources(names, { workingDirectory: context.workingDirectory, idPrefix: options.idPrefix ?? '' });
  noteSkipped(list, context);
  if (list.sources.length === 0 && list.unreadable.length === 0) throw new UsageError(`There is nothing to ingest in ${names.join(', ')}.`);
  const display = new ProgressDisplay(context);
  const attributes = { tags: options.tag ?? [], metadata: options.metadata ?? {}, policies: options.policy ?? [], tier: options.tier };
  const run = new IngestRun({ client, attributes, how: jobOptionsOf(options), wait: options.wait, signal: context.signal, onProgress: (progress) => display.update(progress), onNote: (line) => display.note(line) });
  for (const { path, reason } of list.unreadable) run.failures.push({ id: path, code: 'CONTENT_UNREADABLE', detail: reason, remedy: 'Check that the file may be read by this user.' });
  let jobs: Job[];
  try {
    jobs = await run.run(list.sources);
  } catch (error) {
    display.stop();
    context.stderr.write(handedOver(run, list.sources.length));
    throw error;
  } finally {
    display.stop();
  }
  if (!options.wait) return reportHandedOver(run, list, context, options);
  const seconds = (performance.now() - started) / 1000;
  const failures = await failuresWithDocuments(client, jobs, run.failures, context.signal);
  const summary = summarise({ jobs, refused: run.failures.length, failures, skipped: list.skipped, seconds });
  context.stdout.write(options.json === true ? `${JSON.stringify(summary, null, 2)}\n` : summaryText(summary, styleOf(context.stdout, context.environment)));
  if (options.dryRun === true && options.json !== true) await writePreviews(client, context, jobs);
  return exitCodeOfSummary(summary);
}

function noteSkipped(list: SourceList, context: CliContext): void {
  if (list.skipped.length === 0) return;
  const reasons = countReasons(list.skipped).map(({ reason, count: number }) => `${number} ${reason}`);
  context.stderr.write(`Skipped ${count(list.skipped.length, 'entry', 'entries')}: ${reasons.join(', ')}.\n`);
}

/** What is under way when the command ends early: the work goes on without it. */
function handedOver(run: IngestRun, total: number): string {
  if (run.tallies.length === 0) return 'Nothing was handed over.\n';
  const watch = run.tallies.map(({ jobId }) => `  catalyst job ${jobId} --watch\n`).join('');
  return `Handed over: ${run.accepted} of ${count(total, 'document')}. The ingestion goes on by itself; to watch it:\n${watch}`;
}

function reportHandedOver(run: IngestRun, list: SourceList, context: CliContext, options: IngestOptions): ExitCode {
  const jobs = run.tallies.map(({ jobId, total }) => ({ id: jobId, documents: total }));
  if (options.json === true) context.stdout.write(`${JSON.stringify({ jobs, refused: run.failures, skipped: countReasons(list.skipped) }, null, 2)}\n`);
  else {
    context.stdout.write(handedOver(run, list.sources.length));
    for (const { id, code, detail, remedy } of run.failures) context.stderr.write(`${oneLine(`${id}: ${sentenceWithCode(detail, code)}`)}\n  ${oneLine(remedy)}\n`);
  }
  if (run.failures.length === 0) return exitCodes.success;
  return jobs.length === 0 ? exitCodes.failure : exitCodes.partial;
}
