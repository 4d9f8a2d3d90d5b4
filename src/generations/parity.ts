/** What a tenant has, by the registry or by a generation. */
export interface TenantHoldings {
  readonly tenant: string;
  readonly points: number;
}

export interface Difference {
  readonly tenant: string;
  /** By the registry. */
  readonly expected: number;
  readonly found: number;
}

/** Tenants of which a generation does not hold what the registry says; those that only one side knows count. */
export function compareHoldings(expected: readonly TenantHoldings[], found: readonly TenantHoldings[]): Difference[] {
  const wanted = new Map(expected.map(({ tenant, points }) => [tenant, points]));
  const held = new Map(found.map(({ tenant, points }) => [tenant, points]));
  return [...new Set([...wanted.keys(), ...held.keys()])]
    .map((tenant) => ({ tenant, expected: wanted.get(tenant) ?? 0, found: held.get(tenant) ?? 0 }))
    .filter((difference) => difference.expected !== difference.found);
}
