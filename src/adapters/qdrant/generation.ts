import { z } from 'zod';
import type { EmbeddingContract } from '../../contracts/embedding.ts';
import { contractFingerprint } from '../../contracts/embedding.ts';
import { CatalystError } from '../../contracts/errors.ts';
import { canonicalJson } from '../../contracts/identifiers.ts';
import { collectionSettings, generationName, payloadIndexes } from './collectionSchema.ts';
import type { QdrantIndexOptions } from './options.ts';
import type { RestClient } from './restClient.ts';
import { understood } from './understood.ts';

/**
 * Makes the generation, its payload indexes and the alias where they are missing. Safe to run again, and in several
 * processes at once: each step is idempotent, and the contract is compared once more after the alias is set.
 */
export async function prepareGeneration(client: RestClient, options: QdrantIndexOptions): Promise<void> {
  const { alias, contract } = options;
  const present = await aliasTarget(client, alias);
  const collection = present ?? generationName(alias, contract);
  if (present === undefined) await createCollection(client, collection, contract);
  await checkContract(client, options, collection);
  for (const [field, schema] of payloadIndexes) {
    const path = `/collections/${encodeURIComponent(collection)}/index?wait=true`;
    await client.result({ operation: `index the field ${field}`, method: 'PUT', path, body: JSON.stringify({ field_name: field, field_schema: schema }) });
  }
  // Asked again: creating an alias that exists would move it, away from another process that started meanwhile.
  if (present === undefined && (await aliasTarget(client, alias)) === undefined) {
    const actions = [{ create_alias: { collection_name: collection, alias_name: alias } }];
    await client.result({ operation: `create the alias ${alias}`, method: 'POST', path: '/collections/aliases', body: JSON.stringify({ actions }) });
  }
  await checkContract(client, options, alias);
}

async function createCollection(client: RestClient, collection: string, contract: EmbeddingContract): Promise<void> {
  const body = JSON.stringify(collectionSettings(contract));
  const path = `/collections/${encodeURIComponent(collection)}`;
  // 409: there already, from a start that was cut off or from another process.
  await client.answer({ operation: `create the collection ${collection}`, method: 'PUT', path, body }, [409]);
}

const aliasesSchema = z.object({ aliases: z.array(z.object({ alias_name: z.string(), collection_name: z.string() })) });

async function aliasTarget(client: RestClient, alias: string): Promise<string | undefined> {
  const result = await client.result({ operation: 'list the aliases', method: 'GET', path: '/aliases' });
  return understood(aliasesSchema, result, 'list the aliases').aliases.find(({ alias_name }) => alias_name === alias)?.collection_name;
}

const collectionSchema = z.object({
  config: z.object({ metadata: z.object({ fingerprint: z.string(), embeddingContract: z.unknown() }).nullish().catch(undefined) }),
});

/** Throws EMBEDDING_CONTRACT_MISMATCH where the collection's vectors were made by anything but `options.contract`. */
export async function checkContract(client: RestClient, options: QdrantIndexOptions, collection: string, signal?: AbortSignal): Promise<void> {
  const path = `/collections/${encodeURIComponent(collection)}`;
  const result = await client.result({ operation: `read the collection ${collection}`, method: 'GET', path, ...(signal === undefined ? {} : { signal }) });
  const stored = understood(collectionSchema, result, `read the collection ${collection}`).config.metadata;
  if (stored?.fingerprint === contractFingerprint(options.contract)) return;
  const found = stored === undefined || stored === null ? 'no contract at all' : canonicalJson(stored.embeddingContract);
  throw new CatalystError(
    'EMBEDDING_CONTRACT_MISMATCH',
    `The index "${options.alias}" was built with ${found}; this process is configured with ${canonicalJson(options.contract)}.`,
  );
}
