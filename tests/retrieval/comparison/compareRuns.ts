import type { JudgedQuery } from '../beirCollection.ts';
import { metricNames, queryMetrics } from '../metrics.ts';
import type { MetricName, QueryMetrics } from '../metrics.ts';
import type { ConfigurationResult } from '../searchQueries.ts';
import { compareScores } from './compareScores.ts';
import type { ScoreComparison } from './compareScores.ts';
import type { Sampling } from './significance.ts';
import type { RunOrigin, SavedRun } from './savedRun.ts';

export interface ConfigurationComparison {
  readonly name: string;
  /** Queries that both runs answered. */
  readonly queries: number;
  readonly metrics: Readonly<Record<MetricName, ScoreComparison>>;
}

export interface RunComparison {
  readonly against: RunOrigin;
  /** Sentences on what makes the two runs less than comparable. */
  readonly cautions: readonly string[];
  readonly configurations: readonly ConfigurationComparison[];
  /** Names of configurations that one of the runs does not have. */
  readonly onlyBefore: readonly string[];
  readonly onlyNow: readonly string[];
}

export interface CurrentRun {
  readonly origin: RunOrigin;
  readonly queries: readonly JudgedQuery[];
  readonly results: readonly ConfigurationResult[];
}

/**
 * Compares a run with a saved one, configuration by configuration of the same name. The saved rankings are scored anew by
 * today's judgements, so that a corrected judgement is no win. Throws what `checkComparable` throws.
 */
export function compareRuns(saved: SavedRun, current: CurrentRun, sampling: Sampling): RunComparison {
  const { configurations: before, ...against } = saved;
  checkComparable(saved, current.origin.collection, current.results.map(({ configuration }) => configuration.name));
  const names = new Set(before.map(({ configuration }) => configuration.name));
  const both = current.results.filter(({ configuration }) => names.has(configuration.name));
  const judged = new Map(current.queries.map((query) => [query.id, query]));
  const configurations = both.map((result) => compareConfiguration(rankingsOf(saved, result.configuration.name), result, judged, sampling));
  return {
    against, configurations,
    cautions: cautionsOf(against, current.origin, configurations, current.queries.length),
    onlyBefore: [...names].filter((name) => !both.some(({ configuration }) => configuration.name === name)),
    onlyNow: current.results.map(({ configuration }) => configuration.name).filter((name) => !names.has(name)),
  };
}

/** Throws an Error where a run of these configurations on this collection has nothing to be compared with: to be asked before measuring. */
export function checkComparable({ collection, configurations }: SavedRun, ofCollection: string, names: readonly string[]): void {
  if (collection !== ofCollection) throw new Error(`The saved run is of the collection ${collection}, not of ${ofCollection}.`);
  const saved = configurations.map(({ configuration }) => configuration.name);
  if (!names.some((name) => saved.includes(name))) throw new Error(`The saved run and this one have no configuration in common: it has ${saved.join(', ')}.`);
}

function rankingsOf(saved: SavedRun, name: string): Map<string, readonly string[]> {
  const queries = saved.configurations.find(({ configuration }) => configuration.name === name)?.queries ?? [];
  return new Map(queries.map(({ id, ranking }) => [id, ranking]));
}

function compareConfiguration(before: ReadonlyMap<string, readonly string[]>, after: ConfigurationResult, judged: ReadonlyMap<string, JudgedQuery>, sampling: Sampling): ConfigurationComparison {
  const pairs = after.queries.flatMap(({ id, metrics }) => {
    const [ranking, query] = [before.get(id), judged.get(id)];
    return ranking === undefined || query === undefined ? [] : [{ queryId: id, before: queryMetrics(ranking, query.judgements), after: metrics }];
  });
  const comparisons = metricNames.map((metric) => [metric, compareScores(pairs.map((pair) => scoresOf(pair, metric)), sampling)] as const);
  return { name: after.configuration.name, queries: pairs.length, metrics: Object.fromEntries(comparisons) as ConfigurationComparison['metrics'] };
}

function scoresOf(pair: { readonly queryId: string; readonly before: QueryMetrics; readonly after: QueryMetrics }, metric: MetricName) {
  return { queryId: pair.queryId, before: pair.before[metric], after: pair.after[metric] };
}

function cautionsOf(before: RunOrigin, now: RunOrigin, configurations: readonly ConfigurationComparison[], queries: number): string[] {
  const fewest = Math.min(...configurations.map((configuration) => configuration.queries));
  return [
    ...(before.split === now.split ? [] : [`The saved run is of the split ${before.split}, this one of ${now.split}.`]),
    ...(before.documents === now.documents ? [] : [`The saved run searched ${before.documents} documents, this one ${now.documents}.`]),
    ...(fewest === queries ? [] : [`Only ${fewest} of ${queries} queries are in both runs; the others are left out.`]),
  ];
}
