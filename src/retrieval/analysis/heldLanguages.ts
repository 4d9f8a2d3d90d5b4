import type { Principal } from '../../contracts/principal.ts';
import { byTenantAndPolicies, createKept } from '../kept.ts';
import type { KeepingSettings } from '../kept.ts';
import { Marks } from '../marks.ts';
import { within } from '../../contracts/within.ts';

export interface HeldLanguagesSettings extends KeepingSettings {
  /** Milliseconds that a search waits where nothing is known yet. */
  readonly patienceMs: number;
}

export const defaultHeldLanguagesSettings: HeldLanguagesSettings = { keptMs: 10_000, most: 1000, patienceMs: 100 };

/**
 * Languages (BCP 47) of the passages that a caller may see, the most frequent first. Never fails a search and never holds
 * it up for long: where they cannot be had in time, what was known before counts, or none, and then queries are read as English.
 */
export type HeldLanguages = (principal: Principal) => Promise<readonly string[]>;

export interface KnownLanguages {
  readonly held: HeldLanguages;
  /** What was read under another epoch of the tenant's index is read again: so the first document in a language is found from the first search on. */
  readonly asOf: (tenant: string, epoch: string) => void;
}

/** `read` counts by language, the filter of every search applied: `index.facet(principal, {}, ['language'], 30)`. */
export function createHeldLanguages(read: HeldLanguages, settings: HeldLanguagesSettings = defaultHeldLanguagesSettings): KnownLanguages {
  const kept = createKept(byTenantAndPolicies, read, settings);
  const epochs = new Marks(settings.most);
  /** The epoch under which the languages of callers were read. */
  const readUnder = new Marks(settings.most);
  const expireOld = (principal: Principal): void => {
    const epoch = epochs.get(principal.tenant);
    if (epoch !== undefined && readUnder.set(byTenantAndPolicies(principal), epoch)) kept.expire(principal);
  };
  return {
    asOf: (tenant, epoch) => void epochs.set(tenant, epoch),
    async held(principal) {
      expireOld(principal);
      const { current, recent, last } = kept.get(principal);
      return recent ?? (await within(settings.patienceMs, current).catch(() => undefined)) ?? last ?? [];
    },
  };
}
