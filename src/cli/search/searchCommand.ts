import { writeFile } from 'node:fs/promises';
import { resolve } from 'node:path';
import { Option } from 'commander';
import type { Command } from 'commander';
import type { FacetName } from '../../contracts/facets.ts';
import { rerankChoices, searchModes } from '../../contracts/search.ts';
import type { RerankChoice, SearchMode, SearchResponse, SearchResult } from '../../contracts/search.ts';
import type { CatalystClient } from '../../sdk/client.ts';
import type { CliContext } from '../cliContext.ts';
import { exitCodes } from '../exitCodes.ts';
import type { ExitCode } from '../exitCodes.ts';
import { moment } from '../checkedValues.ts';
import { collect, wholeNumber } from '../optionValues.ts';
import { count } from '../output/numbers.ts';
import { oneLine, styleOf } from '../output/terminal.ts';
import type { Style } from '../output/terminal.ts';
import type { RunCommand } from '../runCommand.ts';
import { UsageError } from '../usageError.ts';
import { facetText } from './facetText.ts';
import { addFilterOptions, filtersOf } from './filterOptions.ts';
import type { FilterOptions } from './filterOptions.ts';
import { passageText } from './passage.ts';
import { replay } from './replay.ts';

interface SearchOptions extends FilterOptions {
  readonly mode?: SearchMode;
  readonly rerank?: RerankChoice;
  readonly spelling?: boolean;
  readonly limit: number;
  readonly facet?: FacetName[];
  readonly explain?: boolean;
  readonly asOf?: string;
  readonly receipt?: string;
  readonly replay?: string;
  readonly full?: boolean;
  readonly json?: boolean;
}

export function addSearchCommand(program: Command, run: RunCommand): void {
  const command = program
    .command('search')
    .description('Search the index.')
    .argument('[query...]', 'what to look for')
    .addOption(new Option('--mode <mode>', 'how to search; the API\'s default is hybrid').choices(searchModes))
    .addOption(new Option('--rerank <reranker>', 'what orders the best results anew; default: as the service is configured').choices(rerankChoices))
    .option('--limit <number>', 'most results', wholeNumber(1, 100), 5);
  addFilterOptions(command)
    .option('--facet <name>', 'count the passages that the filters leave by this field: tags, language, tier, source.type, source.host, codes.icd-10, metadata.KEY, …; may be repeated', collect)
    .option('--spelling', 'offer other spellings of words that nothing holds')
    .option('--explain', 'show how each result came to its place')
    .option('--as-of <time>', 'search the versions that were visible then, such as 2026-11-29T18:00:00Z', moment)
    .option('--receipt <file>', 'write the receipt of the search into this file')
    .option('--replay <file>', 'instead of a query: run the search of a receipt again, and compare it bit by bit')
    .option('--full', 'show whole passages')
    .option('--json', 'print the answer as JSON')
    .action((words: string[], options: SearchOptions) => run((client, context) => options.replay === undefined ? search(client, context, words.join(' '), options) : replay(client, context, options.replay, options.json === true)));
}

async function search(client: CatalystClient, context: CliContext, query: string, options: SearchOptions): Promise<ExitCode> {
  if (query === '') throw new UsageError('Say what to look for, or which receipt to replay (--replay FILE).');
  const response = await client.search(
    {
      query, limit: options.limit, filters: filtersOf(options), explain: options.explain === true,
      ...(options.mode === undefined ? {} : { mode: options.mode }), ...(options.rerank === undefined ? {} : { rerank: options.rerank }),
      ...(options.asOf === undefined ? {} : { asOf: options.asOf }), ...(options.receipt === undefined ? {} : { receipt: true }),
      ...(options.spelling === true ? { spelling: true } : {}), ...(options.facet === undefined ? {} : { facets: options.facet }),
    },
    { signal: context.signal },
  );
  if (options.receipt !== undefined) await saveReceipt(resolve(context.workingDirectory, options.receipt), response.receipt);
  context.stdout.write(options.json === true ? `${JSON.stringify(response, null, 2)}\n` : responseText(response, options.full === true, styleOf(context.stdout, context.environment)));
  return exitCodes.success;
}

async function saveReceipt(path: string, receipt: SearchResponse['receipt']): Promise<void> {
  await writeFile(path, `${JSON.stringify(receipt, null, 2)}\n`).catch((thrown: unknown) => Promise.reject(new UsageError(`${path} cannot be written: ${thrown instanceof Error ? thrown.message : String(thrown)}`)));
}

export function responseText(response: SearchResponse, full: boolean, style: Style): string {
  const heading = `${count(response.results.length, 'result')} (${response.mode}, ${response.tookMs.toFixed(0)} ms${response.asOf === undefined ? '' : `, as of ${response.asOf}`})\n`;
  const before = degradedText(response, style) + didYouMeanText(response, style);
  return style.dim(heading) + before + facetText(response.facets, style) + response.results.map((result) => resultText(result, full, style)).join('');
}

/** Results that are not what they would be look like any others: this says so. */
function degradedText({ degradations }: SearchResponse, style: Style): string {
  return degradations.map(({ part, code, message }) => style.yellow(`degraded: without ${part}: ${oneLine(message)} (${code})\n`)).join('');
}

function didYouMeanText({ didYouMean }: SearchResponse, style: Style): string {
  return didYouMean === undefined || didYouMean === null ? '' : `did you mean: ${style.bold(oneLine(didYouMean.query))}\n`;
}

function resultText(result: SearchResult, full: boolean, style: Style): string {
  const { document, chunk } = result;
  const location = oneLine(document.source.location);
  const title = oneLine(document.title) || location;
  const place = [chunk.headings.map(oneLine).join(' › '), pageText(chunk), chunk.tier === 'passage' ? '' : chunk.tier].filter((part) => part !== '').join(' · ');
  // Without colours the highlights are marked as Markdown does.
  const mark = (text: string): string => (style.coloured ? style.bold(style.yellow(text)) : `**${text}**`);
  return [
    `\n${result.rank}. ${style.bold(title)}${title === location ? '' : style.dim(`  ${location}`)}  ${style.dim(result.score.toFixed(4))}\n`,
    place === '' ? '' : `   ${style.dim(place)}\n`,
    `   ${passageText(result, { characters: full ? Infinity : 400, mark })}\n`,
    (result.explanation ?? []).map((line) => `   ${style.dim(`- ${oneLine(line)}`)}\n`).join(''),
  ].join('');
}

function pageText({ page, pageEnd }: SearchResult['chunk']): string {
  if (page === null) return '';
  return pageEnd === null || pageEnd === page ? `page ${page}` : `pages ${page}–${pageEnd}`;
}
