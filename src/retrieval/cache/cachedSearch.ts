import type { EventSink } from '../../contracts/events.ts';
import type { Principal } from '../../contracts/principal.ts';
import type { SearchResponse } from '../../contracts/search.ts';
import type { Cache, CachedValue } from '../../ports/cache.ts';
import type { Embedder } from '../../ports/embedder.ts';
import type { IndexEpoch, IndexState } from '../../ports/indexEpoch.ts';
import type { Search } from '../search.ts';
import { createStopwatch } from '../stopwatch.ts';
import { resultKey } from './resultKey.ts';

export interface CachedSearchDependencies {
  readonly cache: Cache<SearchResponse>;
  readonly epoch: IndexEpoch;
  readonly emit: EventSink;
  /** Told before each search in which state index and settings of the tenant are, so that what is kept of them in memory is of that state. */
  readonly asOf?: ((tenant: string, state: IndexState) => void) | undefined;
  /** Names the settings and the release that search by: another one has other answers. */
  readonly version: string;
  /** One that remembers its vectors: the query's is begun while the epoch is read, since nearly every search that is computed waits for it. */
  readonly embedder?: Pick<Embedder, 'embedQuery'> | undefined;
  /** Milliseconds after which an answer is forgotten. */
  readonly ttlMs?: number;
}

/**
 * A bound for what no epoch tells: a switch in the index that was never recorded, because the process was killed before the commit; a clock
 * that moves answers (recency); content of a deleted document in memory, which is never served but still there.
 */
const defaultTtlMs = 30_000;

/**
 * The same search, which remembers its answers. The epoch of the tenant's index is read first, in every search, and is part of the key: what was
 * computed before a change is never found after the change was acknowledged (see IndexEpoch). Of identical searches at once one is computed.
 * A degraded answer is given to those who waited for it and not kept. Without an epoch (Postgres is away) each search is computed.
 * Answers of others carry `cached: true` and the time this search took; all else is the same bytes, also the timings of its parts.
 */
export function createCachedSearch(search: Search, { cache, epoch, emit, asOf, version, embedder, ttlMs = defaultTtlMs }: CachedSearchDependencies): Search {
  const options = { ttlMs, keeps: (response: SearchResponse) => !isDegraded(response) };
  return async (principal, request) => {
    const stopwatch = createStopwatch();
    // What comes of it is the business of the search, which asks for the same vector.
    if (request.mode !== 'sparse') embedder?.embedQuery(request.query, principal.tenant).catch(() => undefined);
    const current = await currentState(epoch, principal);
    if (current === undefined) {
      emit({ type: 'cache.read', cache: 'results', outcome: 'bypassed' });
      return search(principal, request);
    }
    asOf?.(principal.tenant, current);
    // A receipt says when the search was made: it is none of another one.
    if (request.receipt === true) return search(principal, request);
    const key = resultKey(principal, request, { epoch: current.epoch, version });
    const found = await cache.getOrCompute(key, () => search(principal, request), options);
    return answerOf(found, stopwatch.elapsed());
  };
}

async function currentState(epoch: IndexEpoch, { tenant }: Principal): Promise<IndexState | undefined> {
  try {
    return await epoch.read(tenant);
  } catch {
    // Search needs no registry: it is only not known whether what is kept is still true.
    return undefined;
  }
}

function answerOf({ value, outcome }: CachedValue<SearchResponse>, tookMs: number): SearchResponse {
  return outcome === 'computed' ? value : { ...value, tookMs, cached: true };
}

/** A part was left out: a leg, the reranker, the tenant's synonyms or settings. */
function isDegraded(response: SearchResponse & { readonly degraded?: boolean | undefined }): boolean {
  return response.degraded === true;
}
