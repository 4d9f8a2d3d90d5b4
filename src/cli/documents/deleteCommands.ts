import type { Command } from 'commander';
import type { Deletion, DeletionRequest } from '../../contracts/deletions.ts';
import type { CatalystClient } from '../../sdk/client.ts';
import { collectAs, identifier } from '../checkedValues.ts';
import type { CliContext } from '../cliContext.ts';
import { exitCodes } from '../exitCodes.ts';
import type { ExitCode } from '../exitCodes.ts';
import { writeJson } from '../jsonOutput.ts';
import { count, whole } from '../output/numbers.ts';
import { table } from '../output/table.ts';
import type { RunCommand } from '../runCommand.ts';
import { UsageError } from '../usageError.ts';

interface DeleteOptions {
  readonly source?: string;
  readonly everything?: boolean;
  readonly yes?: boolean;
  readonly wait: boolean;
  readonly json?: boolean;
}

export function addDeleteCommands(program: Command, run: RunCommand): void {
  program
    .command('delete')
    .description('Delete documents: from search first, then vectors, artifacts and records; ends with a receipt.')
    .argument('[document...]', 'identifiers of documents', collectAs(identifier))
    .option('--source <id>', 'all documents of this registered source', identifier)
    .option('--everything', 'all that the tenant has; needs --yes')
    .option('--yes', 'with --everything: yes, everything')
    .option('--no-wait', 'return at once')
    .option('--json', 'print the deletion as JSON')
    .action((documents: string[] | undefined, options: DeleteOptions) => run((client, context) => remove(client, context, documents ?? [], options)));
  program
    .command('deletion')
    .description('State and receipt of a deletion.')
    .argument('<id>', 'identifier of the deletion', identifier)
    .option('--json', 'print it as JSON')
    .action((id: string, options: { readonly json?: boolean }) => run(async (client, context) => report(context, await client.deletions.get(id, context), options.json === true)));
}

async function remove(client: CatalystClient, context: CliContext, documents: readonly string[], options: DeleteOptions): Promise<ExitCode> {
  const accepted = await client.deletions.create(requestOf(documents, options), context);
  return report(context, options.wait ? await waited(client, context, accepted.id) : accepted, options.json === true);
}

async function waited(client: CatalystClient, context: CliContext, id: string): Promise<Deletion> {
  try {
    return await client.deletions.wait(id, context);
  } catch (error) {
    context.stderr.write(`The deletion goes on. To look again: catalyst deletion ${id}\n`);
    throw error;
  }
}

function requestOf(documents: readonly string[], { source, everything, yes }: DeleteOptions): DeletionRequest {
  const ways = [documents.length > 0, source !== undefined, everything === true].filter(Boolean).length;
  if (ways !== 1) throw new UsageError('Give documents, or --source, or --everything.');
  if (everything === true && yes !== true) throw new UsageError('This deletes all that the tenant has. If that is what you want, add --yes.');
  if (everything === true) return { everything: true };
  return source === undefined ? { documents: [...documents] } : { sourceId: source };
}

function report(context: CliContext, deletion: Deletion, json: boolean): ExitCode {
  if (json) writeJson(context, deletion);
  else context.stdout.write(deletionText(deletion));
  return deletion.state === 'failed' ? exitCodes.failure : exitCodes.success;
}

function deletionText({ id, state, step, documents, receipt }: Deletion): string {
  const heading = `Deletion ${id}: ${state}${step === null || state === 'finished' ? '' : ` (${step})`}, ${count(documents, 'document')}\n`;
  if (receipt === null) return `${heading}To look again: catalyst deletion ${id}\n`;
  const { before, after, sharedArtifacts, digest } = receipt;
  const rows = (['documents', 'versions', 'points', 'artifacts', 'bytes'] as const).map((name) => [name, whole(before[name]), whole(after[name])]);
  const shared = sharedArtifacts === 0 ? '' : `  ${count(sharedArtifacts, 'artifact stays', 'artifacts stay')}: other documents have the same content\n`;
  return `${heading}${table([['', 'before', 'after'], ...rows], [1, 2], '  ')}${shared}  receipt ${digest}\n`;
}
