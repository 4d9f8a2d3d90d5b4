import { contractFingerprint } from '../../contracts/embedding.ts';
import { digestOf } from '../../contracts/identifiers.ts';
import type { Cache } from '../../ports/cache.ts';
import type { Embedder } from '../../ports/embedder.ts';

/** A vector is a pure function of its text and the contract, so that only room limits how long it is kept. */
const ttlMs = 3_600_000;

/**
 * The same embedder, which remembers the vectors of queries. They are kept by tenant, although they hold nothing of a tenant but its words:
 * so that nobody can learn from the time of an answer what others ask. A query without a tenant is not kept.
 */
export function createCachedEmbedder(embedder: Embedder, cache: Cache<Float32Array>): Embedder {
  const fingerprint = contractFingerprint(embedder.contract);
  return {
    ...embedder,
    async embedQuery(text, tenant) {
      const query = normalisedQuery(text);
      if (tenant === undefined) return embedder.embedQuery(query);
      const { value } = await cache.getOrCompute(`${tenant}:${fingerprint}:${digestOf(query)}`, () => embedder.embedQuery(query, tenant), { ttlMs });
      return value;
    },
  };
}

/** What is embedded is the normalised text itself, so that the first of several spellings does not decide the vector of the others. */
export function normalisedQuery(text: string): string {
  return text.normalize('NFC').replace(/\s+/gu, ' ').trim();
}
