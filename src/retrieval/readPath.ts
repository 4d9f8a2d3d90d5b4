import type { EventSink } from '../contracts/events.ts';
import type { Principal } from '../contracts/principal.ts';
import type { DidYouMean } from '../contracts/queryAnalysis.ts';
import type { ReadFilters, RerankerName, SearchBoosts, SearchRequest, SearchResponse } from '../contracts/search.ts';
import type { ChunkSearch } from '../ports/chunkSearch.ts';
import type { Embedder } from '../ports/embedder.ts';
import type { SearchHistory } from '../ports/searchHistory.ts';
import type { TenantDepartures } from '../ports/tenantDepartures.ts';
import type { HeldLanguages } from './analysis/heldLanguages.ts';
import { prepareQuery } from './analysis/prepareQuery.ts';
import type { PreparedQuery } from './analysis/prepareQuery.ts';
import { resultsOf } from './answer/results.ts';
import { collect } from './candidates/collect.ts';
import type { AnalysedQuery, Collected } from './candidates/collect.ts';
import { createOrder } from './candidates/createOrder.ts';
import { createPayloadCache } from './candidates/payloadCache.ts';
import { mostShown, readCursor, ShownPassages, writeCursor } from './cursor.ts';
import { countFacets } from './facets.ts';
import { momentOf, timeText } from './moment.ts';
import { noTerms } from './highlights/highlights.ts';
import type { QueryTerms } from './highlights/highlights.ts';
import { chooseRerank } from './rerank/chooseRerank.ts';
import type { Rerankers } from './rerank/chooseRerank.ts';
import { searchSettingsFor } from './settings.ts';
import type { SearchSettings } from './settings.ts';
import type { SuggestSpelling } from './spelling/suggestSpelling.ts';
import { analysisLanguageOf, defaultLanguage } from './sparse/languages.ts';
import { createStopwatch } from './stopwatch.ts';
import type { Stopwatch } from './stopwatch.ts';
import { appliedOf, tenantDefaults } from './tenantSettings/tenantDefaults.ts';
import type { AppliedDefaults, TenantDefaults, TenantDefaultsSources } from './tenantSettings/tenantDefaults.ts';
import { weighVector } from './termWeights/weighVector.ts';

export interface ReadPathDependencies extends TenantDefaultsSources {
  readonly index: ChunkSearch;
  readonly embedder: Embedder;
  readonly emit: EventSink;
  readonly settings?: SearchSettings | undefined;
  /** Without it no search is as of an earlier time. */
  readonly history?: SearchHistory | undefined;
  /** Without it no search is reranked by a model. */
  readonly modelReranker?: Rerankers['model'];
  /** Languages of what the caller may see; without it queries are read in their own language or English. */
  readonly heldLanguages?: HeldLanguages | undefined;
  /** Without it no spellings are offered. */
  readonly suggestSpelling?: SuggestSpelling | undefined;
  /** Without it payloads of a deleted tenant stay in memory until others push them out. */
  readonly departures?: TenantDepartures | undefined;
}

/** An answer, and what led to it. */
export interface Found {
  readonly response: SearchResponse;
  readonly collected: Collected;
  readonly settings: SearchSettings;
  /** What was looked for in the passages; synonyms included. */
  readonly terms: QueryTerms;
  /** What the terms weigh in the sparse leg; empty for a search that was not made of words. */
  readonly weights: ReadonlyMap<string, number>;
  readonly applied: AppliedDefaults;
  /** What the legs were asked for. */
  readonly query: AnalysedQuery;
  readonly rerank: RerankerName;
  /** Synonyms of the tenant that acted. */
  readonly synonyms: readonly unknown[];
}

/** What a search does not find out for itself. */
export interface Given {
  /** The time that it is as of, in milliseconds since 1970, whatever the request says, and however far back history reaches. */
  readonly moment: number;
  /** What the legs are asked for, and what counts besides the text, when a search is made once more. */
  readonly again?: { readonly query: AnalysedQuery; readonly boosts: SearchBoosts };
}

/** A search by vectors that are there already. */
export interface VectorSearch {
  readonly query: AnalysedQuery;
  readonly request: Omit<SearchRequest, 'query' | 'cursor' | 'rerank'>;
  readonly excludedDocuments: readonly string[];
  /** Milliseconds since 1970, where it is as of a time. */
  readonly moment?: number | undefined;
}

