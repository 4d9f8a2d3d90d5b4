import { contractFingerprint } from '../../contracts/embedding.ts';
import { CatalystError } from '../../contracts/errors.ts';
import { canonicalJson } from '../../contracts/identifiers.ts';
import { aliasTarget, createCollection, indexPayload, pointAlias, readVectors } from './collections.ts';
import type { CollectionVectors } from './collections.ts';
import { firstDenseVector, generationName } from './collectionSchema.ts';
import type { QdrantIndexOptions } from './options.ts';
import type { RestClient } from './restClient.ts';

/**
 * Makes the generation, its payload indexes and the alias where they are missing. Safe to run again, and in several
 * processes at once: each step is idempotent, and the contract is compared once more after the alias is set.
 */
export async function prepareGeneration(client: RestClient, options: QdrantIndexOptions): Promise<void> {
  const { alias, contract } = options;
  const present = await aliasTarget(client, alias);
  const collection = present ?? generationName(alias, contract);
  if (present === undefined) await createCollection(client, collection, contract, firstDenseVector);
  await checkContract(client, options, collection);
  await indexPayload(client, collection);
  // Asked again: creating an alias that exists would move it, away from another process that started meanwhile.
  if (present === undefined && (await aliasTarget(client, alias)) === undefined) await pointAlias(client, alias, collection);
  await checkContract(client, options, alias);
}

/** Throws EMBEDDING_CONTRACT_MISMATCH where the collection's vectors were made by anything but the contracts of the options. */
export async function checkContract(client: RestClient, options: QdrantIndexOptions, collection: string, signal?: AbortSignal): Promise<CollectionVectors> {
  const stored = await readVectors(client, collection, signal);
  const contracts = [options.contract, ...(options.otherContracts ?? [])];
  if (contracts.some((contract) => contractFingerprint(contract) === stored.fingerprint)) return stored;
  const found = stored.fingerprint === undefined ? 'no contract at all' : canonicalJson(stored.contract);
  throw new CatalystError(
    'EMBEDDING_CONTRACT_MISMATCH',
    `The index "${options.alias}" was built with ${found}; this process is configured with ${contracts.map((contract) => canonicalJson(contract)).join(' and ')}.`,
  );
}
