import type { Command } from 'commander';
import { Option } from 'commander';
import { onMissingPolicies } from '../../contracts/sources.ts';
import type { RegisteredSource, ScheduleState } from '../../contracts/sources.ts';
import type { CatalystClient } from '../../sdk/client.ts';
import type { SourceInput } from '../../sdk/resources/sources.ts';
import { identifier, moment } from '../checkedValues.ts';
import type { CliContext } from '../cliContext.ts';
import { exitCodes } from '../exitCodes.ts';
import type { ExitCode } from '../exitCodes.ts';
import { addJobOptions, jobOptionsOf } from '../jobs/jobOptions.ts';
import type { JobOptionValues } from '../jobs/jobOptions.ts';
import { reportJob } from '../jobs/reportJob.ts';
import type { ReportOptions } from '../jobs/reportJob.ts';
import { take, writeJson } from '../jsonOutput.ts';
import type { RunCommand } from '../runCommand.ts';
import { UsageError } from '../usageError.ts';
import { addDefinitionOptions, attributesOf, definitionOf, hasDefinition } from './definitionOptions.ts';
import type { DefinitionOptions } from './definitionOptions.ts';
import { addScheduleOptions, scheduleOf } from './scheduleOptions.ts';
import type { ScheduleOptions } from './scheduleOptions.ts';
import { scheduleText, sourceText, sourcesText } from './sourceText.ts';

interface JsonOption {
  readonly json?: boolean;
}

interface AddOptions extends DefinitionOptions, ScheduleOptions, JsonOption {
  readonly deleteMissing?: boolean;
}

interface ChangeOptions extends DefinitionOptions, ScheduleOptions, JsonOption {
  readonly name?: string;
  readonly onMissing?: (typeof onMissingPolicies)[number];
  /** False where `--no-schedule` is given. */
  readonly schedule: boolean;
}

/** `catalyst source …`: sources that are read again and again. */
export function addSourceCommands(program: Command, run: RunCommand): void {
  const source = program.command('source').description('Sources that are read again and again.');
  addAddCommand(source, run);
  addChangeCommand(source, run);
  addReadCommands(source, run);
  addRunCommand(source, run);
  addScheduleCommands(source, run);
}

function addAddCommand(source: Command, run: RunCommand): void {
  addScheduleOptions(addDefinitionOptions(source.command('add').description('Register a source.').argument('<name>', 'a name for people')))
    .option('--delete-missing', 'delete documents that a complete run no longer finds')
    .option('--json', 'print the source as JSON')
    .addHelpText('after', '\nExample: catalyst source add Handbook --website https://example.com/handbook/ --cron "0 3 * * *" --timezone Europe/Berlin --delete-missing')
    .action((name: string, options: AddOptions) =>
      run(async (client, context) => {
        const created = await client.sources.create({ name, definition: definitionOf(options), attributes: attributesOf(options), onMissing: options.deleteMissing === true ? 'delete' : 'keep', schedule: scheduleOf(options) ?? null }, context);
        show(context, options, created);
        if (options.json !== true) context.stdout.write(`To read it now: catalyst source run ${created.id}\n`);
        return exitCodes.success;
      }),
    );
}

function addChangeCommand(source: Command, run: RunCommand): void {
  addScheduleOptions(addDefinitionOptions(source.command('change').description('Change a source; what is not named stays as it is.').argument('<id>', 'identifier of the source', identifier)))
    .option('--no-schedule', 'read it by hand only')
    .option('--name <name>', 'another name for people')
    .addOption(new Option('--on-missing <what>', 'what becomes of documents that a complete run no longer finds').choices(onMissingPolicies))
    .option('--json', 'print the source as JSON')
    .addHelpText('after', '\nWhere it reads from, and each of tags, metadata and labels, is replaced as a whole.\nExample: catalyst source change SOURCE_ID --every 6h --on-missing delete')
    .action((id: string, options: ChangeOptions) =>
      run(async (client, context) => {
        const change = changeOf(options);
        const before = await client.sources.get(id, context);
        return show(context, options, await client.sources.replace(id, applied(before, change), context));
      }),
    );
}

type Change = Partial<SourceInput> & { readonly attributes: Partial<RegisteredSource['attributes']> };

