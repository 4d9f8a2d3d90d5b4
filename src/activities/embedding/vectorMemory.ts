import type { Digest } from '../../contracts/identifiers.ts';
import type { TextVectors } from './textVectors.ts';

/** Vectors of groups of texts that this process embeds or has embedded lately, each tenant's own. */
export interface VectorMemory {
  /** The vectors, or those that are on their way; undefined where nobody has asked for them, or the asking failed. */
  get(tenant: string, key: Digest): Promise<TextVectors[]> | undefined;
  remember(tenant: string, key: Digest, vectors: Promise<TextVectors[]>): void;
}

/** Groups of 8 vectors: 6 MB of the embedded model's (16 MB with the codes of tokens), 25 MB of 1,536 dimensions. */
const defaultCapacity = 512;

/**
 * Embedding is the dear part of ingestion: where a store is away when its result is to be kept, the next try of the activity
 * finds it here, and two activities with the same texts (a request sent twice, or a try that Temporal took for lost) share
 * one call. Bounded; the oldest is forgotten first.
 */
export function createVectorMemory(capacity: number = defaultCapacity): VectorMemory {
  const groups = new Map<string, Promise<TextVectors[]>>();
  const nameOf = (tenant: string, key: Digest): string => `${tenant} ${key}`;
  return {
    get: (tenant, key) => groups.get(nameOf(tenant, key)),
    remember(tenant, key, vectors) {
      const name = nameOf(tenant, key);
      groups.delete(name);
      groups.set(name, vectors);
      vectors.catch(() => {
        if (groups.get(name) === vectors) groups.delete(name);
      });
      for (const oldest of groups.keys()) {
        if (groups.size <= capacity) break;
        groups.delete(oldest);
      }
    },
  };
}
