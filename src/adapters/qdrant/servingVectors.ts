import { contractFingerprint } from '../../contracts/embedding.ts';
import type { EmbeddingContract } from '../../contracts/embedding.ts';
import { CatalystError } from '../../contracts/errors.ts';
import { canonicalJson } from '../../contracts/identifiers.ts';
import { readVectors } from './collections.ts';
import type { CollectionVectors } from './collections.ts';
import type { Placements } from './placements.ts';
import type { RestClient } from './restClient.ts';

/** What the vectors behind a tenant's alias are, as this process last saw it: asked once, and again where a request shows that it has changed. */
export interface ServingVectors {
  known(tenant: string): Promise<CollectionVectors>;
  refresh(tenant: string): Promise<CollectionVectors>;
  /** What vectors of this contract are called. Throws INDEX_MOVED where the alias leads to those of another one. */
  nameFor(tenant: string, contract: EmbeddingContract): Promise<string>;
  /** Runs a request that names vectors; where it comes too late, the next one finds what is there now. */
  watching<Result>(tenant: string, work: () => Promise<Result>): Promise<Result>;
}

export function createServingVectors(client: RestClient, placements: Placements): ServingVectors {
  const last = new Map<string, Promise<CollectionVectors>>();
  const refresh = (tenant: string): Promise<CollectionVectors> => {
    const alias = placements.aliasFor(tenant);
    const reading = readVectors(client, alias);
    last.set(alias, reading);
    // A failure is not remembered.
    reading.catch(() => (last.get(alias) === reading ? last.delete(alias) : undefined));
    return reading;
  };
  const known = (tenant: string): Promise<CollectionVectors> => last.get(placements.aliasFor(tenant)) ?? refresh(tenant);
  return {
    known,
    refresh,
    async nameFor(tenant, contract) {
      const fingerprint = contractFingerprint(contract);
      const seen = await known(tenant);
      if (seen.fingerprint === fingerprint) return seen.denseVector;
      const now = await refresh(tenant);
      if (now.fingerprint === fingerprint) return now.denseVector;
      throw new CatalystError('INDEX_MOVED', `The index "${placements.aliasFor(tenant)}" serves vectors of ${canonicalJson(now.contract)}; these are of ${canonicalJson(contract)}.`);
    },
    async watching(tenant, work) {
      try {
        return await work();
      } catch (thrown) {
        if (thrown instanceof CatalystError && thrown.code === 'INDEX_MOVED') last.delete(placements.aliasFor(tenant));
        throw thrown;
      }
    },
  };
}
