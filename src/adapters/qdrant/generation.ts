import { z } from 'zod';
import { contractFingerprint } from '../../contracts/embedding.ts';
import { CatalystError } from '../../contracts/errors.ts';
import { canonicalJson } from '../../contracts/identifiers.ts';
import { settingsOfBefore } from '../../contracts/indexSettings.ts';
import { aliasTarget, createCollection, indexPayload, pointAlias } from './collections.ts';
import { generationName } from './collectionSchema.ts';
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
  if (present === undefined) await createCollection(client, collection, contract, options.settings ?? settingsOfBefore);
  await checkContract(client, options, collection);
  await indexPayload(client, collection);
  // Asked again: creating an alias that exists would move it, away from another process that started meanwhile.
  if (present === undefined && (await aliasTarget(client, alias)) === undefined) await pointAlias(client, alias, collection);
  await checkContract(client, options, alias);
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