/**
 * The read path: analyse and embed the query, ask both legs at once, fuse, fetch the best, rerank, boost, choose, mark the
 * query's words. Throws what its parts throw (INDEX_UNAVAILABLE, INDEX_REJECTED, EMBEDDER_*, INVALID_REQUEST): where a part
 * fails, another stands in and the answer is `degraded`, or the search fails. An outage never looks like few results.
 */
export interface ReadPath {
  query(principal: Principal, request: SearchRequest, settings?: SearchSettings, given?: Given): Promise<Found>;
  /** See moment.ts. */
  momentOf(principal: Principal, request: Pick<SearchRequest, 'asOf'>): Promise<number | undefined>;
  vectors(principal: Principal, search: VectorSearch): Promise<Found>;
  readonly settings: SearchSettings;
}

export function createReadPath(dependencies: ReadPathDependencies): ReadPath {
  const { index, embedder, settings: own = searchSettingsFor(embedder.contract) } = dependencies;
  const payloads = createPayloadCache(own.payloadCacheCharacters, dependencies.departures);
  const findMoment = (principal: Principal, { asOf }: Pick<SearchRequest, 'asOf'>) => momentOf(dependencies.history, principal, asOf);
  return {
    settings: own,
    momentOf: findMoment,

    async query(principal, request, settings = own, given = undefined) {
      const stopwatch = createStopwatch();
      const shown = readCursor(principal, request);
      // First the call that goes on in another thread, then the work of this one.
      const dense = request.mode === 'sparse' ? undefined : (given?.again?.query.dense ?? stopwatch.measureAsync('embedMs', () => embedder.embedQuery(request.query, principal.tenant)));
      const [{ prepared, defaults }, moment] = await Promise.all([prepare(dependencies, principal, request, dense), given?.moment ?? findMoment(principal, request)]);
      const { terms, weights, analysis } = prepared;
      const applied = appliedOf(defaults, request, analysis.termWeights);
      const boosts = given?.again?.boosts ?? applied.boosts;
      const rerank = chooseRerank({ embedder, model: dependencies.modelReranker }, principal, request, settings, defaults.settings.rerank);
      const query = { ...(dense === undefined ? {} : { dense }), ...(request.mode === 'dense' ? {} : { sparse: given?.again?.query.sparse ?? prepared.sparse }) };
      const order = createOrder({ boosts, query: request.query, rerank, poolSize: settings.poolSize, stopwatch, moment });
      const narrowed = { ...request, filters: filtersAsOf(request, moment) };
      // Beside the legs: facets need nothing of the query.
      const [collected, counted] = await Promise.all([collect({ index, settings, principal, request: narrowed, query, shown, payloads, stopwatch, ...order }), countFacets(index, principal, narrowed)]);
      const { results, matchedTerms } = resultsOf(collected, { shown, terms, request, settings });
      const didYouMean = request.spelling ? await spelling(dependencies, principal, request.query, matchedTerms, prepared) : undefined;
      const answer = {
        query: request.query, mode: request.mode, results, nextCursor: nextCursor(principal, request, shown, collected), ...degradation(defaults, collected, counted), ...asOfText(moment),
        ...(counted.facets === undefined ? {} : { facets: counted.facets }), ...(request.explain ? { analysis } : {}), ...(didYouMean === undefined ? {} : { didYouMean }),
      };
      return { response: finish(dependencies, principal, answer, stopwatch), collected, settings, terms, weights, applied: { ...applied, boosts }, query, rerank: rerank?.name ?? 'none', synonyms: analysis.synonyms };
    },

    async vectors(principal, { query, request, excludedDocuments, moment }) {
      const stopwatch = createStopwatch();
      const shown = new ShownPassages();
      const { query: weighed, defaults } = await prepareVectors(dependencies, principal, request, query);
      const applied = appliedOf(defaults, request, []);
      const order = createOrder({ boosts: applied.boosts, query: '', poolSize: own.poolSize, stopwatch, moment });
      const narrowed = { ...request, filters: filtersAsOf(request, moment) };
      const collected = await collect({ index, settings: own, principal, request: narrowed, query: weighed, shown, payloads, stopwatch, excludedDocuments, ...order });
      const { results } = resultsOf(collected, { shown, terms: noTerms, request, settings: own });
      const answer = { query: '', mode: request.mode, results, nextCursor: null, ...degradation(defaults, collected), ...asOfText(moment) };
      return { response: finish(dependencies, principal, answer, stopwatch), collected, settings: own, terms: noTerms, weights: new Map(), applied, query: weighed, rerank: 'none', synonyms: [] };
    },
  };
}

