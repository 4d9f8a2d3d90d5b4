import { z } from 'zod';
import { embeddingContractSchema } from '../../contracts/embedding.ts';
import type { EmbeddingContract } from '../../contracts/embedding.ts';
import type { PhysicalStatistics } from '../../contracts/generations.ts';
import { indexSettingsSchema, settingsOfBefore } from '../../contracts/indexSettings.ts';
import type { IndexSettings } from '../../contracts/indexSettings.ts';
import { recutSchema } from '../../contracts/recut.ts';
import type { Recut } from '../../contracts/recut.ts';
import { collectionSettings, firstDenseVector, payloadIndexes } from './collectionSchema.ts';
import type { RestClient } from './restClient.ts';
import { understood } from './understood.ts';

/** Collections as such: made, looked at, led to by an alias, dropped. Each step may be repeated. */

const pathOf = (collection: string): string => `/collections/${encodeURIComponent(collection)}`;

export async function createCollection(client: RestClient, collection: string, contract: EmbeddingContract, denseVector: string, settings: IndexSettings, recut: Recut | null = null): Promise<void> {
  const body = JSON.stringify(collectionSettings(contract, denseVector, settings, recut));
  // 409: there already, from a start that was cut off or from another process.
  await client.answer({ operation: `create the collection ${collection}`, method: 'PUT', path: pathOf(collection), body }, [409]);
}

export async function indexPayload(client: RestClient, collection: string): Promise<void> {
  for (const [field, schema] of payloadIndexes) {
    const path = `${pathOf(collection)}/index?wait=true`;
    await client.result({ operation: `index the field ${field}`, method: 'PUT', path, body: JSON.stringify({ field_name: field, field_schema: schema }) });
  }
}

const aliasesSchema = z.object({ aliases: z.array(z.object({ alias_name: z.string(), collection_name: z.string() })) });

/** Collections by the aliases that lead to them. */
export async function listAliases(client: RestClient, signal?: AbortSignal): Promise<ReadonlyMap<string, string>> {
  const result = await client.result({ operation: 'list the aliases', method: 'GET', path: '/aliases', ...(signal === undefined ? {} : { signal }) });
  return new Map(understood(aliasesSchema, result, 'list the aliases').aliases.map(({ alias_name: alias, collection_name: collection }) => [alias, collection]));
}

export async function aliasTarget(client: RestClient, alias: string): Promise<string | undefined> {
  return (await listAliases(client)).get(alias);
}

/** Creating an alias that exists moves it, in one step. */
export async function pointAlias(client: RestClient, alias: string, collection: string): Promise<void> {
  await pointAliases(client, [alias], collection);
}

/** All of them or none. */
export async function pointAliases(client: RestClient, aliases: readonly string[], collection: string): Promise<void> {
  const actions = aliases.map((alias) => ({ create_alias: { collection_name: collection, alias_name: alias } }));
  await client.result({ operation: `point the alias ${aliases.join(', ')} at ${collection}`, method: 'POST', path: '/collections/aliases', body: JSON.stringify({ actions }) });
}

export async function removeAlias(client: RestClient, alias: string): Promise<void> {
  await client.result({ operation: `remove the alias ${alias}`, method: 'POST', path: '/collections/aliases', body: JSON.stringify({ actions: [{ delete_alias: { alias_name: alias } }] }) });
}

export async function dropCollection(client: RestClient, collection: string): Promise<void> {
  await client.answer({ operation: `drop the collection ${collection}`, method: 'DELETE', path: pathOf(collection) }, [404]);
}

const collectionsSchema = z.object({ collections: z.array(z.object({ name: z.string() })) });

export async function listCollections(client: RestClient): Promise<string[]> {
  const result = await client.result({ operation: 'list the collections', method: 'GET', path: '/collections' });
  return understood(collectionsSchema, result, 'list the collections').collections.map(({ name }) => name);
}

const informationSchema = z.object({
  points_count: z.number().nullish(),
  indexed_vectors_count: z.number().nullish(),
  segments_count: z.number().nullish(),
  config: z.object({
    params: z.object({ vectors: z.record(z.string(), z.object({ size: z.number() })).catch({}) }),
    metadata: z.object({ embeddingContract: z.unknown(), fingerprint: z.string().optional(), denseVector: z.string().optional(), settings: z.unknown().optional(), recut: recutSchema.optional() }).nullish().catch(undefined),
  }),
});

async function readCollection(client: RestClient, collection: string): Promise<z.infer<typeof informationSchema> | undefined> {
  const operation = `read the collection ${collection}`;
  const answer = await client.answer({ operation, method: 'GET', path: pathOf(collection) }, [404]);
  return answer === null ? undefined : understood(z.object({ result: informationSchema }), answer, operation).result;
}

/** Undefined where there is no such collection, or none that this product made. */
export async function readContract(client: RestClient, collection: string): Promise<EmbeddingContract | undefined> {
  return embeddingContractSchema.safeParse((await readCollection(client, collection))?.config.metadata?.embeddingContract).data;
}

/** Undefined where there is no such collection. */
export async function readRecut(client: RestClient, collection: string): Promise<Recut | null | undefined> {
  const found = await readCollection(client, collection);
  return found === undefined ? undefined : (found.config.metadata?.recut ?? null);
}

/** What the vectors of a collection are made by, and what they are called. */
export interface CollectionVectors {
  /** Undefined where the collection was not made by this product. */
  readonly fingerprint: string | undefined;
  readonly contract: unknown;
  readonly denseVector: string;
}

/** Of a collection or of what an alias leads to. */
export async function readVectors(client: RestClient, collection: string, signal?: AbortSignal): Promise<CollectionVectors> {
  const operation = `read the collection ${collection}`;
  const result = await client.result({ operation, method: 'GET', path: pathOf(collection), ...(signal === undefined ? {} : { signal }) });
  const { metadata } = understood(informationSchema, result, operation).config;
  return { fingerprint: metadata?.fingerprint, contract: metadata?.embeddingContract, denseVector: metadata?.denseVector ?? firstDenseVector };
}

/** What it was made with; undefined where there is no such collection. */
export async function readSettings(client: RestClient, collection: string): Promise<IndexSettings | undefined> {
  const found = await readCollection(client, collection);
  return found === undefined ? undefined : (indexSettingsSchema.safeParse(found.config.metadata?.settings).data ?? settingsOfBefore);
}

export async function readStatistics(client: RestClient, collection: string): Promise<PhysicalStatistics | undefined> {
  const found = await readCollection(client, collection);
  if (found === undefined) return undefined;
  const points = found.points_count ?? 0;
  return {
    points,
    segments: found.segments_count ?? 0,
    unindexedVectors: Math.max(0, points - (found.indexed_vectors_count ?? 0)),
    vectorBytes: points * Object.values(found.config.params.vectors).reduce((sum, { size }) => sum + size, 0) * Float32Array.BYTES_PER_ELEMENT,
  };
}
