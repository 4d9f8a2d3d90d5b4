import { noSearchSettings } from '../../contracts/searchSettings.ts';
import type { StoredSearchSettings } from '../../contracts/searchSettings.ts';
import type { SearchSettingsRegistry } from '../../ports/searchSettingsRegistry.ts';
import { createTenantKnowledge } from '../tenantKnowledge.ts';
import type { TenantKnowledge, TenantKnowledgeSettings } from '../tenantKnowledge.ts';

/** The settings of a tenant as search uses them, and the registry that changes them; what this process changes, it uses at once. */
export type TenantSearchSettings = SearchSettingsRegistry & Pick<TenantKnowledge<StoredSearchSettings>, 'known' | 'asOf'>;

export function createTenantSearchSettings(registry: SearchSettingsRegistry, settings?: TenantKnowledgeSettings): TenantSearchSettings {
  const { known, asOf, changed } = createTenantKnowledge({ what: 'search settings of the tenant', none: noSearchSettings, read: (tenant) => registry.read(tenant) }, settings);
  const used = (tenant: string, stored: StoredSearchSettings): StoredSearchSettings => {
    changed(tenant);
    return stored;
  };
  return {
    known,
    asOf,
    read: (tenant) => registry.read(tenant),
    write: async (tenant, update) => used(tenant, await registry.write(tenant, update)),
    remove: async (tenant) => used(tenant, await registry.remove(tenant)),
  };
}
