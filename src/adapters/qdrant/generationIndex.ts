import { z } from 'zod';
import { contractFingerprint } from '../../contracts/embedding.ts';
import type { EmbeddingContract } from '../../contracts/embedding.ts';
import { CatalystError } from '../../contracts/errors.ts';
import { digestOfJson } from '../../contracts/identifiers.ts';
import type { ChunkSearch } from '../../ports/chunkSearch.ts';
import type { GenerationIndex } from '../../ports/generationIndex.ts';
import { indexFields } from '../../tenancy/indexFields.ts';
import { documentsUpToFilter, otherCutsFilter, tenantFilter, versionFilter } from '../../tenancy/versionFilter.ts';
import { compareSearches } from './compareSearches.ts';
import { createCollection, dropCollection, indexPayload, listAliases, pointAliases, readContract, readRecut, readSettings, readStatistics, readVectors } from './collections.ts';
import { denseVectorOf, generationSettings } from './collectionSchema.ts';
import type { QdrantConnection, QdrantIndexOptions } from './options.ts';
import { createPlacements, isOwnCollection, tenantAlias, tenantOfAlias } from './placements.ts';
import { applyInOrder, writePoints } from './points.ts';
import { createReading } from './reading.ts';
import { createRestClient } from './restClient.ts';
import type { RestClient } from './restClient.ts';
import { createServingVectors } from './servingVectors.ts';
import { understood } from './understood.ts';

export interface GenerationIndexOptions extends QdrantConnection, Pick<QdrantIndexOptions, 'statisticsPerTenant' | 'searching'> {
  readonly alias: string;
  /** Default: none. */
  readonly dedicatedTenants?: readonly string[] | undefined;
}

const pathOf = (generation: string): string => `/collections/${encodeURIComponent(generation)}`;
const passagesPerPage = 256;
/** Points that are older than the times of visibility do not say them. */
const notCompared = [indexFields.ingestedAt, indexFields.visibleFrom, indexFields.visibleUntil];

/** Generations by their own names, for what changes the index as a whole. */
export function createGenerationIndex(options: GenerationIndexOptions): GenerationIndex & { /** Searches in one generation, whether it serves or not. */ searchIn(generation: string, contract: EmbeddingContract): ChunkSearch; close(): Promise<void> } {
  const client = createRestClient(options);
  const { alias } = options;
  const aliasOf = (tenant: string | null): string => (tenant === null ? alias : tenantAlias(alias, tenant));
  const servingOf = async (tenant: string | null): Promise<string | undefined> => {
    const targets = await listAliases(client);
    return targets.get(aliasOf(tenant)) ?? targets.get(alias);
  };
  return {
    alias,
    dedicatedTenants: options.dedicatedTenants ?? [],
    aliasOf,
    serving: (tenant = null) => servingOf(tenant),
    contractOf: (generation) => readContract(client, generation),
    recutOf: (generation) => readRecut(client, generation),
    describe: generationSettings,
    settingsOf: (generation) => readSettings(client, generation),
    async create(generation, contract, settings, tenant = null, recut = null) {
      const serving = await readVectors(client, (await servingOf(tenant)) ?? alias);
      await createCollection(client, generation, contract, serving.fingerprint === contractFingerprint(contract) ? serving.denseVector : denseVectorOf(contract), settings, recut);
      await indexPayload(client, generation);
    },
    async write(generation, points) {
      const { denseVector } = await readVectors(client, generation);
      await writePoints(client, `${pathOf(generation)}/points`, points, denseVector);
    },
    async countByTenant(generation, tenants) {
      const body = JSON.stringify({ key: indexFields.tenant, limit: Math.max(1, tenants), exact: true });
      const result = await client.result({ operation: 'count by tenant', method: 'POST', path: `${pathOf(generation)}/facet`, body });
      return understood(facetSchema, result, 'count by tenant').hits.flatMap(({ value, count }) => (count === 0 ? [] : [{ tenant: value, points: count }]));
    },
    digestVersion: (generation, tenant, version) => digestVersion(client, `${pathOf(generation)}/points`, versionFilter(tenant, [version])),
    async compareSearches(generation, points, limit) {
      const { denseVector } = await readVectors(client, generation);
      return compareSearches(client, pathOf(generation), { denseVector, points, limit, searching: options.searching });
    },
    statistics: (generation) => readStatistics(client, generation),
    pointAliasAt: (generation, tenant, returning = []) => (tenant === null ? pointShared(client, alias, generation, returning) : pointAliases(client, [aliasOf(tenant)], generation)),
    ...createRemovals(client, aliasOf),
    searchIn: (generation, contract) => createTrialSearch(client, generation, contract, options.statisticsPerTenant ?? true),
    close: () => client.close(),
  };
}

