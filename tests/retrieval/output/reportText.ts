import { rate, whole } from '../../../src/cli/output/numbers.ts';
import { table } from '../../../src/cli/output/table.ts';
import { sentenceWithCode } from '../../../src/sdk/apiError.ts';
import type { ScoreComparison } from '../comparison/compareScores.ts';
import type { RunComparison } from '../comparison/compareRuns.ts';
import type { CrossValidatedChoice } from '../comparison/crossValidation.ts';
import type { FailedDocument } from '../ingestCollection.ts';
import { metricTitles } from '../metrics.ts';
import type { ConfigurationResult } from '../searchQueries.ts';
import { shownMetrics } from './evaluationReport.ts';
import type { EvaluationReport } from './evaluationReport.ts';
import { interval, probability, score, signed } from './numbers.ts';

const shownFailures = 10;
const titles = shownMetrics.map((metric) => metricTitles[metric]);

/** The report as the terminal shows it. */
export function reportText(report: EvaluationReport): string {
  const { ingest } = report;
  return [
    `${report.collection} (${report.split}): ${whole(report.documents)} documents, ${whole(report.queries)} judged queries (tenant ${report.tenant})\n`,
    `ingested in ${ingest.seconds.toFixed(1)} s: ${rate(ingest.documentsPerSecond)} documents/s, ${whole(ingest.chunks)} chunks${ingest.unchanged === 0 ? '' : `, ${whole(ingest.unchanged)} documents unchanged`}\n`,
    report.queriesWithoutRelevant === 0 ? '' : `${report.queriesWithoutRelevant} queries have no relevant document and count as 0\n`,
    failuresText(ingest.failed),
    `\n${resultsTable(report.results)}`,
    verdict(report.results),
    report.choice === undefined ? '' : choiceText(report.choice),
    report.comparison === undefined ? '' : comparisonText(report.comparison),
    floorsText(report.belowFloor),
  ].join('');
}

function resultsTable(results: readonly ConfigurationResult[]): string {
  const rows = results.map(({ configuration, metrics, latencyMs }) => [
    configuration.name, ...shownMetrics.map((metric) => score(metrics[metric])), `${latencyMs.p50.toFixed(0)} ms`, `${latencyMs.p95.toFixed(0)} ms`,
  ]);
  const heading = ['configuration', ...titles, 'p50', 'p95'];
  return table([heading, ...rows], heading.map((_, column) => column).slice(1));
}

/** Documents that are missing from the index make every figure look worse: each is named. */
function failuresText(failed: readonly FailedDocument[]): string {
  if (failed.length === 0) return '';
  const shown = failed.slice(0, shownFailures).map(({ id, code, message }) => `  ${id}: ${sentenceWithCode(message, code)}\n`);
  return `${whole(failed.length)} documents FAILED and are not in the index:\n${shown.join('')}${failed.length > shownFailures ? `  and ${whole(failed.length - shownFailures)} more (all with --json)\n` : ''}`;
}

function verdict(results: readonly ConfigurationResult[]): string {
  const [hybrid, dense, sparse] = ['hybrid', 'dense', 'sparse'].map((mode) => results.find(({ configuration }) => configuration.name === mode)?.metrics.ndcg10);
  if (hybrid === undefined || dense === undefined || sparse === undefined) return '';
  const best = Math.max(dense, sparse);
  return `\nhybrid is ${hybrid > best ? 'above' : 'NOT above'} both legs: ${score(hybrid)} against ${score(best)}\n`;
}

/** Chosen by nDCG@10 over folds: what it is worth on queries that took no part in the choice. */
export function choiceText(choice: CrossValidatedChoice): string {
  const picks = new Map<string, number>();
  for (const { configuration } of choice.perFold) picks.set(configuration, (picks.get(configuration) ?? 0) + 1);
  const rows = choice.perCollection.map(({ name, againstBaseline: held }) => [
    name, score(held.before), score(held.after), signed(held.difference), interval(held.interval), probability(held.pValue),
  ]);
  return [
    `\nchosen by nDCG@10: ${choice.chosen} (${score(choice.scoreOnAll)} on the queries that chose it)\n`,
    `held out, ${choice.folds} folds, seed ${choice.seed}: ${score(choice.heldOutScore)}; picked in the folds: ${[...picks].map(([name, times]) => `${name} (${times})`).join(', ')}\n\n`,
    table([['held out', choice.baseline, 'choice', 'difference', '95 %', 'p'], ...rows], [1, 2, 3, 4, 5]),
  ].join('');
}

function comparisonText(comparison: RunComparison): string {
  const rows = comparison.configurations.flatMap(({ name, metrics }) => shownMetrics.map((metric) => [name, metricTitles[metric], ...comparisonCells(metrics[metric])]));
  return [
    `\nagainst the run of ${comparison.against.date} (commit ${comparison.against.commit})\n`,
    ...comparison.cautions.map((caution) => `CAUTION: ${caution}\n`),
    `\n${table([['configuration', 'metric', 'before', 'now', 'difference', '95 %', 'p', 'wins', 'losses', 'ties'], ...rows], [2, 3, 4, 5, 6, 7, 8, 9])}`,
  ].join('');
}

/** Before, after, difference, interval, p, wins, losses, ties. */
export function comparisonCells(scores: ScoreComparison): string[] {
  return [score(scores.before), score(scores.after), signed(scores.difference), interval(scores.interval), probability(scores.pValue), ...[scores.wins, scores.losses, scores.ties].map(String)];
}

function floorsText(belowFloor: readonly string[] | undefined): string {
  if (belowFloor === undefined) return '';
  return belowFloor.length === 0 ? '\nall floors are held\n' : `\nBELOW THE FLOOR:\n${belowFloor.map((sentence) => `  ${sentence}\n`).join('')}`;
}
