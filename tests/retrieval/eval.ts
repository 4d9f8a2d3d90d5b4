import { once } from 'node:events';
import { access, constants, writeFile } from 'node:fs/promises';
import { dirname } from 'node:path';
import { CatalystApiError } from '../../src/sdk/apiError.ts';
import { listenForInterruption } from '../../infra/local/interruption.ts';
import { describeFailure } from '../../infra/local/localStackError.ts';
import { openBeirCollection } from './beirCollection.ts';
import { checkComparable, compareRuns } from './comparison/compareRuns.ts';
import { chooseByCrossValidation } from './comparison/crossValidation.ts';
import { readSavedRun, writeSavedRun } from './comparison/savedRun.ts';
import type { RunOrigin, SavedRun } from './comparison/savedRun.ts';
import { baselineOf, scoredCollection } from './comparison/scoredCollection.ts';
import { usualSampling } from './comparison/significance.ts';
import { usualConfigurations } from './configurations/configuration.ts';
import type { SearchConfiguration } from './configurations/configuration.ts';
import { configurationsOf, readMatrix, usualMatrix } from './configurations/matrix.ts';
import { measure } from './measure.ts';
import { readOptions, usage, UsageError } from './options.ts';
import type { ChoosingOptions, MeasuringOptions } from './options.ts';
import { reportJson } from './output/evaluationReport.ts';
import type { EvaluationReport } from './output/evaluationReport.ts';
import { markdownReport } from './output/markdownReport.ts';
import { choiceText, reportText } from './output/reportText.ts';
import { belowFloor, readSmokeFloors } from './smokeFloors.ts';
import { openTarget } from './target.ts';

const log = (line: string): void => void process.stderr.write(`${line}\n`);

async function runMeasurement(options: MeasuringOptions, signal: AbortSignal): Promise<number> {
  // All that can be wrong about files is found before the first document is ingested.
  await Promise.all([options.json, options.save, options.report].map(checkWritable));
  const saved = options.against === undefined ? undefined : await readSavedRun(options.against);
  const configurations = await configurationsFor(options);
  const collection = await openBeirCollection(options.folder, options.limitDocuments, options.split);
  if (saved !== undefined) checkComparable(saved, collection.name, configurations.map(({ name }) => name));
  if (options.matrix && collection.queries.length < options.folds) throw new UsageError(`${collection.queries.length} queries are too few for ${options.folds} folds: set --folds.`);
  const target = await openTarget({ ...options, log });
  // A stack that was started for this run is stopped in order whatever happens, an interruption included.
  const measured = await Promise.race([measure(target, { ...options, collection, configurations, log }), interruption(signal)]).finally(() => target.stop());
  if (options.save !== undefined) await writeSavedRun(options.save, originOf(measured), measured.results);
  const report: EvaluationReport = {
    ...measured,
    ...(options.matrix && measured.results.length > 1 ? { choice: choose(measured, options) } : {}),
    ...(saved === undefined ? {} : { comparison: compareRuns(saved, { origin: originOf(measured), queries: collection.queries, results: measured.results }, { ...usualSampling, seed: options.seed }) }),
    ...(options.smoke ? { belowFloor: belowFloor(measured.results, await readSmokeFloors()) } : {}),
  };
  if (options.json !== undefined) await writeFile(options.json, `${JSON.stringify(reportJson(report), null, 2)}\n`);
  if (options.report !== undefined) await writeFile(options.report, markdownReport(report, collection.queries));
  process.stdout.write(reportText(report));
  return exitCodeOf(report);
}

async function configurationsFor(options: MeasuringOptions): Promise<SearchConfiguration[]> {
  if (!options.matrix) return usualConfigurations(options.modes);
  return configurationsOf(options.grid === undefined ? usualMatrix : await readMatrix(options.grid));
}

async function checkWritable(file: string | undefined): Promise<void> {
  if (file === undefined) return;
  await access(dirname(file), constants.W_OK).catch(() => {
    throw new UsageError(`${file} cannot be written: its folder is not there, or not yours to write in.`);
  });
}

async function interruption(signal: AbortSignal): Promise<never> {
  if (!signal.aborted) await once(signal, 'abort');
  throw new Error('interrupted');
}

function originOf({ collection, split, documents, date, commit, machine }: EvaluationReport): RunOrigin {
  return { format: 'catalyst-evaluation/1', collection, split, documents, date, commit, machine };
}

function choose(report: EvaluationReport, { folds, seed }: ChoosingOptions) {
  const baseline = baselineOf(report.results.map(({ configuration }) => configuration.name));
  return chooseByCrossValidation([scoredCollection(report.collection, report.results, 'ndcg10')], { folds, seed, baseline });
}

/** Some collections hold documents without text; any other failure spoils the measurement. */
function exitCodeOf({ ingest, belowFloor: below = [] }: EvaluationReport): number {
  return ingest.failed.some(({ code }) => code !== 'EMPTY_DOCUMENT') || below.length > 0 ? 1 : 0;
}

async function runChoice(files: readonly string[], { folds, seed }: ChoosingOptions): Promise<number> {
  const runs: SavedRun[] = [];
  for (const file of files) runs.push(await readSavedRun(file));
  const collections = runs.map((run) => scoredCollection(`${run.collection} (${run.split})`, run.configurations, 'ndcg10'));
  const [first, ...others] = collections;
  const names = [...(first?.scores.keys() ?? [])].filter((name) => others.every(({ scores }) => scores.has(name)));
  if (names.length < 2) throw new Error('The runs have fewer than two configurations in common: there is nothing to choose.');
  process.stdout.write(choiceText(chooseByCrossValidation(collections, { folds, seed, baseline: baselineOf(names) })).trimStart());
  return 0;
}

async function main(): Promise<number> {
  const options = readOptions(process.argv.slice(2));
  switch (options.kind) {
    case 'help':
      process.stdout.write(usage);
      return 0;
    case 'choose':
      return runChoice(options.runs, options);
    case 'measure':
      return runMeasurement(options, listenForInterruption(() => process.exit(130)));
  }
}

try {
  process.exit(await main());
} catch (error) {
  if (error instanceof UsageError) process.stderr.write(`${error.message}\n\n${usage}`);
  else process.stderr.write(`The evaluation failed: ${error instanceof CatalystApiError ? `${error.message}. ${error.remedy}` : describeFailure(error)}\n`);
  process.exit(error instanceof UsageError ? 2 : 1);
}
