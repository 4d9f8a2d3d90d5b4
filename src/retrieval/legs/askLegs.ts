import { toCatalystError } from '../../contracts/errors.ts';
import type { SearchResponse } from '../../contracts/search.ts';
import type { ChunkSearch, LegHit, LegName, LegQuery } from '../../ports/chunkSearch.ts';
import type { Principal } from '../../contracts/principal.ts';
import type { SearchFilters } from '../../contracts/search.ts';
import type { Legs } from '../fusion/fuse.ts';

export type Degradation = SearchResponse['degradations'][number];

export interface AskedLegs {
  readonly legs: Legs;
  readonly degradations: readonly Degradation[];
}

/** An index that took longer to fail hangs: a single leg would only hang as long again. */
const longestFailureMs = 2_000;

/**
 * The ranked lists of both legs, in one round trip. Where that fails, each leg is asked by itself: one that answers stands in
 * for the other, and the answer says so. Throws what the index threw where neither answers.
 */
export async function askLegs(index: Pick<ChunkSearch, 'queryLegs'>, principal: Principal, filters: SearchFilters, query: LegQuery): Promise<AskedLegs> {
  const startedAt = performance.now();
  try {
    return { legs: await index.queryLegs(principal, filters, query), degradations: [] };
  } catch (thrown) {
    // The query is to be embedded anew: nothing here can stand in.
    if (toCatalystError(thrown).code === 'INDEX_MOVED') throw thrown;
    const { dense, sparse, ...rest } = query;
    if (dense === undefined || sparse === undefined || performance.now() - startedAt > longestFailureMs) throw thrown;
    return await askSingly(
      { dense: () => index.queryLegs(principal, filters, { ...rest, dense }), sparse: () => index.queryLegs(principal, filters, { ...rest, sparse }) },
      thrown,
    );
  }
}

async function askSingly(asked: Readonly<Record<LegName, () => Promise<Legs>>>, first: unknown): Promise<AskedLegs> {
  const names: readonly LegName[] = ['dense', 'sparse'];
  const answers = await Promise.allSettled(names.map((name) => asked[name]()));
  const legs: Partial<Record<LegName, readonly LegHit[]>> = {};
  const degradations: Degradation[] = [];
  for (const [position, answer] of answers.entries()) {
    const name = names[position]!;
    if (answer.status === 'fulfilled') legs[name] = answer.value[name] ?? [];
    else degradations.push(degradationOf(name, answer.reason));
  }
  if (degradations.length === names.length) throw first;
  return { legs, degradations };
}

export function degradationOf(part: Degradation['part'], thrown: unknown): Degradation {
  const { code, message } = toCatalystError(thrown);
  return { part, code, message };
}
