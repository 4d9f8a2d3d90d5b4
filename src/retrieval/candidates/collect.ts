import type { Principal } from '../../contracts/principal.ts';
import type { ReadFilters, SearchRequest } from '../../contracts/search.ts';
import type { ChunkSearch } from '../../ports/chunkSearch.ts';
import type { ChunkPayload, SparseVector } from '../../ports/vectorIndex.ts';
import type { ShownPassages } from '../cursor.ts';
import { fuse } from '../fusion/fuse.ts';
import type { FusedHit, Legs } from '../fusion/fuse.ts';
import { askLegs, degradationOf } from '../legs/askLegs.ts';
import type { Degradation } from '../legs/askLegs.ts';
import { mergeLegs } from '../legs/mergeLegs.ts';
import { withinBudget } from '../legs/withinBudget.ts';
import { saturatedDocuments, select } from '../selection/select.ts';
import type { Selection } from '../selection/select.ts';
import type { SearchSettings } from '../settings.ts';
import type { Stopwatch } from '../stopwatch.ts';
import type { Candidate } from './candidate.ts';
import type { PayloadCache } from './payloadCache.ts';

export interface Collecting {
  readonly index: ChunkSearch;
  readonly settings: SearchSettings;
  readonly principal: Principal;
  /** As of a time, that is among the filters. */
  readonly request: Omit<SearchRequest, 'query' | 'cursor' | 'rerank' | 'filters'> & { readonly filters: ReadFilters };
  readonly query: AnalysedQuery;
  readonly shown: ShownPassages;
  /** Documents that are not wanted at all. */
  readonly excludedDocuments?: readonly string[];
  readonly payloads: PayloadCache;
  readonly stopwatch: Stopwatch;
  /** Candidates whose payloads `order` looks at, so that more of them are fetched than will be shown; 0 where it looks at none. */
  readonly pool: number;
  /** The version of the codes of tokens that `order` compares, if it does. */
  readonly tokenCodesOf?: string | undefined;
  /** Boosts and reranking. */
  readonly order: (candidates: readonly Candidate[]) => Promise<Ordered>;
}

export interface Ordered {
  readonly candidates: readonly Candidate[];
  readonly degradations: readonly Degradation[];
}

export interface AnalysedQuery {
  /** Under way in another thread while the terms are analysed. */
  readonly dense?: Promise<Float32Array>;
  readonly sparse?: SparseVector;
}

export interface Collected extends Selection {
  /** All candidates whose payload was fetched, in their final order. */
  readonly candidates: readonly Candidate[];
  readonly legs: Legs;
  readonly fused: readonly FusedHit[];
  readonly degradations: readonly Degradation[];
  readonly rounds: number;
}

/** Payloads asked for beyond the limit, so that a few passages too many of one document seldom cost another round. */
const spare = 4;
/** The deepest that a leg is asked for: what cursors can reach. */
const mostDepth = 3000;

/**
 * The winners of a search, best first. Two round trips as a rule: the legs, then the winners' payloads. The legs are asked
 * again, without the documents that have given all they may, where the list would stay short; and where points vanished
 * between the two trips, since then a document has just changed and its new version is to be found.
 */
