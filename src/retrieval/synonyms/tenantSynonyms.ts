import type { Principal } from '../../contracts/principal.ts';
import { CatalystError, toCatalystError } from '../../contracts/errors.ts';
import { noSynonyms } from '../../contracts/synonyms.ts';
import type { Synonyms } from '../../contracts/synonyms.ts';
import type { SynonymRegistry } from '../../ports/synonymRegistry.ts';
import { byTenant, createKept } from '../kept.ts';
import { within } from '../within.ts';
import type { KeepingSettings } from '../kept.ts';

export interface TenantSynonymsSettings extends KeepingSettings {
  /** Milliseconds that a search waits where nothing is known yet. */
  readonly patienceMs: number;
}

export const defaultTenantSynonymsSettings: TenantSynonymsSettings = { keptMs: 5_000, most: 1000, patienceMs: 50 };

export interface KnownSynonyms {
  readonly synonyms: Synonyms;
  /** Why a search goes without: search works while the registry is away. */
  readonly failure?: CatalystError;
}

/** Synonyms as search uses them, and the registry that changes them; what this process changes, it uses at once, others within seconds. */
export interface TenantSynonyms extends SynonymRegistry {
  known(principal: Principal): Promise<KnownSynonyms>;
}

export function createTenantSynonyms(registry: SynonymRegistry, settings: TenantSynonymsSettings = defaultTenantSynonymsSettings): TenantSynonyms {
  const kept = createKept(byTenant, ({ tenant }) => registry.read(tenant), settings);
  const changed = async (tenant: string, change: Promise<void>): Promise<void> => {
    await change;
    kept.forget({ tenant, subject: '', roles: [], policies: [] });
  };
  return {
    read: (tenant) => registry.read(tenant),
    write: (tenant, synonyms) => changed(tenant, registry.write(tenant, synonyms)),
    remove: (tenant) => changed(tenant, registry.remove(tenant)),
    async known(principal) {
      const { current, recent, last } = kept.get(principal);
      if (recent !== undefined) return { synonyms: recent };
      try {
        const synonyms = await within(settings.patienceMs, current);
        return synonyms === undefined ? { synonyms: last ?? noSynonyms, failure: new CatalystError('REGISTRY_UNAVAILABLE', `The synonyms were not read within ${settings.patienceMs} ms.`) } : { synonyms };
      } catch (thrown) {
        return { synonyms: last ?? noSynonyms, failure: toCatalystError(thrown) };
      }
    },
  };
}
