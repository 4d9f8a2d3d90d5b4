import { randomBytes } from 'node:crypto';
import { once } from 'node:events';
import { writeFile } from 'node:fs/promises';
import { basename, resolve } from 'node:path';
import { parseArgs } from 'node:util';
import { searchModes } from '../../src/contracts/search.ts';
import type { SearchMode } from '../../src/contracts/search.ts';
import { CatalystApiError } from '../../src/sdk/apiError.ts';
import { ProgressDisplay } from '../../src/cli/output/progressDisplay.ts';
import { listenForInterruption } from '../../infra/local/interruption.ts';
import { describeFailure } from '../../infra/local/localStackError.ts';
import { openBeirCollection } from './beirCollection.ts';
import type { BeirCollection } from './beirCollection.ts';
import { ingestCollection } from './ingestCollection.ts';
import type { IngestedCollection } from './ingestCollection.ts';
import { reportText } from './report.ts';
import type { EvaluationReport } from './report.ts';
import { searchQueries } from './searchQueries.ts';
import type { ModeResult } from './searchQueries.ts';
import { openTarget } from './target.ts';
import type { Target } from './target.ts';

const usage = `Measures search on a collection in BEIR layout (corpus.jsonl, queries.jsonl, qrels/test.tsv): ingests it through the
public API into a tenant of its own, runs every judged query, and prints nDCG@10, recall@10, recall@100 and MRR@10.

  npm run eval -- FOLDER
    --json FILE              write the result as JSON as well
    --modes dense,hybrid     only these of dense, sparse, hybrid
    --limit-documents N      only the first N documents, and the queries that they answer
    --concurrency N          searches at a time (2)
    --tenant NAME            use this tenant instead of a fresh one
    --url ADDRESS --token T  evaluate this API; else the stack running in this folder, else one started for the purpose

Exit code 0: measured; 1: it could not be measured, or documents that hold text failed; 2: wrong use.
`;

interface EvaluationOptions {
  readonly folder: string;
  readonly json: string | undefined;
  readonly modes: readonly SearchMode[];
  readonly limitDocuments: number | undefined;
  readonly concurrency: number;
  readonly tenant: string;
  readonly url: string | undefined;
  readonly token: string | undefined;
}

class UsageError extends Error {}

const log = (line: string): void => void process.stderr.write(`${line}\n`);

function readOptions(commandLine: string[]): EvaluationOptions | undefined {
  const text = { type: 'string' } as const;
  const { values, positionals } = parsed(() =>
    parseArgs({
      args: commandLine, allowPositionals: true,
      options: { json: text, modes: text, 'limit-documents': text, concurrency: text, tenant: text, url: text, token: text, help: { type: 'boolean', short: 'h' } },
    }),
  );
  if (values.help === true) return undefined;
  const [folder, ...rest] = positionals;
  if (folder === undefined || rest.length > 0) throw new UsageError('Name one folder.');
  return {
    folder, json: values.json, modes: modesOf(values.modes), url: values.url, token: values.token,
    limitDocuments: values['limit-documents'] === undefined ? undefined : positive('--limit-documents', values['limit-documents']),
    concurrency: positive('--concurrency', values.concurrency ?? '2'),
    tenant: values.tenant ?? freshTenant(folder),
  };
}

function parsed<Result>(parse: () => Result): Result {
  try {
    return parse();
  } catch (error) {
    throw new UsageError(error instanceof Error ? error.message : String(error));
  }
}

function modesOf(text: string | undefined): SearchMode[] {
  const names = text === undefined ? ['dense', 'sparse', 'hybrid'] : text.split(',').map((name) => name.trim());
  const unknown = names.find((name) => !(searchModes as readonly string[]).includes(name));
  if (unknown !== undefined) throw new UsageError(`"${unknown}" is not a mode; the modes are ${searchModes.join(', ')}.`);
  return names as SearchMode[];
}

function positive(name: string, text: string): number {
  if (!/^[1-9]\d*$/.test(text)) throw new UsageError(`${name} must be a whole number above 0.`);
  return Number(text);
}

function freshTenant(folder: string): string {
  const name = basename(resolve(folder)).toLowerCase().replace(/[^a-z0-9_-]/g, '-').slice(0, 40);
  return `eval-${name}-${randomBytes(4).toString('hex')}`;
}

async function evaluate(options: EvaluationOptions, signal: AbortSignal): Promise<EvaluationReport> {
  const collection = await openBeirCollection(options.folder, options.limitDocuments);
  const target = await openTarget({ ...options, log });
  try {
    // A stack that was started for this run is stopped in order whatever happens, an interruption included.
    return await Promise.race([measure(options, collection, target), interruption(signal)]);
  } finally {
    await target.stop();
  }
}

async function interruption(signal: AbortSignal): Promise<never> {
  if (!signal.aborted) await once(signal, 'abort');
  throw new Error('interrupted');
}

async function measure(options: EvaluationOptions, collection: BeirCollection, target: Target): Promise<EvaluationReport> {
  const ingested = await ingest(target, collection);
  const modes: Partial<Record<SearchMode, ModeResult>> = {};
  for (const mode of options.modes) {
    log(`searching: ${collection.queries.length} queries, ${mode}`);
    modes[mode] = await searchQueries(target.client, { mode, queries: collection.queries, idOf: ingested.idOf, concurrency: options.concurrency });
  }
  return reportOf(collection, target.tenant, ingested, modes);
}

async function ingest(target: Target, collection: BeirCollection): Promise<IngestedCollection> {
  log(`ingesting ${collection.name} into tenant ${target.tenant}`);
  const display = new ProgressDisplay({ stderr: process.stderr, environment: process.env });
  try {
    return await ingestCollection(target.client, collection.documents(), (progress) => display.update(progress));
  } finally {
    display.stop();
  }
}

function reportOf(collection: BeirCollection, tenant: string, ingested: IngestedCollection, modes: EvaluationReport['modes']): EvaluationReport {
  const { documents, chunks, seconds, failed } = ingested;
  return {
    collection: collection.name, tenant, documents, queries: collection.queries.length,
    queriesWithoutRelevant: collection.queries.filter(({ judgements }) => ![...judgements.values()].some((grade) => grade > 0)).length,
    modes,
    ingest: { documents, chunks, seconds, documentsPerSecond: seconds > 0 ? documents / seconds : 0, failed },
  };
}

async function main(): Promise<number> {
  const options = readOptions(process.argv.slice(2));
  if (options === undefined) {
    process.stdout.write(usage);
    return 0;
  }
  const report = await evaluate(options, listenForInterruption(() => process.exit(130)));
  if (options.json !== undefined) await writeFile(options.json, `${JSON.stringify(report, null, 2)}\n`);
  process.stdout.write(reportText(report));
  // Some collections hold documents without text; any other failure spoils the measurement.
  return report.ingest.failed.some(({ code }) => code !== 'EMPTY_DOCUMENT') ? 1 : 0;
}

try {
  process.exit(await main());
} catch (error) {
  if (error instanceof UsageError) process.stderr.write(`${error.message}\n\n${usage}`);
  else process.stderr.write(`The evaluation failed: ${error instanceof CatalystApiError ? `${error.message}. ${error.remedy}` : describeFailure(error)}\n`);
  process.exit(error instanceof UsageError ? 2 : 1);
}
