import { createHash } from 'node:crypto';
import type { Embedder } from '../../ports/embedder.ts';
import type { HealthCheck } from '../../ports/healthCheck.ts';

/**
 * Deterministic vectors out of a hash, at once and without meaning: to measure everything but the model.
 * Production configuration refuses it.
 */
export function createStubEmbedder(options: { readonly dimension: number }): Embedder & HealthCheck {
  const contract = {
    model: 'stub',
    revision: '1',
    dimension: options.dimension,
    normalised: true,
    dtype: 'float32',
    pooling: 'unknown',
    queryPrefix: '',
    passagePrefix: '',
    tokenLimit: 1_000_000,
  } as const;
  const embed = (text: string): Float32Array => hashVector(text, options.dimension);

  return {
    name: 'embedder',
    contract,
    embedQuery: (text) => Promise.resolve(embed(text)),
    embedPassages(texts, onProgress) {
      const vectors = texts.map(embed);
      onProgress?.(texts.length);
      return Promise.resolve(vectors);
    },
    check: () => Promise.resolve('stub: vectors without meaning'),
    close: () => Promise.resolve(),
  };
}

/** A unit vector from a linear congruential generator seeded by the text. */
function hashVector(text: string, dimension: number): Float32Array {
  let state = createHash('sha256').update(text).digest().readUInt32LE(0);
  const vector = Float32Array.from({ length: dimension }, () => {
    state = (Math.imul(state, 1_664_525) + 1_013_904_223) >>> 0;
    return state / 2 ** 31 - 1;
  });
  const length = Math.hypot(...vector) || 1;
  return vector.map((value) => value / length);
}
