import { whole } from '../../../src/cli/output/numbers.ts';
import type { JudgedQuery } from '../beirCollection.ts';
import type { ConfigurationComparison, RunComparison } from '../comparison/compareRuns.ts';
import { compareScores } from '../comparison/compareScores.ts';
import type { CrossValidatedChoice } from '../comparison/crossValidation.ts';
import { baselineOf } from '../comparison/scoredCollection.ts';
import { metricTitles } from '../metrics.ts';
import type { ConfigurationResult } from '../searchQueries.ts';
import { shownMetrics } from './evaluationReport.ts';
import type { EvaluationReport } from './evaluationReport.ts';
import { interval, probability, score, signed } from './numbers.ts';
import { comparisonCells } from './reportText.ts';

const longestText = 160;

/** The report as a page: what was measured on what, all configurations, and the comparisons. */
export function markdownReport(report: EvaluationReport, queries: readonly JudgedQuery[]): string {
  const texts = new Map(queries.map(({ id, text }) => [id, text]));
  return [
    ...heading(report),
    ...resultsSection(report),
    ...withinSection(report.results),
    ...(report.choice === undefined ? [] : choiceSection(report.choice)),
    ...(report.comparison === undefined ? [] : comparisonSection(report.comparison, texts)),
    ...floorsSection(report.belowFloor),
    '',
  ].join('\n');
}

function heading(report: EvaluationReport): string[] {
  const { ingest } = report;
  return [
    `# Search on ${report.collection}`, '',
    ...markdownTable(['', ''], [
      ['collection', `${report.collection}, split ${report.split}`],
      ['documents', `${whole(report.documents)}, ${whole(ingest.failed.length)} of them failed`],
      ['queries', `${whole(report.queries)}, ${whole(report.queriesWithoutRelevant)} of them without a relevant document`],
      ['commit', report.commit],
      ['date', report.date],
      ['machine', report.machine],
    ]),
  ];
}

function resultsSection({ results }: EvaluationReport): string[] {
  const rows = results.map(({ configuration, metrics, latencyMs }) => [
    configuration.name, ...shownMetrics.map((metric) => score(metrics[metric])), `${latencyMs.p50.toFixed(0)} ms`, `${latencyMs.p95.toFixed(0)} ms`,
  ]);
  return [
    '', '## Configurations', '',
    ...markdownTable(['configuration', ...shownMetrics.map((metric) => metricTitles[metric]), 'p50', 'p95'], rows),
  ];
}

/** Every configuration against the one that the service uses by default, on the same queries. */
function withinSection(results: readonly ConfigurationResult[]): string[] {
  const baseline = results.find(({ configuration }) => configuration.name === baselineOf(results.map((result) => result.configuration.name)));
  const others = results.filter((result) => result !== baseline);
  if (baseline === undefined || others.length === 0) return [];
  const before = new Map(baseline.queries.map(({ id, metrics }) => [id, metrics.ndcg10]));
  const rows = others.map(({ configuration, queries }) => {
    const pairs = queries.map(({ id, metrics }) => ({ queryId: id, before: before.get(id) ?? 0, after: metrics.ndcg10 }));
    const { difference, interval: range, pValue, wins, losses, ties } = compareScores(pairs);
    return [configuration.name, signed(difference), interval(range), probability(pValue), String(wins), String(losses), String(ties)];
  });
  return [
    '', `## Against ${baseline.configuration.name}`, '', `nDCG@10 on the same queries; a win is a query that does better than with ${escaped(baseline.configuration.name)}.`, '',
    ...markdownTable(['configuration', 'difference', '95 %', 'p', 'wins', 'losses', 'ties'], rows),
  ];
}

function choiceSection(choice: CrossValidatedChoice): string[] {
  const held = choice.perCollection.map(({ name, againstBaseline: scores }) => [name, ...comparisonCells(scores)]);
  const folds = choice.perFold.map((fold, index) => [String(index + 1), fold.configuration, score(fold.trainingScore), score(fold.heldOutScore)]);
  return [
    '', '## Choice', '',
    `By nDCG@10 the best on all queries is **${escaped(choice.chosen)}** with ${score(choice.scoreOnAll)}, which flatters it, since the same queries chose it. ` +
      `Chosen on all folds but one and measured on that one (${choice.folds} folds, seed ${choice.seed}), the choice reaches **${score(choice.heldOutScore)}**.`, '',
    ...markdownTable(['held out', choice.baseline, 'choice', 'difference', '95 %', 'p', 'wins', 'losses', 'ties'], held), '',
    ...markdownTable(['fold', 'picked on the others', 'there', 'held out'], folds),
  ];
}

function comparisonSection(comparison: RunComparison, texts: ReadonlyMap<string, string>): string[] {
  const { against, cautions, onlyBefore, onlyNow } = comparison;
  return [
    '', '## Against the saved run', '',
    `Saved ${against.date} at commit ${escaped(against.commit)} on ${escaped(against.machine)}; its rankings are scored by the judgements of today. ` +
      'p is of a paired randomisation test with 10,000 permutations, the interval of a paired bootstrap.',
    ...cautions.flatMap((caution) => ['', `**Caution:** ${escaped(caution)}`]),
    ...(onlyBefore.length === 0 ? [] : ['', `Only in the saved run: ${onlyBefore.map(escaped).join(', ')}.`]),
    ...(onlyNow.length === 0 ? [] : ['', `Only in this run: ${onlyNow.map(escaped).join(', ')}.`]),
    ...comparison.configurations.flatMap((configuration) => configurationSection(configuration, texts)),
  ];
}

function configurationSection({ name, metrics }: ConfigurationComparison, texts: ReadonlyMap<string, string>): string[] {
  const rows = shownMetrics.map((metric) => [metricTitles[metric], ...comparisonCells(metrics[metric])]);
  const moved = shownMetrics.flatMap((metric) =>
    metrics[metric].moved.map(({ queryId, before, after }) => [metricTitles[metric], queryId, texts.get(queryId) ?? '', score(before), score(after), signed(after - before)]),
  );
  return [
    '', `### ${escaped(name)}`, '',
    ...markdownTable(['metric', 'before', 'now', 'difference', '95 %', 'p', 'wins', 'losses', 'ties'], rows), '',
    ...(moved.length === 0 ? ['No query moved.'] : ['Queries that moved most:', '', ...markdownTable(['metric', 'query', 'text', 'before', 'now', 'difference'], moved)]),
  ];
}

function floorsSection(belowFloor: readonly string[] | undefined): string[] {
  if (belowFloor === undefined) return [];
  return ['', '## Floors', '', ...(belowFloor.length === 0 ? ['All are held.'] : belowFloor.map((sentence) => `- ${escaped(sentence)}`))];
}

function markdownTable(head: readonly string[], rows: readonly (readonly string[])[]): string[] {
  const line = (cells: readonly string[]): string => `| ${cells.map(escaped).join(' | ')} |`;
  return [line(head), `|${head.map(() => '---').join('|')}|`, ...rows.map(line)];
}

/** Text that came from a collection must not end a cell, nor be read as markup. */
function escaped(text: string): string {
  const oneLine = text.replace(/\s+/g, ' ').trim();
  const cut = oneLine.length > longestText ? `${oneLine.slice(0, longestText)} …` : oneLine;
  return cut.replace(/[\\|`*_]|<(?=[a-z/!?])|\](?=[([:])/gi, (sign) => `\\${sign}`);
}
