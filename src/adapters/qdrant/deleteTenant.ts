import { z } from 'zod';
import { tenantFilter } from '../../tenancy/versionFilter.ts';
import { dropCollection, listAliases, listCollections, pointAliases, removeAlias } from './collections.ts';
import { isOwnCollection, tenantAlias } from './placements.ts';
import type { Placements } from './placements.ts';
import { applyInOrder } from './points.ts';
import type { RestClient } from './restClient.ts';
import { understood } from './understood.ts';

/**
 * Removes the points of a tenant from the shared generation, where some may be left of a time before it moved, and the collections that are its
 * own. Its alias goes with them; where the configuration still names the tenant, it leads to the shared generation again, so that what comes
 * late from a process finds a place and nothing in it. Answers how many points are left.
 */
export async function deleteTenant(client: RestClient, { shared, dedicatedTenants }: Placements, tenant: string): Promise<number> {
  await dropOwn(client, shared, tenant, dedicatedTenants.includes(tenant));
  const points = `/collections/${encodeURIComponent(shared)}/points`;
  const filter = tenantFilter(tenant);
  await applyInOrder(client, points, 'delete a tenant', [{ delete: { filter } }]);
  const result = await client.result({ operation: 'count points', method: 'POST', path: `${points}/count`, body: JSON.stringify({ filter, exact: true }) });
  return understood(z.object({ count: z.number() }), result, 'count points').count;
}

async function dropOwn(client: RestClient, shared: string, tenant: string, isNamed: boolean): Promise<void> {
  const alias = tenantAlias(shared, tenant);
  const aliases = await listAliases(client);
  const [target, common] = [aliases.get(alias), aliases.get(shared)];
  if (isNamed && target !== common && common !== undefined) await pointAliases(client, [alias], common);
  if (!isNamed && target !== undefined) await removeAlias(client, alias);
  for (const collection of await listCollections(client)) if (isOwnCollection(alias, collection)) await dropCollection(client, collection);
}
