import type { Command } from 'commander';
import { Option } from 'commander';
import type { Failure } from '../../contracts/failure.ts';
import { CatalystApiError, sentenceWithCode } from '../../sdk/apiError.ts';
import type { StartedBackup } from '../../sdk/resources/backups.ts';
import type { CatalystClient } from '../../sdk/client.ts';
import type { CliContext } from '../cliContext.ts';
import { exitCodes } from '../exitCodes.ts';
import type { ExitCode } from '../exitCodes.ts';
import { writeJson } from '../jsonOutput.ts';
import { oneLine } from '../output/terminal.ts';
import type { RunCommand } from '../runCommand.ts';
import { UsageError } from '../usageError.ts';
import { backupText, backupsText, restoreText } from './backupText.ts';
import { addDeletedSinceCommands } from './deletedSinceCommands.ts';

interface Options {
  readonly wait?: boolean;
  readonly json?: boolean;
  readonly deep?: boolean;
  readonly only?: 'objects' | 'index';
  readonly audit?: boolean;
}

export function addBackupCommands(program: Command, run: RunCommand): void {
  const backup = program.command('backup').description('Backups of all tenants: made, looked at, brought back.');
  backup
    .command('create')
    .description('Make one now, beside the nightly ones.')
    .option('--wait', 'until it is finished and verified')
    .option('--json', 'print it as JSON')
    .action((options: Options) => run((client, context) => create(client, context, options)));
  backup
    .command('list')
    .description('All that are kept, newest first.')
    .option('--json', 'print them as JSON')
    .action((options: Options) =>
      run(async (client, context) => {
        const backups = await client.backups.list(context);
        return show(context, options, { backups }, backupsText(backups));
      }),
    );
  backup
    .command('verify <id>')
    .description('Compare one with what the bucket holds.')
    .option('--deep', 'by all bytes, not by sizes and marks alone')
    .option('--wait', 'until it is known')
    .option('--json', 'print it as JSON')
    .action((id: string, options: Options) => run((client, context) => verify(client, context, id, options)));
  backup
    .command('restore [id]')
    .description('Bring one back into an empty stack.')
    .addOption(new Option('--only <part>', 'one part, into a stack that goes on: objects that the bucket has lost, or the index, built of artifacts').choices(['objects', 'index']))
    .option('--audit', 'then compare registry, artifacts and index of all tenants deeply (with --wait)')
    .option('--wait', 'until it is finished')
    .option('--json', 'print what came of it as JSON')
    .action((id: string | undefined, options: Options) => run((client, context) => restore(client, context, id, options)));
  backup
    .command('restores')
    .description('What was brought back into this stack.')
    .option('--json', 'print it as JSON')
    .action((options: Options) =>
      run(async (client, context) => {
        const restores = await client.backups.listRestores(context);
        return show(context, options, { restores }, restores.length === 0 ? 'Nothing was restored here.\n' : restores.map(restoreText).join(''));
      }),
    );
  addDeletedSinceCommands(backup, run);
}

/** Ends with what the work failed by, also where it could not write anything into the bucket. */
async function create(client: CatalystClient, context: CliContext, options: Options): Promise<ExitCode> {
  const started = await client.backups.create(context);
  if (options.wait !== true) return show(context, options, started, `It goes on as the workflow ${started.workflowId}; see catalyst backup list.\n`);
  const failure = await failureOf(wait(client, context, started));
  const made = await client.backups.findMade(started, context);
  if (made !== undefined) show(context, options, made, backupText(made));
  if (failure !== undefined) throw failure;
  return made?.state === 'finished' ? exitCodes.success : exitCodes.failure;
}

async function verify(client: CatalystClient, context: CliContext, id: string, options: Options): Promise<ExitCode> {
  const started = await client.backups.verify(id, { deep: options.deep === true }, context);
  if (options.wait !== true) return show(context, options, started, `It goes on as the workflow ${started.workflowId}; see catalyst backup list.\n`);
  await wait(client, context, started);
  const found = await client.backups.get(id, context);
  show(context, options, found, backupText(found));
  return found.state === 'finished' ? exitCodes.success : exitCodes.failure;
}

/** Who waits is told what keeps the work from going on. */
function wait(client: CatalystClient, context: CliContext, started: StartedBackup): Promise<void> {
  const onRetry = ({ code, message }: Failure): void => void context.stderr.write(`It is tried again: ${oneLine(sentenceWithCode(message, code))}\n`);
  return client.backups.wait(started, { ...context, onRetry });
}

async function failureOf(work: Promise<void>): Promise<CatalystApiError | undefined> {
  try {
    await work;
    return undefined;
  } catch (error) {
    if (error instanceof CatalystApiError) return error;
    throw error;
  }
}

async function restore(client: CatalystClient, context: CliContext, id: string | undefined, options: Options): Promise<ExitCode> {
  if (id === undefined && options.only !== 'index') throw new UsageError('Name the backup, as catalyst backup list does.');
  if (options.audit === true && options.wait !== true) throw new UsageError('--audit goes with --wait: the audit begins once all is back.');
  const started = await client.backups.restore({ ...(id === undefined ? {} : { backupId: id }), ...(options.only === undefined ? {} : { only: options.only }) }, context);
  if (options.wait !== true) return show(context, options, started, `It goes on as the workflow ${started.workflowId}; see catalyst backup restores.\n`);
  const failure = await failureOf(wait(client, context, started));
  const done = (await client.backups.listRestores(context)).find((each) => each.id === started.restoreId);
  if (done === undefined || done.state === 'running') throw failure ?? new CatalystApiError({ code: 'INTERNAL', status: null, detail: 'The restore has ended and left no record', remedy: 'See catalyst backup restores and the log of the workers.' });
  show(context, options, done, restoreText(done));
  if (done.state === 'failed') return exitCodes.failure;
  if (options.audit === true) await client.schedules.run('consistency-deep', context);
  return done.report.points === done.report.expectedPoints ? exitCodes.success : exitCodes.failure;
}

function show(context: CliContext, { json }: Options, value: unknown, text: string): ExitCode {
  if (json === true) writeJson(context, value);
  else context.stdout.write(text);
  return exitCodes.success;
}
