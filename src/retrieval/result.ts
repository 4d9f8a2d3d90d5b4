import type { SearchResult } from '../contracts/search.ts';
import type { FusedHit, LegPart } from './fusion/fuse.ts';
import type { MatchedPassage } from './highlights.ts';
import type { Candidate } from './selection.ts';

/** A selected candidate in the shape of the API; `rank` from 1. */
export function toResult({ hit, payload }: Candidate, rank: number, matched: MatchedPassage, explanation: string[] | undefined): SearchResult {
  const { chunk } = payload;
  return {
    rank,
    score: hit.fused,
    scores: scoresOf(hit),
    passage: chunk.text,
    highlights: [...matched.highlights],
    document: {
      id: payload.document,
      versionId: payload.version,
      title: payload.title,
      source: payload.source,
      tags: [...payload.tags],
      metadata: payload.metadata,
      ingestedAt: payload.ingestedAt,
    },
    chunk: {
      id: hit.id,
      ordinal: chunk.ordinal,
      tier: chunk.tier,
      headings: chunk.headings,
      page: chunk.page ?? null,
      pageEnd: chunk.pageEnd ?? null,
      start: chunk.start,
      end: chunk.end,
    },
    ...(explanation === undefined ? {} : { explanation }),
  };
}

function scoresOf({ dense, sparse, fused }: FusedHit): SearchResult['scores'] {
  return { dense: legScore(dense), sparse: legScore(sparse), fused };
}

function legScore(leg: LegPart | null): SearchResult['scores']['dense'] {
  return leg === null ? null : { score: leg.score, rank: leg.rank };
}
