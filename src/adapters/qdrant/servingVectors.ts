import { contractFingerprint } from '../../contracts/embedding.ts';
import type { EmbeddingContract } from '../../contracts/embedding.ts';
import { CatalystError } from '../../contracts/errors.ts';
import { canonicalJson } from '../../contracts/identifiers.ts';
import { readVectors } from './collections.ts';
import type { CollectionVectors } from './collections.ts';
import type { RestClient } from './restClient.ts';

/** What the vectors behind the alias are, as this process last saw it: asked once, and again where a request shows that it has changed. */
export interface ServingVectors {
  known(): Promise<CollectionVectors>;
  refresh(): Promise<CollectionVectors>;
  /** What vectors of this contract are called. Throws INDEX_MOVED where the alias leads to those of another one. */
  nameFor(contract: EmbeddingContract): Promise<string>;
  /** Runs a request that names vectors; where it comes too late, the next one finds what is there now. */
  watching<Result>(work: () => Promise<Result>): Promise<Result>;
}

export function createServingVectors(client: RestClient, alias: string): ServingVectors {
  let last: Promise<CollectionVectors> | undefined;
  const refresh = (): Promise<CollectionVectors> => {
    const reading = readVectors(client, alias);
    last = reading;
    // A failure is not remembered.
    reading.catch(() => (last === reading ? (last = undefined) : undefined));
    return reading;
  };
  const known = (): Promise<CollectionVectors> => last ?? refresh();
  return {
    known,
    refresh,
    async nameFor(contract) {
      const fingerprint = contractFingerprint(contract);
      const seen = await known();
      if (seen.fingerprint === fingerprint) return seen.denseVector;
      const now = await refresh();
      if (now.fingerprint === fingerprint) return now.denseVector;
      throw new CatalystError('INDEX_MOVED', `The index "${alias}" serves vectors of ${canonicalJson(now.contract)}; these are of ${canonicalJson(contract)}.`);
    },
    async watching(work) {
      try {
        return await work();
      } catch (thrown) {
        if (thrown instanceof CatalystError && thrown.code === 'INDEX_MOVED') last = undefined;
        throw thrown;
      }
    },
  };
}