function createRemovals(client: RestClient, aliasOf: GenerationIndex['aliasOf']): Pick<GenerationIndex, 'keepOnly' | 'removeDocuments' | 'removeTenant' | 'drop'> {
  return {
    async keepOnly(generation, tenant, documentIds, versions) {
      if (documentIds.length === 0) return;
      await applyInOrder(client, `${pathOf(generation)}/points`, 'remove what is no longer shown', [{ delete: { filter: otherCutsFilter(tenant, documentIds, versions) } }]);
    },
    async removeDocuments(generation, tenant, documents) {
      if (documents.length === 0) return;
      await applyInOrder(client, `${pathOf(generation)}/points`, 'delete documents', [{ delete: { filter: documentsUpToFilter(tenant, documents) } }]);
    },
    async removeTenant(generation, tenant) {
      if ((await listAliases(client)).get(aliasOf(tenant)) === generation) throw new CatalystError('INDEX_REJECTED', `The generation ${generation} serves "${tenant}", whose points stay.`);
      const filter = tenantFilter(tenant);
      const result = await client.result({ operation: 'count points', method: 'POST', path: `${pathOf(generation)}/points/count`, body: JSON.stringify({ filter, exact: true }) });
      await applyInOrder(client, `${pathOf(generation)}/points`, 'remove a tenant that has moved', [{ delete: { filter } }]);
      return understood(countSchema, result, 'count points').count;
    },
    async drop(generation) {
      const [name] = [...(await listAliases(client))].find(([, target]) => target === generation) ?? [];
      if (name !== undefined) throw new CatalystError('INDEX_REJECTED', `The generation ${generation} serves "${name}" and cannot be dropped.`);
      await dropCollection(client, generation);
    },
  };
}

async function digestVersion(client: RestClient, points: string, filter: unknown): Promise<Map<string, string>> {
  const digests = new Map<string, string>();
  let offset: string | null = null;
  do {
    const body: string = JSON.stringify({ filter, limit: passagesPerPage, with_payload: { exclude: notCompared }, with_vector: true, ...(offset === null ? {} : { offset }) });
    const result = await client.result({ operation: 'compare points', method: 'POST', path: `${points}/scroll`, body });
    const page = understood(scrollSchema, result, 'compare points');
    for (const { id, payload, vector } of page.points) digests.set(id, digestOfJson({ payload, vector }));
    offset = page.next_page_offset ?? null;
  } while (offset !== null);
  return digests;
}

function createTrialSearch(client: RestClient, generation: string, contract: EmbeddingContract, statisticsPerTenant: boolean): ChunkSearch {
  const placements = createPlacements(generation);
  return createReading(client, createServingVectors(client, placements), { placements, contract, statisticsPerTenant });
}

/** Again until nothing is left behind: a process that starts may have set an alias between the look and the step. */
async function pointShared(client: RestClient, shared: string, generation: string, returning: readonly string[]): Promise<void> {
  for (let look = 0; look < 5; look += 1) {
    const behind = [...(await listAliases(client))].filter(([alias, target]) => {
      if (target === generation) return false;
      const tenant = tenantOfAlias(shared, alias);
      return alias === shared || (tenant !== undefined && (returning.includes(tenant) || !isOwnCollection(alias, target)));
    });
    if (behind.length === 0) return;
    await pointAliases(client, behind.map(([alias]) => alias), generation);
  }
}

const countSchema = z.object({ count: z.number() });
const facetSchema = z.object({ hits: z.array(z.object({ value: z.string(), count: z.number() })) });
const scrollSchema = z.object({ points: z.array(z.object({ id: z.string(), payload: z.unknown(), vector: z.unknown() })), next_page_offset: z.string().nullish() });
