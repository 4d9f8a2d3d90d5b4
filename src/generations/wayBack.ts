import type { Generation } from '../contracts/generations.ts';

/**
 * The generation that served before: of the tenants that share one (null), or of a tenant with a collection of its own. For the latter the one
 * before it, else the shared one, while that holds the tenant's points still.
 */
export function wayBack(known: readonly Generation[], tenant: string | null): string | undefined {
  const retired = known.filter((generation) => generation.state === 'retired' && generation.tenant === tenant).sort((left, right) => ((left.retiredAt ?? '') < (right.retiredAt ?? '') ? 1 : -1));
  const left = tenant === null ? undefined : known.find(({ state, excluded, departures }) => state === 'serving' && Object.hasOwn(departures, tenant) && !excluded.includes(tenant));
  return retired[0]?.id ?? left?.id;
}