export async function collect(collecting: Collecting): Promise<Collected> {
  const { settings, request, shown, stopwatch } = collecting;
  const wanted = request.limit + shown.size + spare;
  const depth = Math.min(mostDepth, Math.max(settings.legDepth, 3 * wanted));
  const known = new Map<string, ChunkPayload>();
  const { query, degradations } = await embedded(collecting);
  const excluded = collecting.excludedDocuments ?? [];
  let latest = await queryLegs(collecting, query, depth, excluded);
  degradations.push(...latest.degradations);
  let legs = latest.legs;
  for (let round = 1; ; round += 1) {
    const fused = stopwatch.measure('fuseMs', () => fuse(legs, settings.fusion, depth));
    const unknown = fused.filter(({ id }) => !known.has(id));
    const asked = unknown.slice(0, Math.max(collecting.pool, wanted) * round);
    const vanished = await fetchPayloads(collecting, asked, known);
    const ordered = await collecting.order(candidatesOf(fused, known));
    const selection = select(ordered.candidates, request, shown);
    const exhausted = asked.length === unknown.length && isExhausted(latest.legs, depth);
    const complete = selection.selected.length === request.limit || exhausted;
    if ((complete && !vanished) || round === settings.maximumRounds) {
      return { ...selection, candidates: ordered.candidates, legs, fused, degradations: [...degradations, ...ordered.degradations], rounds: round };
    }
    const saturated = saturatedDocuments(selection.selected, request.passagesPerDocument, shown);
    const kept = ordered.candidates.filter(({ payload }) => saturated.has(payload.document)).map(({ hit }) => hit.id);
    latest = await queryLegs(collecting, query, depth, [...excluded, ...saturated]);
    legs = mergeLegs(legs, new Set(kept), latest.legs);
  }
}

interface EmbeddedQuery {
  readonly dense?: Float32Array;
  readonly sparse?: SparseVector;
}

/** Waits for the query's embedding; one that fails or takes too long is done without where there are terms to search by. */
async function embedded({ query, settings }: Collecting): Promise<{ readonly query: EmbeddedQuery; readonly degradations: Degradation[] }> {
  const { dense, sparse } = query;
  const terms = sparse === undefined ? {} : { sparse };
  if (dense === undefined) return { query: terms, degradations: [] };
  try {
    const vector = await withinBudget(dense, settings.budgets.embedMs, 'EMBEDDER_UNAVAILABLE', 'The embedding of the query');
    return { query: { dense: vector, ...terms }, degradations: [] };
  } catch (thrown) {
    if (sparse === undefined || sparse.indices.length === 0) throw thrown;
    return { query: terms, degradations: [degradationOf('dense', thrown)] };
  }
}

async function queryLegs({ index, principal, request, stopwatch }: Collecting, { dense, sparse }: EmbeddedQuery, limit: number, excludedDocuments: readonly string[]) {
  // A query of stop words alone has no terms: no passage matches it, and there is nothing to ask.
  const withoutTerms = sparse !== undefined && sparse.indices.length === 0;
  const vectors = { ...(dense === undefined ? {} : { dense }), ...(sparse === undefined || withoutTerms ? {} : { sparse }) };
  const { legs, degradations } = await stopwatch.measureAsync('retrieveMs', () => askLegs(index, principal, request.filters, { ...vectors, limit, excludedDocuments }));
  return { legs: withoutTerms ? { ...legs, sparse: [] } : legs, degradations };
}

/** Adds the payloads of the hits to `known`; true where some of the points are gone. */
async function fetchPayloads({ index, principal, request, payloads, stopwatch, tokenCodesOf }: Collecting, hits: readonly FusedHit[], known: Map<string, ChunkPayload>): Promise<boolean> {
  const missing: string[] = [];
  for (const { id } of hits) {
    const payload = payloads.get(principal.tenant, id);
    if (payload === undefined || (tokenCodesOf !== undefined && payload.tokenCodes === undefined)) missing.push(id);
    else known.set(id, payload);
  }
  if (missing.length === 0) return false;
  const found = await stopwatch.measureAsync('payloadMs', () => index.retrieve(principal, missing, tokenCodesOf, request.filters.asOf));
  for (const [id, payload] of found) {
    known.set(id, payload);
    payloads.set(principal.tenant, id, payload);
  }
  return found.size < missing.length;
}

function candidatesOf(fused: readonly FusedHit[], known: ReadonlyMap<string, ChunkPayload>): Candidate[] {
  return fused.flatMap((hit) => {
    const payload = known.get(hit.id);
    return payload === undefined ? [] : [{ hit, payload, boosts: [], rerank: null, score: hit.fused }];
  });
}

/** The index has no more hits than these. */
function isExhausted(legs: Legs, depth: number): boolean {
  return Object.values(legs).every((hits) => hits.length < depth);
}
