import type { Digest } from '../contracts/identifiers.ts';

/** Vectors of texts that were embedded and are not stored as a whole yet, for as long as the process lives. */
export interface VectorMemory {
  get(key: Digest): Float32Array[] | undefined;
  remember(key: Digest, vectors: Float32Array[]): void;
  forget(keys: readonly Digest[]): void;
}

/** Groups of 16 vectors: 6 MB of the embedded model's, 25 MB of 1,536 dimensions. */
const defaultCapacity = 256;

/**
 * Embedding is the dear part of ingestion: where a store is away when its result is to be kept, the next try of the activity
 * finds it here. Bounded; the oldest is forgotten first.
 */
export function createVectorMemory(capacity: number = defaultCapacity): VectorMemory {
  const groups = new Map<Digest, Float32Array[]>();
  return {
    get: (key) => groups.get(key),
    remember(key, vectors) {
      groups.delete(key);
      groups.set(key, vectors);
      for (const oldest of groups.keys()) {
        if (groups.size <= capacity) break;
        groups.delete(oldest);
      }
    },
    forget(keys) {
      for (const key of keys) groups.delete(key);
    },
  };
}
