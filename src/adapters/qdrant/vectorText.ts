import type { SparseVector } from '../../ports/vectorIndex.ts';

/**
 * A dense vector as JSON text, to 8 decimals: about what float32 holds for components of unit vectors, at half the length
 * of the shortest exact decimals. Whole numbers with an exponent (`1234567e-8`), since those are written in less than half the time
 * that fractions take, and are the same numbers.
 */
export function denseText(vector: Float32Array): string {
  let text = '[';
  for (let index = 0; index < vector.length; index += 1) {
    if (index > 0) text += ',';
    text += `${Math.round((vector[index] ?? 0) * 1e8)}e-8`;
  }
  return `${text}]`;
}

/** A sparse vector as JSON text, weights to 6 decimals. */
export function sparseText(vector: SparseVector): string {
  return `{"indices":[${vector.indices.join(',')}],"values":[${vector.values.map((value) => Math.round(value * 1e6) / 1e6).join(',')}]}`;
}
