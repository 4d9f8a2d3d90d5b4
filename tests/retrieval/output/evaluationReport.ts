import type { SearchMode } from '../../../src/contracts/search.ts';
import type { Split } from '../beirCollection.ts';
import type { RunComparison } from '../comparison/compareRuns.ts';
import type { CrossValidatedChoice } from '../comparison/crossValidation.ts';
import type { IngestedCollection } from '../ingestCollection.ts';
import { metricNames } from '../metrics.ts';
import type { MetricName, QueryMetrics } from '../metrics.ts';
import type { ConfigurationResult } from '../searchQueries.ts';

export interface EvaluationReport {
  readonly collection: string;
  readonly split: Split;
  readonly tenant: string;
  readonly date: string;
  readonly commit: string;
  readonly machine: string;
  readonly documents: number;
  readonly queries: number;
  /** Judged queries for which no document is relevant: they count as 0 everywhere, as in trec_eval. */
  readonly queriesWithoutRelevant: number;
  readonly results: readonly ConfigurationResult[];
  readonly ingest: Omit<IngestedCollection, 'idOf'> & { readonly documentsPerSecond: number };
  readonly choice?: CrossValidatedChoice;
  readonly comparison?: RunComparison;
  /** Of the smoke set: what is below its floor; empty where all is well. */
  readonly belowFloor?: readonly string[];
}

type PlainResult = QueryMetrics & Pick<ConfigurationResult, 'latencyMs'>;

/** What `--json` writes: the report without rankings, and the plain modes by name. */
export function reportJson({ results, ...report }: EvaluationReport): object {
  const plain = results.filter(({ configuration: { name, mode } }) => name === mode);
  const modes: Partial<Record<SearchMode, PlainResult>> = Object.fromEntries(plain.map(({ configuration, metrics, latencyMs }) => [configuration.mode, { ...metrics, latencyMs }]));
  return { ...report, modes, configurations: results.map(({ configuration, metrics, latencyMs }) => ({ ...configuration, metrics, latencyMs })) };
}

/** Metrics as both reports show them, in their order. */
export const shownMetrics: readonly MetricName[] = metricNames;
