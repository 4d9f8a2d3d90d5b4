import type { TenantDepartures } from '../../ports/tenantDepartures.ts';
import type { ChunkPayload } from '../../ports/vectorIndex.ts';

/** Payloads of chunks by tenant and point. */
export interface PayloadCache {
  get(tenant: string, pointId: string): ChunkPayload | undefined;
  set(tenant: string, pointId: string, payload: ChunkPayload): void;
}

/** What a payload weighs besides its passage. */
const overheadCharacters = 600;

/**
 * Keeps the payloads used last. A point's payload never changes (a changed document gets new points), and whether a caller may
 * see a point is decided by the legs of the same search, so that an entry can be neither stale nor another tenant's.
 */
export function createPayloadCache(maximumCharacters: number, departures?: TenantDepartures): PayloadCache {
  const entries = new Map<string, ChunkPayload>();
  let characters = 0;
  const weigh = (payload: ChunkPayload): number => payload.chunk.text.length + (payload.tokenCodes?.codes.length ?? 0) / 2 + overheadCharacters;
  departures?.subscribe((tenant) => {
    for (const [key, payload] of entries) {
      if (!key.startsWith(`${tenant}/`)) continue;
      entries.delete(key);
      characters -= weigh(payload);
    }
  });
  return {
    get(tenant, pointId) {
      const key = `${tenant}/${pointId}`;
      const payload = entries.get(key);
      if (payload === undefined) return undefined;
      // A Map keeps the order of insertion: what is used moves to the end, the front is what to drop.
      entries.delete(key);
      entries.set(key, payload);
      return payload;
    },
    set(tenant, pointId, payload) {
      const key = `${tenant}/${pointId}`;
      const present = entries.get(key);
      // The same payload, unless one of them has the codes of tokens as well: that is worth keeping.
      if (present !== undefined && (present.tokenCodes !== undefined || payload.tokenCodes === undefined)) return;
      entries.delete(key);
      entries.set(key, payload);
      characters += weigh(payload) - (present === undefined ? 0 : weigh(present));
      for (const [oldest, dropped] of entries) {
        if (characters <= maximumCharacters) break;
        entries.delete(oldest);
        characters -= weigh(dropped);
      }
    },
  };
}
