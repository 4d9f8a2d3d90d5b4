import type { SearchBoosts } from '../../contracts/search.ts';
import type { ChunkPayload } from '../../ports/vectorIndex.ts';
import { fold } from '../sparse/fold.ts';
import { recencyOf } from './recency.ts';

export interface AppliedBoost {
  readonly name: string;
  /** Added to the score, in parts of the distance between best and worst. */
  readonly value: number;
}

/** All boosts of a passage together move it by so much at the most: they order what fits, they do not decide what fits. */
export const mostBoost = 0.5;

/** What counts for or against a passage besides its text; `now` in milliseconds since 1970. */
export function boostsOf(boosts: SearchBoosts, query: string, payload: ChunkPayload, now: number): AppliedBoost[] {
  const applied: AppliedBoost[] = [];
  const add = (name: string, value: number | undefined): void => {
    if (value !== undefined && value !== 0) applied.push({ name, value });
  };
  if (boosts.titleMatch !== undefined && isTitle(query, payload.title)) add('title', boosts.titleMatch);
  add(`tier ${payload.chunk.tier}`, boosts.tiers?.[payload.chunk.tier]);
  if (boosts.recency !== undefined) add('recency', boosts.recency.weight * recencyOf(boosts.recency, payload, now));
  add('source', sourceWeight(boosts, payload.source.location));
  add('document', boosts.documents?.[payload.document]);
  return applied;
}

/** The sum within the bounds. */
export function totalOf(boosts: readonly AppliedBoost[]): number {
  const sum = boosts.reduce((total, { value }) => total + value, 0);
  return Math.max(-mostBoost, Math.min(mostBoost, sum));
}

function isTitle(query: string, title: string): boolean {
  const asked = plain(query);
  return asked !== '' && asked === plain(title);
}

function plain(text: string): string {
  return fold(text).replace(/[^\p{L}\p{N}]+/gu, ' ').trim();
}

/** The weight of the longest prefix that fits. */
function sourceWeight({ sources }: SearchBoosts, location: string): number | undefined {
  let best: { readonly prefix: string; readonly weight: number } | undefined;
  for (const source of sources ?? []) {
    if (location.startsWith(source.prefix) && source.prefix.length > (best?.prefix.length ?? 0)) best = source;
  }
  return best?.weight;
}
