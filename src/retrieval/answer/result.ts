import type { Chunk } from '../../contracts/chunks.ts';
import type { FoundCode } from '../../contracts/codes/codeSystems.ts';
import { riskOf } from '../../contracts/risk.ts';
import type { Risk } from '../../contracts/risk.ts';
import type { SearchResult } from '../../contracts/search.ts';
import type { Candidate } from '../candidates/candidate.ts';
import type { LegPart } from '../fusion/fuse.ts';
import type { MatchedPassage } from '../highlights/highlights.ts';
import { joinPassages } from '../selection/joinNeighbours.ts';
import type { JoinedPassage } from '../selection/joinNeighbours.ts';
import type { Selected } from '../selection/select.ts';

/** The passage of a result: its own text, or that of all neighbours together. */
export function passageOf({ candidate, neighbours }: Selected): JoinedPassage {
  const { chunk } = candidate.payload;
  return neighbours.length === 0 ? { text: chunk.text, start: chunk.start, end: chunk.end } : joinPassages(chunksOf(candidate, neighbours));
}

/** A selected candidate in the shape of the API; `rank` from 1. */
export function toResult(selected: Selected, rank: number, passage: JoinedPassage, matched: MatchedPassage, explanation: string[] | undefined): SearchResult {
  const { candidate, neighbours, passages, duplicates } = selected;
  const { hit, payload } = candidate;
  const { chunk } = payload;
  const { page, pageEnd } = pagesOf(chunksOf(candidate, neighbours));
  const codes = codesOf(chunksOf(candidate, neighbours));
  const risk = joinedRisk(chunksOf(candidate, neighbours));
  return {
    rank,
    score: selected.score,
    scores: scoresOf(candidate),
    passage: passage.text,
    highlights: [...matched.highlights],
    sentences: [...matched.sentences],
    document: {
      id: payload.document,
      versionId: payload.version,
      title: payload.title,
      source: payload.source,
      tags: [...payload.tags],
      metadata: payload.metadata,
      ingestedAt: payload.ingestedAt,
      ...(payload.language === undefined ? {} : { language: payload.language }),
    },
    chunk: { id: hit.id, ordinal: chunk.ordinal, tier: chunk.tier, headings: chunk.headings, page, pageEnd, start: passage.start, end: passage.end, ...(codes.length === 0 ? {} : { codes }), ...(risk === undefined ? {} : { risk }) },
    ...(passages.length === 0 ? {} : { passages: passages.map(({ hit: { id }, payload: { chunk: other }, score }) => ({ id, ordinal: other.ordinal, score, passage: other.text })) }),
    ...(duplicates.length === 0 ? {} : { duplicates: duplicates.map((other) => ({ documentId: other.payload.document, chunkId: other.hit.id, title: other.payload.title })) }),
    ...(explanation === undefined ? {} : { explanation }),
  };
}

function chunksOf(candidate: Candidate, neighbours: readonly Candidate[]): Chunk[] {
  return [candidate, ...neighbours].map(({ payload }) => payload.chunk);
}

/** Each once, in order of place. */
function codesOf(chunks: readonly Chunk[]): FoundCode[] {
  return [...new Map(chunks.flatMap(({ codes = [] }) => codes).map((found) => [`${found.system}=${found.code}`, found])).values()];
}

function joinedRisk(chunks: readonly Chunk[]): Risk | undefined {
  return riskOf(chunks.flatMap(({ risk }) => risk?.kinds ?? []));
}

function pagesOf(chunks: readonly Chunk[]): { readonly page: number | null; readonly pageEnd: number | null } {
  const pages = chunks.flatMap(({ page, pageEnd }) => (page === undefined ? [] : [page, pageEnd ?? page]));
  if (chunks.length === 1) return { page: chunks[0]?.page ?? null, pageEnd: chunks[0]?.pageEnd ?? null };
  return pages.length === 0 ? { page: null, pageEnd: null } : { page: Math.min(...pages), pageEnd: Math.max(...pages) };
}

export function scoresOf({ hit, boosts, rerank }: Candidate): SearchResult['scores'] {
  return {
    dense: legScore(hit.dense),
    sparse: legScore(hit.sparse),
    fused: hit.fused,
    ...(boosts.length === 0 ? {} : { boosts: [...boosts] }),
    ...(rerank === null ? {} : { rerank }),
  };
}

function legScore(leg: LegPart | null): SearchResult['scores']['dense'] {
  return leg === null ? null : { score: leg.score, rank: leg.rank };
}
