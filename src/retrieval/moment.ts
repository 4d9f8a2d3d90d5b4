import { CatalystError } from '../contracts/errors.ts';
import type { Principal } from '../contracts/principal.ts';
import type { SearchHistory } from '../ports/searchHistory.ts';

/**
 * The time that a search is as of, in milliseconds since 1970; undefined: now. Throws INVALID_REQUEST for a time to come, AS_OF_TOO_EARLY where
 * history does not reach back to it: an answer as of a time is whole, or none. REGISTRY_UNAVAILABLE: that cannot be told now.
 */
export async function momentOf(history: SearchHistory | undefined, { tenant }: Principal, asOf: string | undefined): Promise<number | undefined> {
  if (asOf === undefined) return undefined;
  const wanted = Date.parse(asOf);
  const { moment, since } = (await history?.read(tenant)) ?? { moment: Date.now(), since: null };
  if (wanted > moment) throw new CatalystError('INVALID_REQUEST', '/asOf: Expected a time that is not to come.', { problems: [{ pointer: '/asOf', code: 'in_the_future', detail: `It is ${timeText(moment)} now.` }] });
  if (since === null || wanted < since) throw tooEarly(since);
  return wanted;
}

export function timeText(moment: number): string {
  return new Date(moment).toISOString();
}

function tooEarly(since: number | null): CatalystError {
  const detail = since === null ? 'The tenant keeps no history that searches find: searchableHistoryDays of its retention policy is 0.' : `History is complete since ${timeText(since)}.`;
  return new CatalystError('AS_OF_TOO_EARLY', detail, { problems: [{ pointer: '/asOf', code: 'AS_OF_TOO_EARLY', detail }] });
}
