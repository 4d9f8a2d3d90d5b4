import { digestOf } from '../../contracts/identifiers.ts';

/** Under which names the points of tenants are reached. */
export interface Placements {
  /** The alias of all tenants that have none of their own. */
  readonly shared: string;
  /** Tenants with an alias of their own, which leads to the shared generation until the tenant has moved. */
  readonly dedicatedTenants: readonly string[];
  /** The alias that every read and write of the tenant goes through. */
  aliasFor(tenant: string): string;
  /** The same as the beginning of a path. */
  pathFor(tenant: string): string;
}

export function createPlacements(shared: string, dedicatedTenants: readonly string[] = []): Placements {
  const aliases = new Map(dedicatedTenants.map((tenant) => [tenant, tenantAlias(shared, tenant)]));
  const paths = new Map([...aliases].map(([tenant, alias]) => [tenant, pathOf(alias)]));
  const sharedPath = pathOf(shared);
  return { shared, dedicatedTenants, aliasFor: (tenant) => aliases.get(tenant) ?? shared, pathFor: (tenant) => paths.get(tenant) ?? sharedPath };
}

/** Two indexes in one Qdrant, and two tenants of one index, never meet in a name: the digest is of both. */
export function tenantAlias(shared: string, tenant: string): string {
  return `${shared}--${tenant}-${digestOf(JSON.stringify([shared, tenant])).slice('sha256:'.length, 'sha256:'.length + 12)}`;
}

/** The tenant whose alias this is; undefined where it is none of this index. */
export function tenantOfAlias(shared: string, alias: string): string | undefined {
  const tenant = alias.startsWith(`${shared}--`) ? alias.slice(shared.length + 2, -13) : '';
  return tenant !== '' && tenantAlias(shared, tenant) === alias ? tenant : undefined;
}

/** Whether a collection was made for this alias alone. */
export function isOwnCollection(alias: string, collection: string): boolean {
  return collection.startsWith(`${alias}_`);
}

function pathOf(collection: string): string {
  return `/collections/${encodeURIComponent(collection)}`;
}
