import type { Principal } from '../../contracts/principal.ts';
import { byTenantAndPolicies, createKept } from '../kept.ts';
import type { KeepingSettings } from '../kept.ts';
import { within } from '../within.ts';

export interface HeldLanguagesSettings extends KeepingSettings {
  /** Milliseconds that a search waits where nothing is known yet. */
  readonly patienceMs: number;
}

export const defaultHeldLanguagesSettings: HeldLanguagesSettings = { keptMs: 60_000, most: 1000, patienceMs: 30 };

/**
 * Languages (BCP 47) of the passages that a caller may see, as they were a minute or two ago. Never fails a search and never holds
 * it up for long: where they cannot be had in time, what was known before counts, or none, and then queries are read as English.
 */
export type HeldLanguages = (principal: Principal) => Promise<readonly string[]>;

/** `read` counts by language, the filter of every search applied: `index.facet(principal, {}, ['language'], 30)`. */
export function createHeldLanguages(read: HeldLanguages, settings: HeldLanguagesSettings = defaultHeldLanguagesSettings): HeldLanguages {
  const kept = createKept(byTenantAndPolicies, read, settings);
  return async (principal) => {
    const { current, recent, last } = kept.get(principal);
    return recent ?? (await within(settings.patienceMs, current).catch(() => undefined)) ?? last ?? [];
  };
}
