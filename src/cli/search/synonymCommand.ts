import { InvalidArgumentError } from 'commander';
import type { Command } from 'commander';
import { noSynonyms, synonymsSchema } from '../../contracts/synonyms.ts';
import type { Synonyms } from '../../contracts/synonyms.ts';
import type { CatalystClient } from '../../sdk/client.ts';
import type { CliContext } from '../cliContext.ts';
import { exitCodes } from '../exitCodes.ts';
import type { ExitCode } from '../exitCodes.ts';
import { writeJson } from '../jsonOutput.ts';
import { oneLine } from '../output/terminal.ts';
import { readJsonFile } from '../readJsonFile.ts';
import type { RunCommand } from '../runCommand.ts';
import { UsageError } from '../usageError.ts';

interface SynonymOptions {
  readonly group?: Synonyms['groups'];
  readonly rule?: Synonyms['rules'];
  readonly file?: string;
  readonly clear?: boolean;
  readonly json?: boolean;
}

export function addSynonymCommand(program: Command, run: RunCommand): void {
  program
    .command('synonyms')
    .description('Words that mean the same in searches; with options, changes them.')
    .option('--group <words>', 'add words that mean the same: "car = automobile"; may be repeated', group)
    .option('--rule <words>', 'add a rule that goes one way: "NSAID => ibuprofen, naproxen"; may be repeated', rule)
    .option('--file <path>', 'replace all by those of a JSON file: {"groups": [["car", "automobile"]], "rules": []}')
    .option('--clear', 'remove all there are, before others are added')
    .option('--json', 'print them as JSON')
    .action((options: SynonymOptions) => run((client, context) => synonyms(client, context, options)));
}

function group(text: string, earlier: Synonyms['groups'] | undefined): Synonyms['groups'] {
  const words = text.split('=').map((word) => word.trim());
  if (words.length < 2 || words.includes('')) throw new InvalidArgumentError('It must be of the form "car = automobile".');
  return [...(earlier ?? []), words];
}

function rule(text: string, earlier: Synonyms['rules'] | undefined): Synonyms['rules'] {
  const [from = '', targets = '', ...more] = text.split('=>').map((part) => part.trim());
  const to = targets.split(',').map((word) => word.trim()).filter((word) => word !== '');
  if (from === '' || to.length === 0 || more.length > 0) throw new InvalidArgumentError('It must be of the form "NSAID => ibuprofen, naproxen".');
  return [...(earlier ?? []), { from, to }];
}

async function synonyms(client: CatalystClient, context: CliContext, options: SynonymOptions): Promise<ExitCode> {
  const known = await wanted(client, context, options);
  if (options.json === true) writeJson(context, known);
  else context.stdout.write(synonymsText(known));
  return exitCodes.success;
}

/** The synonyms as they are after what the options ask for. */
async function wanted(client: CatalystClient, context: CliContext, { group: groups = [], rule: rules = [], file, clear = false }: SynonymOptions): Promise<Synonyms> {
  const call = { signal: context.signal };
  if (file !== undefined && clear) throw new UsageError('--file replaces all there are: it goes without --clear.');
  const adds = groups.length > 0 || rules.length > 0;
  if (clear && !adds) return client.synonyms.remove(call);
  const replaced = file === undefined ? undefined : await readJsonFile(context, file, synonymsSchema, 'synonyms');
  const present = replaced ?? (clear ? noSynonyms : await client.synonyms.get(call));
  if (!adds && replaced === undefined) return present;
  return client.synonyms.set({ groups: [...present.groups, ...groups], rules: [...present.rules, ...rules] }, call);
}

function synonymsText({ groups, rules }: Synonyms): string {
  const lines = [...groups.map((words) => words.map(oneLine).join(' = ')), ...rules.map(({ from, to }) => `${oneLine(from)} => ${to.map(oneLine).join(', ')}`)];
  return lines.length === 0 ? 'There are no synonyms.\n' : lines.map((line) => `${line}\n`).join('');
}
