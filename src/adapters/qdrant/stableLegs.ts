import type { LegHit, LegName } from '../../ports/chunkSearch.ts';

type Hits = Partial<Record<LegName, readonly LegHit[]>>;

/** Hits asked for beyond those that are wanted. */
const spare = 50;
/** Of more passages with one score than this it is left to the index which of them it names. */
const mostAsked = 20_000;

/**
 * Ranked lists that are the same however the index is laid out: of hits with equal scores the index names whichever it meets first, so that
 * more are asked for than wanted until the last score that counts is told from the next. Then the id decides.
 */
export async function stableLegs(limit: number, ask: (limit: number) => Promise<Hits>): Promise<Hits> {
  for (let asked = limit + spare; ; asked = Math.min(mostAsked, asked * 4)) {
    const legs = await ask(asked);
    const lists = Object.values(legs);
    if (asked < mostAsked && lists.some((hits) => !isCertain(hits, limit, asked))) continue;
    return Object.fromEntries(Object.entries(legs).map(([name, hits]) => [name, [...hits].sort(byScoreAndId).slice(0, limit)]));
  }
}

/** Hits as good as the last one may be missing from a list that was cut; better ones are not. */
function isCertain(hits: readonly LegHit[], limit: number, asked: number): boolean {
  const last = hits.at(-1)?.score ?? 0;
  return hits.length < asked || (hits[limit - 1]?.score ?? last) > last;
}

function byScoreAndId(left: LegHit, right: LegHit): number {
  return right.score - left.score || (left.id < right.id ? -1 : 1);
}
