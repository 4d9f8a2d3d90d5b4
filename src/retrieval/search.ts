import type { EventSink } from '../contracts/events.ts';
import type { Principal } from '../contracts/principal.ts';
import type { SearchRequest, SearchResponse, SearchResult } from '../contracts/search.ts';
import type { ChunkSearch } from '../ports/chunkSearch.ts';
import type { Embedder } from '../ports/embedder.ts';
import { collect } from './candidates.ts';
import type { AnalysedQuery } from './candidates.ts';
import { explain } from './explain.ts';
import { matchPassages, queryTerms } from './highlights.ts';
import type { QueryTerms } from './highlights.ts';
import { createPayloadCache } from './payloadCache.ts';
import { toResult } from './result.ts';
import type { Candidate } from './selection.ts';
import { defaultSearchSettings } from './settings.ts';
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
 * The read path: analyse and embed the query, ask both legs at once, fuse, choose, fetch the winners, mark the query's words.
 * Throws what its parts throw (INDEX_UNAVAILABLE, INDEX_REJECTED, EMBEDDER_*, INVALID_REQUEST): a leg that fails fails the
 * search, so that an outage never looks like few results.
 */
export function createSearch({ index, embedder, emit, settings = defaultSearchSettings }: SearchDependencies): Search {
  const payloads = createPayloadCache(settings.payloadCacheCharacters);
  return async (principal, request) => {
    const stopwatch = createStopwatch();
    const query = analyseQuery(embedder, request, stopwatch);
    const terms = queryTerms(request.query);
    const candidates = await collect({ index, settings, principal, request, query, payloads, stopwatch });
    const results = resultsOf(candidates, terms, request, settings);
    const tookMs = stopwatch.elapsed();
    const { embedMs, retrieveMs } = stopwatch.timings;
    emit({ type: 'search.finished', tenant: principal.tenant, mode: request.mode, results: results.length, latencyMs: tookMs, embedMs, retrieveMs });
    return { query: request.query, mode: request.mode, results, tookMs, timings: stopwatch.timings };
  };
}

function analyseQuery(embedder: Embedder, request: SearchRequest, stopwatch: Stopwatch): AnalysedQuery {
  // First the call that goes on in another thread, then the work of this one.
  const dense = request.mode === 'sparse' ? undefined : stopwatch.measureAsync('embedMs', () => embedder.embedQuery(request.query));
  const sparse = request.mode === 'dense' ? undefined : querySparseVector(request.query);
  return { ...(dense === undefined ? {} : { dense }), ...(sparse === undefined ? {} : { sparse }) };
}

function resultsOf(candidates: readonly Candidate[], terms: QueryTerms, request: SearchRequest, settings: SearchSettings): SearchResult[] {
  const fusion = request.mode === 'hybrid' ? settings.fusion : undefined;
  const matches = matchPassages(terms, candidates.map(({ payload }) => payload.chunk.text));
  return candidates.map((candidate, index) => {
    const matched = matches[index] ?? { highlights: [], terms: [] };
    const explanation = request.explain ? explain(candidate.hit, candidate.payload, matched.terms, fusion) : undefined;
    return toResult(candidate, index + 1, matched, explanation);
  });
}
