import { forEachConcurrently } from '../../src/cli/forEachConcurrently.ts';
import type { JudgedQuery } from './beirCollection.ts';
import type { SearchConfiguration } from './configurations/configuration.ts';
import type { SearchWith } from './configurations/searchWith.ts';
import { meanMetrics, orderTies, percentile, queryMetrics } from './metrics.ts';
import type { QueryMetrics } from './metrics.ts';

export interface QueryResult {
  readonly id: string;
  /** The collection's own ids, at most 100, best first, the query itself left out. */
  readonly ranking: readonly string[];
  readonly metrics: QueryMetrics;
  readonly latencyMs: number;
}

export interface ConfigurationResult {
  readonly configuration: SearchConfiguration;
  /** Means over all queries. */
  readonly metrics: QueryMetrics;
  /** Milliseconds of a whole search as the client sees it, under the concurrency of the run. */
  readonly latencyMs: { readonly p50: number; readonly p95: number };
  /** In the order of the collection. */
  readonly queries: readonly QueryResult[];
}

export interface SearchRun {
  readonly configuration: SearchConfiguration;
  readonly queries: readonly JudgedQuery[];
  /** The collection's own id by document id. */
  readonly idOf: ReadonlyMap<string, string>;
  readonly concurrency: number;
}

/** Runs every query in one configuration, one passage a document, and measures the documents in the order they are answered. */
export async function searchQueries(searchWith: SearchWith, run: SearchRun): Promise<ConfigurationResult> {
  const measured = new Map<string, QueryResult>();
  await forEachConcurrently(run.queries, run.concurrency, async (query) => {
    measured.set(query.id, await searchQuery(searchWith, query, run));
  });
  const queries = run.queries.flatMap(({ id }) => measured.get(id) ?? []);
  const latencies = queries.map(({ latencyMs }) => latencyMs);
  return {
    configuration: run.configuration, metrics: meanMetrics(queries.map(({ metrics }) => metrics)), queries,
    latencyMs: { p50: percentile(latencies, 0.5), p95: percentile(latencies, 0.95) },
  };
}

async function searchQuery(searchWith: SearchWith, { id, text, judgements }: JudgedQuery, { configuration, idOf }: SearchRun): Promise<QueryResult> {
  const started = performance.now();
  const results = await searchWith(text, configuration);
  const latencyMs = performance.now() - started;
  // A document that is not of this collection (a tenant used before) is unjudged, but keeps its place.
  const answered = results.map(({ document, score }) => ({ id: idOf.get(document.id) ?? document.id, score }));
  // As BEIR does: where queries are documents themselves, a query finding itself says nothing.
  const ranking = orderTies(answered).filter((found) => found !== id);
  return { id, ranking, metrics: queryMetrics(ranking, judgements), latencyMs };
}