function finish({ emit }: ReadPathDependencies, principal: Principal, response: Omit<SearchResponse, 'tookMs' | 'timings'>, stopwatch: Stopwatch): SearchResponse {
  const { timings } = stopwatch;
  const tookMs = stopwatch.elapsed();
  const { embedMs, retrieveMs } = timings;
  emit({ type: 'search.finished', tenant: principal.tenant, mode: response.mode, results: response.results.length, latencyMs: tookMs, embedMs, retrieveMs });
  return { ...response, tookMs, timings };
}

/** The filters themselves where it is of now: what searches send to the index does not change. */
function filtersAsOf({ filters }: Pick<SearchRequest, 'filters'>, moment: number | undefined): ReadFilters {
  return moment === undefined ? filters : { ...filters, asOf: moment };
}

function asOfText(moment: number | undefined): Pick<SearchResponse, 'asOf'> {
  return moment === undefined ? {} : { asOf: timeText(moment) };
}

interface Prepared {
  readonly prepared: PreparedQuery;
  readonly defaults: TenantDefaults;
}

/** Analysis by what is known of the tenant; what cannot be had in time is done without. */
async function prepare(dependencies: ReadPathDependencies, principal: Principal, request: SearchRequest, dense: Promise<Float32Array> | undefined): Promise<Prepared> {
  // Waited for later: until then a failure must not count as unhandled.
  dense?.catch(() => undefined);
  const [held, defaults] = await Promise.all([dependencies.heldLanguages?.(principal), tenantDefaults(dependencies, principal, request)]);
  const { synonyms, settings } = defaults;
  return { prepared: prepareQuery(request.query, { language: request.language, held, synonyms, termWeights: settings.termWeights }), defaults };
}

/** Vectors of documents hold no synonyms of theirs; their terms weigh what they would in a query. */
async function prepareVectors({ heldLanguages, searchSettings }: ReadPathDependencies, principal: Principal, request: VectorSearch['request'], { sparse, ...rest }: AnalysedQuery): Promise<{ readonly query: AnalysedQuery; readonly defaults: TenantDefaults }> {
  const [held = [], defaults] = await Promise.all([heldLanguages?.(principal), tenantDefaults({ searchSettings }, principal, request)]);
  return { query: sparse === undefined ? rest : { ...rest, sparse: weighVector(sparse, defaults.settings.termWeights, [defaultLanguage, ...held.map(analysisLanguageOf)]) }, defaults };
}

/** Other spellings are a help, not an answer: where they cannot be had, there are none. */
async function spelling({ suggestSpelling }: ReadPathDependencies, principal: Principal, query: string, matchedTerms: ReadonlySet<string>, { languages }: PreparedQuery): Promise<DidYouMean | null> {
  if (suggestSpelling === undefined) return null;
  return suggestSpelling(principal, query, matchedTerms, languages).catch(() => null);
}

function degradation(...parts: readonly Pick<Collected, 'degradations'>[]): Pick<SearchResponse, 'degraded' | 'degradations'> {
  const degradations = parts.flatMap((part) => part.degradations);
  return { degraded: degradations.length > 0, degradations };
}

/** Null where fewer results came than were asked for, and where a cursor would grow without bound. */
function nextCursor(principal: Principal, request: SearchRequest, shown: ShownPassages, { selected }: Collected): string | null {
  if (selected.length < request.limit) return null;
  const payloads = selected.flatMap(({ candidate, neighbours, passages, duplicates }) => [candidate, ...neighbours, ...passages, ...duplicates].map(({ payload }) => payload));
  const next = shown.with(payloads, selected.length);
  return next.size > mostShown ? null : writeCursor(principal, request, next);
}
