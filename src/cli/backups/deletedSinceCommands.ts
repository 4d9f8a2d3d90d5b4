import type { Command } from 'commander';
import type { DeletedAgain, JournaledDeletion } from '../../contracts/deletionJournal.ts';
import type { CatalystClient } from '../../sdk/client.ts';
import { identifier } from '../checkedValues.ts';
import type { CliContext } from '../cliContext.ts';
import { exitCodes } from '../exitCodes.ts';
import type { ExitCode } from '../exitCodes.ts';
import { writeJson } from '../jsonOutput.ts';
import { collect } from '../optionValues.ts';
import { count, whole } from '../output/numbers.ts';
import { oneLine } from '../output/terminal.ts';
import { table } from '../output/table.ts';
import type { RunCommand } from '../runCommand.ts';

interface Options {
  readonly tenant?: readonly string[];
  readonly except?: readonly string[];
  readonly json?: boolean;
}

/** What a restore brings back though it was deleted. */
export function addDeletedSinceCommands(backup: Command, run: RunCommand): void {
  backup
    .command('deletions <id>')
    .description('What was deleted since the moment of a backup: a restore brings it back.')
    .option('--json', 'print it as JSON, with the ids of all documents')
    .action((id: string, options: Options) => run((client, context) => list(client, context, id, options)));
  backup
    .command('delete-again <id>')
    .description('After a restore: delete again what was deleted since then. A second time changes nothing.')
    .option('--tenant <name>', 'only what was deleted of this tenant; may be given several times', collect)
    .option('--except <deletion>', 'not this deletion, such as one by mistake; may be given several times', (value: string, earlier: readonly string[] | undefined) => collect(identifier(value), earlier))
    .option('--json', 'print what came of it as JSON')
    .action((id: string, options: Options) => run((client, context) => deleteAgain(client, context, id, options)));
}

async function list(client: CatalystClient, context: CliContext, id: string, options: Options): Promise<ExitCode> {
  const deletions: JournaledDeletion[] = [];
  for await (const deletion of client.backups.listDeletions(id, context)) deletions.push(deletion);
  if (options.json === true) writeJson(context, { deletions });
  else context.stdout.write(deletions.length === 0 ? 'Nothing was deleted since then.\n' : listText(deletions));
  return exitCodes.success;
}

function listText(deletions: readonly JournaledDeletion[]): string {
  const rows = deletions.map(({ createdAt, tenant, deletionId, documents, endsTenant }) => [createdAt, oneLine(tenant), deletionId, endsTenant ? 'the tenant' : whole(documents.length)]);
  return table([['accepted', 'tenant', 'deletion', 'documents'], ...rows], [3]);
}

async function deleteAgain(client: CatalystClient, context: CliContext, id: string, options: Options): Promise<ExitCode> {
  const { tenant, except } = options;
  const done = await client.backups.deleteAgain(id, { ...(tenant === undefined ? {} : { tenants: [...tenant] }), ...(except === undefined ? {} : { except: [...except] }) }, context);
  if (options.json === true) writeJson(context, done);
  else context.stdout.write(doneText(done));
  return exitCodes.success;
}

function doneText({ accepted, documents, tenants, known, absent, left }: DeletedAgain): string {
  const whom = tenants === 0 ? '' : ` and ${count(tenants, 'tenant')}`;
  return `${count(accepted, 'deletion')} of ${count(documents, 'document')}${whom} ${accepted === 1 ? 'goes' : 'go'} on now; known already: ${whole(known)}; of nothing that is here: ${whole(absent)}; left alone: ${whole(left)}\n`;
}
