import { noSynonyms } from '../../contracts/synonyms.ts';
import type { Synonyms } from '../../contracts/synonyms.ts';
import type { SynonymRegistry } from '../../ports/synonymRegistry.ts';
import { createTenantKnowledge } from '../tenantKnowledge.ts';
import type { TenantKnowledge, TenantKnowledgeSettings } from '../tenantKnowledge.ts';

/** Synonyms as search uses them, and the registry that changes them; what this process changes, it uses at once. */
export type TenantSynonyms = SynonymRegistry & Pick<TenantKnowledge<Synonyms>, 'known' | 'asOf'>;

export function createTenantSynonyms(registry: SynonymRegistry, settings?: TenantKnowledgeSettings): TenantSynonyms {
  const { known, asOf, changed } = createTenantKnowledge({ what: 'synonyms of the tenant', none: noSynonyms, read: (tenant) => registry.read(tenant) }, settings);
  return {
    known,
    asOf,
    read: (tenant) => registry.read(tenant),
    write: (tenant, synonyms) => registry.write(tenant, synonyms).then(() => changed(tenant)),
    remove: (tenant) => registry.remove(tenant).then(() => changed(tenant)),
  };
}