/** What the options say, judged before anything is asked of the API. */
function changeOf(options: ChangeOptions): Change {
  const schedule = scheduleOf(options);
  if (schedule !== undefined && !options.schedule) throw new UsageError('--no-schedule goes without --cron and --every.');
  return {
    ...(options.name === undefined ? {} : { name: options.name }),
    ...(hasDefinition(options) ? { definition: definitionOf(options) } : {}),
    ...(options.onMissing === undefined ? {} : { onMissing: options.onMissing }),
    ...(options.schedule && schedule === undefined ? {} : { schedule: schedule ?? null }),
    attributes: {
      ...(options.tag === undefined ? {} : { tags: options.tag }),
      ...(options.metadata === undefined ? {} : { metadata: options.metadata }),
      ...(options.policy === undefined ? {} : { policies: options.policy }),
      ...(options.redact === undefined ? {} : { redact: options.redact }),
      ...(options.quarantine === undefined ? {} : { quarantine: options.quarantine }),
    },
  };
}

function applied({ name, definition, attributes, onMissing, schedule, paused }: RegisteredSource, change: Change): SourceInput {
  return { name, definition, onMissing, schedule, paused, ...change, attributes: { ...attributes, ...change.attributes } };
}

function addReadCommands(source: Command, run: RunCommand): void {
  source
    .command('list', { isDefault: true })
    .description('All sources.')
    .option('--json', 'print them as JSON')
    .action((options: JsonOption) =>
      run(async (client, context) => {
        const sources = await take(client.sources.list({ signal: context.signal }), 10_000);
        if (options.json === true) writeJson(context, sources);
        else context.stdout.write(sourcesText(sources));
        return exitCodes.success;
      }),
    );
  source
    .command('show')
    .description('A source, its last job and its next runs.')
    .argument('<id>', 'identifier of the source', identifier)
    .option('--json', 'print it as JSON')
    .action((id: string, options: JsonOption) => run((client, context) => describe(client, context, id, options)));
}

async function describe(client: CatalystClient, context: CliContext, id: string, { json }: JsonOption): Promise<ExitCode> {
  const source = await client.sources.get(id, context);
  const schedule = source.schedule === null ? null : await client.sources.schedule(id, context);
  if (json === true) writeJson(context, { ...source, scheduleState: schedule });
  else context.stdout.write(`${sourceText(source)}${schedule === null ? '' : scheduleText(schedule)}`);
  return exitCodes.success;
}

function addRunCommand(source: Command, run: RunCommand): void {
  addJobOptions(source.command('run').description('Read a source now.').argument('<id>', 'identifier of the source', identifier))
    .option('--no-wait', 'return at once')
    .option('--json', 'print the job as JSON')
    .action((id: string, options: JobOptionValues & ReportOptions) => run(async (client, context) => reportJob(client, context, await client.sources.run(id, jobOptionsOf(options), context), options)));
}

function addScheduleCommands(source: Command, run: RunCommand): void {
  const command = (name: string, description: string) => source.command(name).description(description).argument('<id>', 'identifier of the source', identifier).option('--json', 'print the answer as JSON');
  command('pause', 'Let its schedule rest.').action((id: string, options: JsonOption) => run(async (client, context) => show(context, options, await client.sources.pause(id, context))));
  command('resume', 'Let its schedule go on.').action((id: string, options: JsonOption) => run(async (client, context) => show(context, options, await client.sources.resume(id, context))));
  command('backfill', 'Make up for the runs of a span of time.')
    .requiredOption('--from <time>', 'its begin: a day, or a time such as 2026-01-31T06:00:00Z', moment)
    .requiredOption('--to <time>', 'its end: the same', moment)
    .action((id: string, options: JsonOption & { readonly from: string; readonly to: string }) =>
      run(async (client, context) => {
        const state: ScheduleState = await client.sources.backfill(id, { from: options.from, to: options.to }, context);
        if (options.json === true) writeJson(context, state);
        else context.stdout.write('The runs are requested.\n');
        return exitCodes.success;
      }),
    );
  command('remove', 'Remove a source; its documents stay, unless --documents.')
    .option('--documents', 'delete its documents too')
    .action((id: string, options: JsonOption & { readonly documents?: boolean }) =>
      run(async (client, context) => {
        const deletion = await client.sources.remove(id, options.documents === true ? 'delete' : 'keep', context);
        if (options.json === true) writeJson(context, deletion ?? null);
        else context.stdout.write(deletion === undefined ? 'The source is removed; its documents stay.\n' : `The source is removed. Its documents are being deleted: catalyst deletion ${deletion.id}\n`);
        return exitCodes.success;
      }),
    );
}

function show(context: CliContext, { json }: JsonOption, source: RegisteredSource): ExitCode {
  if (json === true) writeJson(context, source);
  else context.stdout.write(sourceText(source));
  return exitCodes.success;
}
