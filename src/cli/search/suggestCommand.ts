import { Option } from 'commander';
import type { Command } from 'commander';
import { suggestionKinds } from '../../contracts/suggest.ts';
import type { SuggestionKind, SuggestResponse } from '../../contracts/suggest.ts';
import type { CatalystClient } from '../../sdk/client.ts';
import type { CliContext } from '../cliContext.ts';
import { exitCodes } from '../exitCodes.ts';
import type { ExitCode } from '../exitCodes.ts';
import { writeJson } from '../jsonOutput.ts';
import { wholeNumber } from '../optionValues.ts';
import { whole } from '../output/numbers.ts';
import { oneLine } from '../output/terminal.ts';
import type { RunCommand } from '../runCommand.ts';

interface SuggestOptions {
  readonly limit: number;
  readonly kind?: SuggestionKind[];
  readonly json?: boolean;
}

export function addSuggestCommand(program: Command, run: RunCommand): void {
  program
    .command('suggest')
    .description('Complete what is being typed: titles, headings and frequent words.')
    .argument('<text...>', 'what has been typed so far; the last word may be a beginning')
    .option('--limit <number>', 'most suggestions of each kind', wholeNumber(1, 20), 5)
    .addOption(new Option('--kind <kind...>', 'these kinds alone').choices(suggestionKinds))
    .option('--json', 'print the answer as JSON')
    .action((words: string[], options: SuggestOptions) => run((client, context) => suggest(client, context, words.join(' '), options)));
}

async function suggest(client: CatalystClient, context: CliContext, text: string, { limit, kind, json }: SuggestOptions): Promise<ExitCode> {
  const response = await client.suggest({ q: text, limit, ...(kind === undefined ? {} : { kinds: kind }) }, { signal: context.signal });
  if (json === true) writeJson(context, response);
  else context.stdout.write(suggestionsText(response));
  return exitCodes.success;
}

function suggestionsText({ titles, headings, terms }: SuggestResponse): string {
  const lines = [
    ...titles.map(({ text, documentId }) => `title    ${oneLine(text)}  ${documentId}`),
    ...headings.map(({ text, title }) => `heading  ${oneLine(text)}  (${oneLine(title)})`),
    ...terms.map(({ text, count, countIsExact }) => `word     ${oneLine(text)}  ${whole(count)}${countIsExact ? '' : '+'}`),
  ];
  return lines.length === 0 ? 'Nothing begins so.\n' : lines.map((line) => `${line}\n`).join('');
}
