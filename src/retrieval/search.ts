import type { EventSink } from '../contracts/events.ts';
import type { Principal } from '../contracts/principal.ts';
import type { SearchRequest, SearchResponse, SearchResult } from '../contracts/search.ts';
import type { ChunkSearch } from '../ports/chunkSearch.ts';
import type { Embedder } from '../ports/embedder.ts';
import { explain } from './answer/explain.ts';
import { passageOf, toResult } from './answer/result.ts';
import { collect } from './candidates/collect.ts';
import type { AnalysedQuery, Collected } from './candidates/collect.ts';
import { createOrder } from './candidates/createOrder.ts';
import { createPayloadCache } from './candidates/payloadCache.ts';
import { mostShown, readCursor, writeCursor } from './cursor.ts';
import type { ShownPassages } from './cursor.ts';
import { matchPassages, queryTerms } from './highlights/highlights.ts';
import type { QueryTerms } from './highlights/highlights.ts';
import { searchSettingsFor } from './settings.ts';
import type { SearchSettings } from './settings.ts';
import { querySparseVector } from './sparse/sparseVector.ts';
import { createStopwatch } from './stopwatch.ts';
import type { Stopwatch } from './stopwatch.ts';

export interface SearchDependencies {
  readonly index: ChunkSearch;
  readonly embedder: Embedder;
  readonly emit: EventSink;
  readonly settings?: SearchSettings | undefined;
}

export type Search = (principal: Principal, request: SearchRequest) => Promise<SearchResponse>;

/**
 * The read path: analyse and embed the query, ask both legs at once, fuse, fetch the best, rerank, boost, choose, mark the
 * query's words. Throws what its parts throw (INDEX_UNAVAILABLE, INDEX_REJECTED, EMBEDDER_*, INVALID_REQUEST): where a part
 * fails, another stands in and the answer is `degraded`, or the search fails. An outage never looks like few results.
 */
export function createSearch({ index, embedder, emit, settings = searchSettingsFor(embedder.contract) }: SearchDependencies): Search {
  const payloads = createPayloadCache(settings.payloadCacheCharacters);
  return async (principal, request) => {
    const stopwatch = createStopwatch();
    const shown = readCursor(principal, request);
    const query = analyseQuery(embedder, request, stopwatch);
    const terms = queryTerms(request.query);
    const order = createOrder({ boosts: request.boosts ?? {}, query: request.query, rerank: undefined, stopwatch });
    const collected = await collect({ index, settings, principal, request, query, shown, payloads, stopwatch, ...order });
    const response = {
      query: request.query,
      mode: request.mode,
      results: resultsOf(collected, shown, terms, request, settings),
      nextCursor: nextCursor(principal, request, shown, collected),
      degraded: collected.degradations.length > 0,
      degradations: [...collected.degradations],
      tookMs: stopwatch.elapsed(),
      timings: stopwatch.timings,
    };
    const { embedMs, retrieveMs } = stopwatch.timings;
    emit({ type: 'search.finished', tenant: principal.tenant, mode: request.mode, results: response.results.length, latencyMs: response.tookMs, embedMs, retrieveMs });
    return response;
  };
}

function analyseQuery(embedder: Embedder, request: SearchRequest, stopwatch: Stopwatch): AnalysedQuery {
  // First the call that goes on in another thread, then the work of this one.
  const dense = request.mode === 'sparse' ? undefined : stopwatch.measureAsync('embedMs', () => embedder.embedQuery(request.query));
  const sparse = request.mode === 'dense' ? undefined : querySparseVector(request.query);
  return { ...(dense === undefined ? {} : { dense }), ...(sparse === undefined ? {} : { sparse }) };
}

function resultsOf({ selected, degradations }: Collected, shown: ShownPassages, terms: QueryTerms, request: SearchRequest, settings: SearchSettings): SearchResult[] {
  const isFused = request.mode === 'hybrid' && degradations.every(({ part }) => part === 'rerank');
  const passages = selected.map(passageOf);
  const matches = matchPassages(terms, passages.map(({ text }) => text));
  return selected.map((result, index) => {
    const matched = matches[index] ?? { highlights: [], sentences: [], terms: [] };
    const explanation = request.explain ? explain(result, matched.terms, isFused ? settings.fusion : undefined) : undefined;
    return toResult(result, shown.results + index + 1, passages[index]!, matched, explanation);
  });
}

/** Null where fewer results came than were asked for, and where a cursor would grow without bound. */
function nextCursor(principal: Principal, request: SearchRequest, shown: ShownPassages, { selected }: Collected): string | null {
  if (selected.length < request.limit) return null;
  const payloads = selected.flatMap(({ candidate, neighbours, passages, duplicates }) => [candidate, ...neighbours, ...passages, ...duplicates].map(({ payload }) => payload));
  const next = shown.with(payloads, selected.length);
  return next.size > mostShown ? null : writeCursor(principal, request, next);
}
