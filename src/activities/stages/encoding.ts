const encoder = new TextEncoder();
const decoder = new TextDecoder();

export const jsonMediaType = 'application/json';
export const vectorsMediaType = 'application/vnd.catalyst.vectors+f32le';

export function encodeJson(value: unknown): Uint8Array {
  return encoder.encode(JSON.stringify(value));
}

/** For artifacts that this product wrote and whose digest was checked on reading. */
export function decodeJson<Value>(bytes: Uint8Array): Value {
  return JSON.parse(decoder.decode(bytes)) as Value;
}

/** Vectors one after the other, each `dimension` little-endian float32. */
export function encodeVectors(vectors: readonly Float32Array[], dimension: number): Uint8Array {
  const all = new Float32Array(vectors.length * dimension);
  vectors.forEach((vector, position) => all.set(vector, position * dimension));
  return new Uint8Array(all.buffer);
}

export function decodeVectors(bytes: Uint8Array, dimension: number): Float32Array[] {
  // A copy gives the alignment that a view of packed bytes may lack.
  const all = new Float32Array(bytes.slice().buffer);
  return Array.from({ length: all.length / dimension }, (_, position) => all.subarray(position * dimension, (position + 1) * dimension));
}
