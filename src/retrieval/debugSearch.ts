import type { Principal } from '../contracts/principal.ts';
import type { DebugSearchRequest, DebugSearchResponse, SearchOverrides } from '../contracts/search.ts';
import type { LegHit } from '../ports/chunkSearch.ts';
import { scoresOf } from './answer/result.ts';
import type { ReadPath } from './readPath.ts';
import type { SearchSettings } from './settings.ts';

export type DebugSearch = (principal: Principal, request: DebugSearchRequest) => Promise<DebugSearchResponse>;

/** The same search with settings of its own, and with all that led to the answer. */
export function createDebugSearch(read: ReadPath): DebugSearch {
  return async (principal, { settings: overrides, ...request }) => {
    const { response, collected, settings, terms, weights, applied } = await read.query(principal, request, overridden(read.settings, overrides));
    const { legs, candidates, dropped, rounds } = collected;
    const { fusion, legDepth, poolSize } = settings;
    return {
      ...response,
      debug: {
        settings: { fusion, legDepth, poolSize },
        terms: [...terms.terms],
        weights: Object.fromEntries(weights),
        tenant: { ...applied, termWeights: [...applied.termWeights] },
        rounds,
        legs: { dense: hitsOf(legs.dense), sparse: hitsOf(legs.sparse) },
        candidates: candidates.map((candidate, index) => {
          const { hit, payload, score } = candidate;
          const { document: documentId, title, chunk } = payload;
          return { rank: index + 1, id: hit.id, documentId, ordinal: chunk.ordinal, title, score, scores: scoresOf(candidate), dropped: dropped.get(hit.id) ?? null };
        }),
      },
    };
  };
}

function overridden(settings: SearchSettings, { fusion, ...rest }: SearchOverrides): SearchSettings {
  return { ...settings, ...defined(rest), fusion: { ...settings.fusion, ...defined(fusion ?? {}) } };
}

type Defined<Values> = { [Key in keyof Values]?: Exclude<Values[Key], undefined> };

function defined<Values extends object>(values: Values): Defined<Values> {
  return Object.fromEntries(Object.entries(values).filter(([, value]) => value !== undefined)) as Defined<Values>;
}

function hitsOf(hits: readonly LegHit[] | undefined): LegHit[] | null {
  return hits === undefined ? null : [...hits];
}
