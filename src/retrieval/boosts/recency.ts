import type { SearchBoosts } from '../../contracts/search.ts';
import type { ChunkPayload } from '../../ports/vectorIndex.ts';

const dayMs = 86_400_000;

/** 1 for what is of now (or later), 0.5 at the half-life, towards 0 for what is old; 0 where the document has no date. */
export function recencyOf({ halfLifeDays, field }: NonNullable<SearchBoosts['recency']>, payload: ChunkPayload, now: number): number {
  const date = field === undefined ? payload.ingestedAt : payload.metadata[field];
  const time = timeOf(date);
  if (time === undefined) return 0;
  const days = Math.max(0, now - time) / dayMs;
  return 2 ** (-days / halfLifeDays);
}

/** A date as documents carry it: RFC 3339, a day, a month, or a year as a text or a number. */
function timeOf(date: unknown): number | undefined {
  if (typeof date === 'number') return Number.isInteger(date) && date >= 1000 && date <= 9999 ? Date.UTC(date, 0) : undefined;
  if (typeof date !== 'string' || !/^\d{4}(?:-\d\d(?:-\d\d(?:T.*)?)?)?$/.test(date)) return undefined;
  const time = Date.parse(date);
  return Number.isNaN(time) ? undefined : time;
}
