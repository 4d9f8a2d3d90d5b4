import { randomBytes } from 'node:crypto';
import { basename, resolve } from 'node:path';
import { parseArgs } from 'node:util';
import { searchModes } from '../../src/contracts/search.ts';
import type { SearchMode } from '../../src/contracts/search.ts';
import { splits } from './beirCollection.ts';
import type { Split } from './beirCollection.ts';
import { allModes, isMode } from './configurations/configuration.ts';
import { smokeFolder } from './smokeFloors.ts';

export const usage = `Measures search on a collection in BEIR layout (corpus.jsonl, queries.jsonl, qrels/test.tsv): ingests it through the
public API into a tenant of its own, runs every judged query, and prints nDCG@10, MAP@100, MRR@10, recall@10 and recall@100.

  npm run eval -- FOLDER
  npm run eval -- --smoke             the small set that comes with the project, against its recorded floors
  npm run eval -- --choose RUN.json…  the best configuration of saved runs, cross-validated; searches nothing

  what is measured
    --modes dense,hybrid     only these of dense, sparse, hybrid
    --matrix                 combinations of modes and settings; chooses the best by nDCG@10, and says what it reaches held out
    --grid FILE              the same with combinations of one's own (JSON; see docs/guides/measuring-search.md)
    --folds N --seed N       of the choice (5, 7); the seed is that of all drawing by lot
    --split NAME             judgements of qrels/test.tsv, qrels/train.tsv or qrels/dev.tsv (test)
    --limit-documents N      only the first N documents, and the queries that they answer
  what becomes of it
    --save RUN.json          keep scores and rankings of every query
    --against RUN.json       compare with a saved run, query by query
    --report FILE.md         write a report in Markdown
    --json FILE              write the result as JSON
  where
    --concurrency N          searches at a time (2)
    --tenant NAME            use this tenant instead of a fresh one; what it already holds is not ingested again
    --url ADDRESS --token T  evaluate this API; else the stack running in this folder, else one started for the purpose

Exit code 0: measured; 1: it could not be measured, documents that hold text failed, or a floor was not held; 2: wrong use.
`;

export class UsageError extends Error {}

/** How a choice is cross-validated. */
export interface ChoosingOptions {
  readonly folds: number;
  readonly seed: number;
}

export interface MeasuringOptions extends ChoosingOptions {
  readonly kind: 'measure';
  readonly folder: string;
  readonly smoke: boolean;
  readonly split: Split;
  readonly modes: readonly SearchMode[];
  /** Run the matrix: of the file, or the usual one. */
  readonly matrix: boolean;
  readonly grid: string | undefined;
  readonly limitDocuments: number | undefined;
  readonly concurrency: number;
  readonly tenant: string;
  readonly url: string | undefined;
  readonly token: string | undefined;
  readonly json: string | undefined;
  readonly save: string | undefined;
  readonly against: string | undefined;
  readonly report: string | undefined;
}

export type EvaluationOptions = MeasuringOptions | (ChoosingOptions & { readonly kind: 'choose'; readonly runs: readonly string[] }) | { readonly kind: 'help' };

const text = { type: 'string' } as const;
const flag = { type: 'boolean' } as const;
const definitions = {
  smoke: flag, choose: flag, modes: text, matrix: flag, grid: text, folds: text, seed: text, split: text, 'limit-documents': text,
  save: text, against: text, report: text, json: text, concurrency: text, tenant: text, url: text, token: text, help: { ...flag, short: 'h' },
} as const;

/** Throws a UsageError for everything that is not as the usage says. */
export function readOptions(commandLine: string[]): EvaluationOptions {
  const { values, positionals } = parsed(commandLine);
  if (values.help === true) return { kind: 'help' };
  const choosing = { folds: wholeNumber('--folds', values.folds ?? '5', 2), seed: wholeNumber('--seed', values.seed ?? '7', 0) };
  if (values.choose === true) {
    if (positionals.length === 0) throw new UsageError('Name the saved runs to choose from.');
    return { kind: 'choose', runs: positionals, ...choosing };
  }
  if (values.modes !== undefined && (values.matrix === true || values.grid !== undefined)) throw new UsageError('A matrix has its own modes: leave out --modes, or set "modes" in the file of --grid.');
  const folder = folderOf(values.smoke === true, positionals);
  return {
    kind: 'measure', folder, smoke: values.smoke === true, ...choosing, split: splitOf(values.split), modes: modesOf(values.modes),
    matrix: values.matrix === true || values.grid !== undefined, grid: values.grid,
    limitDocuments: values['limit-documents'] === undefined ? undefined : wholeNumber('--limit-documents', values['limit-documents'], 1),
    concurrency: wholeNumber('--concurrency', values.concurrency ?? '2', 1), tenant: values.tenant ?? freshTenant(folder), url: values.url, token: values.token,
    json: values.json, save: values.save, against: values.against, report: values.report,
  };
}

function parsed(commandLine: string[]) {
  try {
    return parseArgs({ args: commandLine, allowPositionals: true, options: definitions });
  } catch (error) {
    throw new UsageError(error instanceof Error ? error.message : String(error));
  }
}

function folderOf(smoke: boolean, [folder, ...rest]: readonly string[]): string {
  if (smoke && folder !== undefined) throw new UsageError('--smoke brings its own folder.');
  if (smoke) return smokeFolder;
  if (folder === undefined || rest.length > 0) throw new UsageError('Name one folder.');
  return folder;
}

function modesOf(names: string | undefined): SearchMode[] {
  if (names === undefined) return [...allModes];
  const wanted = [...new Set(names.split(',').map((name) => name.trim()))];
  const unknown = wanted.find((name) => !isMode(name));
  if (unknown !== undefined) throw new UsageError(`"${unknown}" is not a mode; the modes are ${searchModes.join(', ')}.`);
  return wanted.filter(isMode);
}

function splitOf(name: string | undefined): Split {
  const split = splits.find((known) => known === (name ?? 'test'));
  if (split === undefined) throw new UsageError(`"${name}" is not a split; the splits are ${splits.join(', ')}.`);
  return split;
}

function wholeNumber(name: string, value: string, least: number): number {
  if (!/^\d{1,9}$/.test(value) || Number(value) < least) throw new UsageError(`${name} must be a whole number of at least ${least}.`);
  return Number(value);
}

function freshTenant(folder: string): string {
  const name = basename(resolve(folder)).toLowerCase().replace(/[^a-z0-9_-]/g, '-').slice(0, 40);
  return `eval-${name}-${randomBytes(4).toString('hex')}`;
}
