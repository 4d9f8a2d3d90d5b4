import type { Principal } from '../contracts/principal.ts';
import type { SearchRequest } from '../contracts/search.ts';
import type { ChunkSearch } from '../ports/chunkSearch.ts';
import type { ChunkPayload, SparseVector } from '../ports/vectorIndex.ts';
import { fuse } from './fusion/fuse.ts';
import type { FusedHit, Legs } from './fusion/fuse.ts';
import { mergeLegs } from './mergeLegs.ts';
import type { PayloadCache } from './payloadCache.ts';
import { saturatedDocuments, select } from './selection.ts';
import type { Candidate } from './selection.ts';
import type { SearchSettings } from './settings.ts';
import type { Stopwatch } from './stopwatch.ts';

export interface Collecting {
  readonly index: ChunkSearch;
  readonly settings: SearchSettings;
  readonly principal: Principal;
  readonly request: SearchRequest;
  readonly query: AnalysedQuery;
  readonly payloads: PayloadCache;
  readonly stopwatch: Stopwatch;
}

export interface AnalysedQuery {
  /** Under way in another thread while the terms are analysed. */
  readonly dense?: Promise<Float32Array>;
  readonly sparse?: SparseVector;
}

/** Payloads asked for beyond the limit, so that a few passages too many of one document seldom cost another round. */
const spare = 4;

/**
 * The winners of a search, best first. Two round trips as a rule: the legs, then the winners' payloads. The legs are asked
 * again, without the documents that have given all they may, where the list would stay short; and where points vanished
 * between the two trips, since then a document has just changed and its new version is to be found.
 */
export async function collect(collecting: Collecting): Promise<Candidate[]> {
  const { settings, request, stopwatch } = collecting;
  const depth = Math.max(settings.legDepth, 3 * request.limit);
  const known = new Map<string, ChunkPayload>();
  let latest = await queryLegs(collecting, depth, []);
  let legs = latest;
  for (let round = 1; ; round += 1) {
    const fused = stopwatch.measure('fuseMs', () => fuse(legs, settings.fusion));
    const unknown = fused.filter(({ id }) => !known.has(id));
    const asked = unknown.slice(0, (request.limit + spare) * round);
    const vanished = await fetchPayloads(collecting, asked, known);
    const selected = select(candidatesOf(fused, known), request.limit, request.passagesPerDocument);
    const complete = selected.length === request.limit || (asked.length === unknown.length && isExhausted(latest, depth));
    if ((complete && !vanished) || round === settings.maximumRounds) return selected;
    const saturated = saturatedDocuments(selected, request.passagesPerDocument);
    const kept = selected.filter(({ payload }) => saturated.has(payload.document)).map(({ hit }) => hit.id);
    latest = await queryLegs(collecting, depth, [...saturated]);
    legs = mergeLegs(legs, new Set(kept), latest);
  }
}

async function queryLegs({ index, principal, request, query, stopwatch }: Collecting, limit: number, excludedDocuments: readonly string[]): Promise<Legs> {
  const { sparse } = query;
  const dense = await query.dense;
  // A query of stop words alone has no terms: no passage matches it, and there is nothing to ask.
  const withoutTerms = sparse !== undefined && sparse.indices.length === 0;
  const vectors = { ...(dense === undefined ? {} : { dense }), ...(sparse === undefined || withoutTerms ? {} : { sparse }) };
  const legs = await stopwatch.measureAsync('retrieveMs', () => index.queryLegs(principal, request.filters, { ...vectors, limit, excludedDocuments }));
  return withoutTerms ? { ...legs, sparse: [] } : legs;
}

/** Adds the payloads of the hits to `known`; true where some of the points are gone. */
async function fetchPayloads({ index, principal, payloads, stopwatch }: Collecting, hits: readonly FusedHit[], known: Map<string, ChunkPayload>): Promise<boolean> {
  const missing: string[] = [];
  for (const { id } of hits) {
    const payload = payloads.get(principal.tenant, id);
    if (payload === undefined) missing.push(id);
    else known.set(id, payload);
  }
  if (missing.length === 0) return false;
  const found = await stopwatch.measureAsync('payloadMs', () => index.retrieve(principal, missing));
  for (const [id, payload] of found) {
    known.set(id, payload);
    payloads.set(principal.tenant, id, payload);
  }
  return found.size < missing.length;
}

function candidatesOf(fused: readonly FusedHit[], known: ReadonlyMap<string, ChunkPayload>): Candidate[] {
  return fused.flatMap((hit) => {
    const payload = known.get(hit.id);
    return payload === undefined ? [] : [{ hit, payload }];
  });
}

/** The index has no more hits than these. */
function isExhausted(legs: Legs, depth: number): boolean {
  return Object.values(legs).every((hits) => hits.length < depth);
}
