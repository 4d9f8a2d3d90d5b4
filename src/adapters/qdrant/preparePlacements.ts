import { CatalystError } from '../../contracts/errors.ts';
import { indexPayload, listAliases, pointAliases } from './collections.ts';
import { checkContract } from './generation.ts';
import type { QdrantIndexOptions } from './options.ts';
import { isOwnCollection, tenantOfAlias } from './placements.ts';
import type { Placements } from './placements.ts';
import type { RestClient } from './restClient.ts';

/**
 * Has the alias of each tenant that is to have one lead to where the tenant's points are: to the shared generation until it has moved. Safe to
 * run again and in several processes. Throws CONFIGURATION_INVALID where a tenant has moved that is not named any more.
 */
export async function preparePlacements(client: RestClient, options: QdrantIndexOptions, placements: Placements): Promise<void> {
  await checkPlacements(client, placements);
  // A second look: a switch of the shared generation between the look and the step would leave an alias behind.
  for (let look = 0; look < 2; look += 1) await leadToShared(client, placements);
  for (const tenant of placements.dedicatedTenants) {
    const alias = placements.aliasFor(tenant);
    await checkContract(client, options, alias);
    const collection = (await listAliases(client)).get(alias);
    if (collection !== undefined && isOwnCollection(alias, collection)) await indexPayload(client, collection);
  }
}

/** Throws CONFIGURATION_INVALID where a tenant has a collection of its own and this process would look for it in the shared one. */
export async function checkPlacements(client: RestClient, { shared, dedicatedTenants }: Placements, signal?: AbortSignal): Promise<void> {
  for (const [alias, collection] of await listAliases(client, signal)) {
    const tenant = tenantOfAlias(shared, alias);
    if (tenant === undefined || dedicatedTenants.includes(tenant) || !isOwnCollection(alias, collection)) continue;
    throw new CatalystError(
      'CONFIGURATION_INVALID',
      `The tenant "${tenant}" has a collection of its own (${collection}), but CATALYST_DEDICATED_TENANTS does not name it. Name it again; to have it back among the others, run \`catalyst index compact --take-back ${tenant}\` first.`,
    );
  }
}

async function leadToShared(client: RestClient, { shared, dedicatedTenants, ...placements }: Placements): Promise<void> {
  const targets = await listAliases(client);
  const collection = targets.get(shared);
  if (collection === undefined) return;
  const astray = dedicatedTenants.map((tenant) => placements.aliasFor(tenant)).filter((alias) => {
    const target = targets.get(alias);
    return target === undefined || (target !== collection && !isOwnCollection(alias, target));
  });
  if (astray.length > 0) await pointAliases(client, astray, collection);
}
