import { CatalystError } from '../../contracts/errors.ts';
import type { EventSink } from '../../contracts/events.ts';
import type { SearchesToday } from '../../contracts/usage.ts';
import type { SharedWindowCounts, WindowCounts, WindowState } from '../../ports/windowCounts.ts';

export interface SearchQuotaDependencies {
  /** In windows of a day. */
  readonly counts: WindowCounts;
  readonly shared: SharedWindowCounts;
  /** Searches a day; without a number there is no quota. */
  readonly quotaOf: (tenant: string) => number | undefined;
  readonly emit: EventSink;
}

/** What a request took of the quota. */
export interface TakenSearches {
  readonly quota: number;
  readonly state: WindowState;
  /** For a request that was not answered. */
  giveBack(): Promise<void>;
}

/** Searches of each tenant a day, by UTC: counted in memory, and put together with the counts of other processes beside the requests. */
export interface SearchQuota {
  /** Undefined where there is no quota; `state.allowed` is false where they do not fit, and nothing was taken. */
  take(tenant: string, searches: number): Promise<TakenSearches | undefined>;
  /** As all processes know it that could be asked. */
  read(tenant: string): Promise<SearchesToday>;
}

export function createSearchQuota({ counts, shared, quotaOf, emit }: SearchQuotaDependencies): SearchQuota {
  return {
    async take(tenant, searches) {
      const quota = quotaOf(tenant);
      if (quota === undefined) return undefined;
      const { window } = counts;
      const state = await counts.take(tenant, searches, quota);
      if (!state.allowed) emit({ type: 'quota.exceeded', tenant, quota: 'searches' });
      return { quota, state, giveBack: () => counts.giveBack(tenant, searches, quota, window) };
    },

    async read(tenant) {
      const quota = quotaOf(tenant);
      if (quota === undefined) return null;
      await counts.take(tenant, 0, quota);
      await counts.exchange(shared);
      const { taken, left, resetMs } = await counts.take(tenant, 0, quota);
      // The end of a day, whatever time has passed since the state was read.
      return { quota, used: taken, left, resetsAt: new Date(Math.round((Date.now() + resetMs) / 1_000) * 1_000).toISOString() };
    },
  };
}

export function searchesExhausted(quota: number, resetMs: number): CatalystError {
  return new CatalystError('SEARCH_QUOTA_EXHAUSTED', `The tenant may make ${quota} searches a day; the next day begins in ${Math.ceil(resetMs / 1_000)} seconds (midnight by UTC).`, { retryAfterMs: resetMs });
}
