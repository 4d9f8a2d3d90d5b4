import type { SearchMode } from '../../src/contracts/search.ts';
import type { CatalystClient } from '../../src/sdk/client.ts';
import { forEachConcurrently } from '../../src/cli/forEachConcurrently.ts';
import type { JudgedQuery } from './beirCollection.ts';
import { meanMetrics, percentile, queryMetrics } from './metrics.ts';
import type { QueryMetrics } from './metrics.ts';

export interface ModeResult extends QueryMetrics {
  /** Milliseconds of a whole search as the client sees it, under the concurrency of the run. */
  readonly latencyMs: { readonly p50: number; readonly p95: number };
}

export interface SearchRun {
  readonly mode: SearchMode;
  readonly queries: readonly JudgedQuery[];
  /** The collection's own id by document id. */
  readonly idOf: ReadonlyMap<string, string>;
  readonly concurrency: number;
}

const longestQuery = 4000;

/** Runs every query in one mode, one passage a document, and measures the documents in the order they are answered. */
export async function searchQueries(client: CatalystClient, run: SearchRun): Promise<ModeResult> {
  const metrics: QueryMetrics[] = [];
  const latencies: number[] = [];
  await forEachConcurrently(run.queries, run.concurrency, async ({ id, text, judgements }) => {
    const started = performance.now();
    const { results } = await client.search({ query: text.slice(0, longestQuery), mode: run.mode, limit: 100, passagesPerDocument: 1 });
    latencies.push(performance.now() - started);
    // A document that is not of this collection (a tenant used before) is unjudged, but keeps its place.
    const ranking = results.map(({ document }) => run.idOf.get(document.id) ?? document.id);
    // As BEIR does: where queries are documents themselves, a query finding itself says nothing.
    metrics.push(queryMetrics(ranking.filter((found) => found !== id), judgements));
  });
  return { ...meanMetrics(metrics), latencyMs: { p50: percentile(latencies, 0.5), p95: percentile(latencies, 0.95) } };
}
