import type { ChunkPayload } from '../ports/vectorIndex.ts';
import type { FusedHit, FusionSettings, LegPart } from './fusion/fuse.ts';

/** Why a result stands where it does, in sentences. */
export function explain(hit: FusedHit, payload: ChunkPayload, terms: readonly string[], fusion: FusionSettings | undefined): string[] {
  const lines = [legLine('dense', 'similarity of meaning', hit.dense), legLine('sparse', 'BM25 over terms', hit.sparse)].filter((line) => line !== undefined);
  if (fusion !== undefined) lines.push(`fused: ${decimal(hit.fused)} by ${methodName(fusion)}, ${percent(fusion.denseWeight)} dense and ${percent(1 - fusion.denseWeight)} sparse`);
  lines.push(terms.length === 0 ? 'the passage holds no term of the query' : `terms of the query in the passage: ${terms.join(', ')}`);
  if (payload.chunk.tier !== 'passage') lines.push(`the chunk is of the tier "${payload.chunk.tier}"`);
  return lines;
}

function legLine(name: string, meaning: string, leg: LegPart | null): string | undefined {
  return leg === null ? undefined : `${name} (${meaning}): score ${decimal(leg.score)}, rank ${leg.rank}, adds ${decimal(leg.part)}`;
}

function methodName({ method, rankConstant }: FusionSettings): string {
  return method === 'reciprocal-rank' ? `reciprocal rank (constant ${rankConstant})` : `${method} combination`;
}

function decimal(value: number): string {
  return value.toFixed(4);
}

function percent(share: number): string {
  return `${Math.round(share * 100)} %`;
}
