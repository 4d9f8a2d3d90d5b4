import { z } from 'zod';
import { CatalystError } from '../../contracts/errors.ts';
import { digestOfJson } from '../../contracts/identifiers.ts';
import type { GenerationIndex } from '../../ports/generationIndex.ts';
import { indexFields } from '../../tenancy/indexFields.ts';
import { otherVersionsFilter, versionFilter } from '../../tenancy/versionFilter.ts';
import { aliasTarget, createCollection, dropCollection, indexPayload, pointAlias, readContract, readStatistics } from './collections.ts';
import { generationSettings } from './collectionSchema.ts';
import type { QdrantConnection } from './options.ts';
import { applyInOrder, writePoints } from './points.ts';
import { createRestClient } from './restClient.ts';
import { understood } from './understood.ts';

export interface GenerationIndexOptions extends QdrantConnection {
  readonly alias: string;
}

const passagesPerPage = 256;
/** Points that are older than the times of visibility do not say them. */
const notCompared = [indexFields.ingestedAt, indexFields.visibleFrom, indexFields.visibleUntil];

/** Generations by their own names, for what changes the index as a whole. */
export function createGenerationIndex(options: GenerationIndexOptions): GenerationIndex & { close(): Promise<void> } {
  const client = createRestClient(options);
  const { alias } = options;
  const pathOf = (generation: string): string => `/collections/${encodeURIComponent(generation)}`;
  return {
    alias,
    serving: () => aliasTarget(client, alias),
    contractOf: (generation) => readContract(client, generation),
    settings: generationSettings,
    async create(generation, contract) {
      await createCollection(client, generation, contract);
      await indexPayload(client, generation);
    },
    write: (generation, points) => writePoints(client, `${pathOf(generation)}/points`, points),
    async keepOnly(generation, tenant, documentIds, versionIds) {
      if (documentIds.length === 0) return;
      await applyInOrder(client, `${pathOf(generation)}/points`, 'remove what is no longer shown', [{ delete: { filter: otherVersionsFilter(tenant, documentIds, versionIds) } }]);
    },
    async countByTenant(generation, tenants) {
      const body = JSON.stringify({ key: indexFields.tenant, limit: Math.max(1, tenants), exact: true });
      const result = await client.result({ operation: 'count by tenant', method: 'POST', path: `${pathOf(generation)}/facet`, body });
      return understood(facetSchema, result, 'count by tenant').hits.map(({ value, count }) => ({ tenant: value, points: count }));
    },
    async digestVersion(generation, tenant, version) {
      const digests = new Map<string, string>();
      let offset: string | null = null;
      do {
        const body: string = JSON.stringify({ filter: versionFilter(tenant, [version]), limit: passagesPerPage, with_payload: { exclude: notCompared }, with_vector: true, ...(offset === null ? {} : { offset }) });
        const result = await client.result({ operation: 'compare points', method: 'POST', path: `${pathOf(generation)}/points/scroll`, body });
        const page = understood(scrollSchema, result, 'compare points');
        for (const { id, payload, vector } of page.points) digests.set(id, digestOfJson({ payload, vector }));
        offset = page.next_page_offset ?? null;
      } while (offset !== null);
      return digests;
    },
    statistics: (generation) => readStatistics(client, generation),
    pointAliasAt: (generation) => pointAlias(client, alias, generation),
    async drop(generation) {
      if ((await aliasTarget(client, alias)) === generation) throw new CatalystError('INDEX_REJECTED', `The generation ${generation} serves "${alias}" and cannot be dropped.`);
      await dropCollection(client, generation);
    },
    close: () => client.close(),
  };
}

const facetSchema = z.object({ hits: z.array(z.object({ value: z.string(), count: z.number() })) });
const scrollSchema = z.object({ points: z.array(z.object({ id: z.string(), payload: z.unknown(), vector: z.unknown() })), next_page_offset: z.string().nullish() });
