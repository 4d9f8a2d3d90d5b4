import { InvalidArgumentError, Option } from 'commander';
import type { Command } from 'commander';
import { rerankerNames, searchBoostsSchema } from '../../contracts/search.ts';
import type { SearchBoosts } from '../../contracts/search.ts';
import { personalDataKinds } from '../../contracts/personalData.ts';
import type { PersonalDataKind } from '../../contracts/personalData.ts';
import { riskLevels } from '../../contracts/risk.ts';
import { mostTermWeight, searchSettingsUpdateSchema } from '../../contracts/searchSettings.ts';
import type { SearchSettings, StoredSearchSettings } from '../../contracts/searchSettings.ts';
import type { CatalystClient } from '../../sdk/client.ts';
import type { CliContext } from '../cliContext.ts';
import { exitCodes } from '../exitCodes.ts';
import type { ExitCode } from '../exitCodes.ts';
import { writeJson } from '../jsonOutput.ts';
import { oneLine } from '../output/terminal.ts';
import { readJsonFile } from '../readJsonFile.ts';
import type { RunCommand } from '../runCommand.ts';
import { UsageError } from '../usageError.ts';

type TermWeights = NonNullable<SearchSettings['termWeights']>;

interface SearchSettingsOptions {
  readonly termWeight?: TermWeights;
  readonly boosts?: string;
  readonly rerank?: SearchSettings['rerank'];
  readonly tokenVectors?: SearchSettings['tokenVectors'];
  readonly quarantine?: SearchSettings['quarantine'];
  readonly redact?: PersonalDataKind[];
  readonly reversible?: 'on' | 'off';
  readonly file?: string;
  readonly clear?: boolean;
  readonly json?: boolean;
}

export function addSearchSettingsCommand(program: Command, run: RunCommand): void {
  program
    .command('search-settings')
    .description('How searches of the tenant go unless they say otherwise; with options, changes it.')
    .option('--term-weight <term=weight>', `what a word or code weighs, from 0 (left out) to ${mostTermWeight}: "NSAID=2"; may be repeated`, termWeight)
    .option('--boosts <file>', 'replace the boosts by those of a JSON file: {"titleMatch": 0.3, "recency": {"weight": 0.2, "halfLifeDays": 180}}')
    .addOption(new Option('--rerank <reranker>', 'what orders the best results of hybrid searches anew').choices(rerankerNames))
    .addOption(new Option('--token-vectors <choice>', 'whether documents ingested from now on get codes of their tokens, for the built-in rerank').choices(['on', 'off']))
    .addOption(new Option('--quarantine <risk>', 'passages of this risk and above are kept from search, of what is ingested from now on').choices(['off', ...riskLevels]))
    .addOption(new Option('--redact <kind...>', 'personal data that is replaced by marks, of what is ingested from now on').choices(personalDataKinds))
    .addOption(new Option('--reversible <choice>', 'whether what is redacted is kept in the vault, to be brought back by those who may').choices(['on', 'off']))
    .option('--file <path>', 'replace all by those of a JSON file, such as --json prints them')
    .option('--clear', 'remove all there are, before others are added')
    .option('--json', 'print them as JSON')
    .action((options: SearchSettingsOptions) => run((client, context) => searchSettings(client, context, options)));
}

function termWeight(text: string, earlier: TermWeights | undefined): TermWeights {
  const [, term, written] = /^(\S*[\p{L}\p{N}]\S*)=([\d.]+)$/u.exec(text.trim()) ?? [];
  const weight = Number(written);
  if (term === undefined || !Number.isFinite(weight) || weight > mostTermWeight) throw new InvalidArgumentError(`It must be of the form "NSAID=2": a word or code, and a number up to ${mostTermWeight}.`);
  return { ...earlier, [term]: weight };
}

async function searchSettings(client: CatalystClient, context: CliContext, options: SearchSettingsOptions): Promise<ExitCode> {
  const settings = await wanted(client, context, options);
  if (options.json === true) writeJson(context, settings);
  else context.stdout.write(settingsText(settings));
  return exitCodes.success;
}

/** The settings as they are after what the options ask for. */
async function wanted(client: CatalystClient, context: CliContext, options: SearchSettingsOptions): Promise<StoredSearchSettings> {
  const { file, clear = false, termWeight: added } = options;
  const call = { signal: context.signal };
  if (file !== undefined && clear) throw new UsageError('--file replaces all there are: it goes without --clear.');
  const chosen = await chosenBy(options, context);
  const adds = added !== undefined || Object.keys(chosen).length > 0;
  if (clear && !adds) return client.searchSettings.remove(call);
  const replaced = file === undefined ? undefined : await readJsonFile(context, file, searchSettingsUpdateSchema, 'search settings');
  if (!adds) return replaced === undefined ? client.searchSettings.get(call) : client.searchSettings.set(replaced, call);
  const present = replaced ?? (clear ? {} : await client.searchSettings.get(call));
  const termWeights = added === undefined ? {} : { termWeights: { ...present.termWeights, ...added } };
  return client.searchSettings.set({ ...present, ...termWeights, ...chosen }, call);
}

/** What takes the place of what is there; weights of terms join those that are. */
async function chosenBy({ boosts, rerank, tokenVectors, quarantine, redact, reversible }: SearchSettingsOptions, context: CliContext): Promise<SearchSettings> {
  return {
    ...(boosts === undefined ? {} : { boosts: await readJsonFile(context, boosts, searchBoostsSchema, 'boosts') }),
    ...(rerank === undefined ? {} : { rerank }),
    ...(tokenVectors === undefined ? {} : { tokenVectors }),
    ...(quarantine === undefined ? {} : { quarantine }),
    ...(redact === undefined ? {} : { redact }),
    ...(reversible === undefined ? {} : { reversible: reversible === 'on' }),
  };
}

function settingsText({ boosts = {}, rerank, termWeights = {}, tokenVectors, quarantine, redact, reversible, revision }: StoredSearchSettings): string {
  const weights = Object.entries(termWeights).map(([term, weight]) => `term ${oneLine(term)}: ${weight}`);
  const lines = [...boostLines(boosts), ...(rerank === undefined ? [] : [`rerank: ${rerank}`]), ...weights, ...(tokenVectors === undefined ? [] : [`token vectors: ${tokenVectors}`]), ...(quarantine === undefined ? [] : [`quarantine: ${quarantine}`]), ...(redact === undefined ? [] : [`redacted: ${redact.length === 0 ? 'nothing' : redact.join(', ')}`]), ...(reversible === undefined ? [] : [`redaction can be brought back: ${reversible ? 'yes' : 'no'}`])];
  return lines.length === 0 ? 'There are no search settings.\n' : [...lines, `revision ${revision}`].map((line) => `${line}\n`).join('');
}

function boostLines({ titleMatch, tiers = {}, recency, sources = [], documents = {} }: SearchBoosts): string[] {
  const field = recency?.field === undefined ? '' : ` by "${oneLine(recency.field)}"`;
  return [
    ...(titleMatch === undefined ? [] : [`boost of title matches: ${titleMatch}`]),
    ...Object.entries(tiers).map(([tier, weight]) => `boost of tier ${tier}: ${weight}`),
    ...(recency === undefined ? [] : [`boost of recency${field}: ${recency.weight}, half of it after ${recency.halfLifeDays} days`]),
    ...sources.map(({ prefix, weight }) => `boost of ${oneLine(prefix)}: ${weight}`),
    ...(Object.keys(documents).length === 0 ? [] : [`boost of single documents: ${Object.keys(documents).length}`]),
  ];
}
