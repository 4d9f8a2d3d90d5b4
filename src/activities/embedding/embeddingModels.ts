import { contractFingerprint } from '../../contracts/embedding.ts';
import type { EmbeddingContract } from '../../contracts/embedding.ts';
import { CatalystError } from '../../contracts/errors.ts';
import type { Embedder } from '../../ports/embedder.ts';
import type { ServingContract } from '../../ports/servingContract.ts';

/** The models of this process: one, or two while the index is changed from one to the other. */
export interface EmbeddingModels {
  readonly all: readonly Embedder[];
  /** The one that the index of the tenant is made by at this moment. Throws EMBEDDING_CONTRACT_MISMATCH where this process does not have it. */
  serving(tenant: string): Promise<Embedder>;
  /** Throws EMBEDDING_CONTRACT_MISMATCH where this process does not have it. */
  of(contract: EmbeddingContract): Embedder;
}

export function createEmbeddingModels(all: readonly [Embedder, ...Embedder[]], serving: ServingContract): EmbeddingModels {
  const byFingerprint = new Map(all.map((embedder) => [contractFingerprint(embedder.contract), embedder]));
  const find = (fingerprint: string | undefined): Embedder => {
    const found = fingerprint === undefined ? undefined : byFingerprint.get(fingerprint);
    if (found === undefined) throw new CatalystError('EMBEDDING_CONTRACT_MISMATCH', `This process has no model of the embedding contract ${fingerprint ?? 'that the index was made by'}.`);
    return found;
  };
  return {
    all,
    // With a single model there is nothing to ask: writes are refused where the index is of another one.
    serving: async (tenant) => (all.length === 1 ? all[0] : find(await serving.refresh(tenant))),
    of: (contract) => find(contractFingerprint(contract)),
  };
}
