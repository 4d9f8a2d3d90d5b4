import type { Principal } from '../../contracts/principal.ts';
import type { TermWeightUse } from '../../contracts/queryAnalysis.ts';
import type { SearchBoosts, SearchRequest } from '../../contracts/search.ts';
import { noSearchSettings } from '../../contracts/searchSettings.ts';
import type { StoredSearchSettings } from '../../contracts/searchSettings.ts';
import { noSynonyms } from '../../contracts/synonyms.ts';
import type { Synonyms } from '../../contracts/synonyms.ts';
import { degradationOf } from '../legs/askLegs.ts';
import type { Degradation } from '../legs/askLegs.ts';
import type { TenantSynonyms } from '../synonyms/tenantSynonyms.ts';
import type { TenantSearchSettings } from './tenantSearchSettings.ts';

export interface TenantDefaultsSources {
  readonly synonyms?: Pick<TenantSynonyms, 'known'> | undefined;
  readonly searchSettings?: Pick<TenantSearchSettings, 'known'> | undefined;
}

/** What a tenant has set for its searches, as far as it is known; what could not be read is told in `degradations`. */
export interface TenantDefaults {
  readonly synonyms: Synonyms;
  readonly settings: StoredSearchSettings;
  readonly degradations: readonly Degradation[];
}

/** As a rule both are in memory. Synonyms that could not be read make no difference to a search by meaning alone. */
export async function tenantDefaults({ synonyms, searchSettings }: TenantDefaultsSources, principal: Principal, { mode }: Pick<SearchRequest, 'mode'>): Promise<TenantDefaults> {
  const [words, settings] = await Promise.all([synonyms?.known(principal), searchSettings?.known(principal)]);
  const degradations: Degradation[] = [];
  if (words?.failure !== undefined && mode !== 'dense') degradations.push(degradationOf('synonyms', words.failure));
  if (settings?.failure !== undefined) degradations.push(degradationOf('settings', settings.failure));
  return { synonyms: words?.value ?? noSynonyms, settings: settings?.value ?? noSearchSettings, degradations };
}

/** What the settings came to in one search. */
export interface AppliedDefaults {
  readonly revision: number;
  readonly boosts: SearchBoosts;
  readonly termWeights: readonly TermWeightUse[];
}

/** Boosts of the request take the place of the tenant's, field by field. */
export function appliedOf({ settings }: TenantDefaults, { boosts: asked = {} }: Pick<SearchRequest, 'boosts'>, termWeights: readonly TermWeightUse[]): AppliedDefaults {
  const own = Object.fromEntries(Object.entries(asked).filter(([, value]) => value !== undefined));
  return { revision: settings.revision, boosts: { ...settings.boosts, ...own }, termWeights };
}
