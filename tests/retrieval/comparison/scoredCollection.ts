import type { MetricName } from '../metrics.ts';
import type { ScoredCollection } from './crossValidation.ts';

/** What was measured of one query in one configuration, here or in a saved run. */
export interface MeasuredConfiguration {
  readonly configuration: { readonly name: string };
  readonly queries: readonly { readonly id: string; readonly metrics: Readonly<Record<MetricName, number>> }[];
}

/** One metric of a run, as cross-validation takes it. */
export function scoredCollection(name: string, results: readonly MeasuredConfiguration[], metric: MetricName): ScoredCollection {
  return { name, scores: new Map(results.map(({ configuration, queries }) => [configuration.name, new Map(queries.map(({ id, metrics }) => [id, metrics[metric]]))])) };
}

/** What a choice is compared with: hybrid as the service is configured, else the first configuration. */
export function baselineOf(names: readonly string[]): string {
  return names.includes('hybrid') ? 'hybrid' : (names[0] ?? '');
}
