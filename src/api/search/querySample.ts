import type { Principal } from '../../contracts/principal.ts';
import type { SearchRequest } from '../../contracts/search.ts';
import type { AskedQuery, QuerySamples } from '../../ports/querySamples.ts';

export interface QuerySample {
  /** Costs the search nothing: it is written later. */
  note(principal: Principal, request: SearchRequest): void;
  /** Writes what is left. */
  stop(): Promise<void>;
}

export interface QuerySampleOptions {
  readonly samples: Pick<QuerySamples, 'add'>;
  /** Of all queries; 0: none is kept. */
  readonly part: number;
  readonly withoutPersonalData: (query: string) => string;
  readonly intervalMs?: number;
  readonly random?: () => number;
}

/** Kept in memory between two writes; more are left out. */
const mostPending = 200;

/**
 * A sample of what is asked, without personal data: by it an index made by another model is compared with the one that serves. What cannot
 * be written is dropped: a sample need not be whole.
 */
export function createQuerySample({ samples, part, withoutPersonalData, intervalMs = 5_000, random = Math.random }: QuerySampleOptions): QuerySample {
  let pending = new Map<string, AskedQuery[]>();
  let waiting = 0;
  let writing = Promise.resolve();
  const write = async (): Promise<void> => {
    const queries = pending;
    pending = new Map();
    waiting = 0;
    for (const [tenant, own] of queries) await samples.add(tenant, own).catch(() => undefined);
  };
  const flush = (): Promise<void> => (writing = writing.then(write));
  const timer = setInterval(() => void flush(), intervalMs);
  timer.unref();
  return {
    note({ tenant, policies }, { query, cursor }) {
      if (cursor !== undefined || waiting >= mostPending || random() >= part) return;
      waiting += 1;
      pending.set(tenant, [...(pending.get(tenant) ?? []), { query: withoutPersonalData(query), policies }]);
    },
    async stop() {
      clearInterval(timer);
      await flush();
    },
  };
}
