import { parsedJson } from '../../contracts/parsedJson.ts';
import type { CacheCodec } from './cacheCodec.ts';

/** Vectors to the last bit, as base64 within JSON; `dimension` tells those of another model apart. */
export function createVectorCodec(dimension: number): CacheCodec<Float32Array> {
  const bytes = dimension * Float32Array.BYTES_PER_ELEMENT;
  return {
    weigh: (vector) => vector.byteLength,
    encode: (vector) => JSON.stringify(Buffer.from(vector.buffer, vector.byteOffset, vector.byteLength).toString('base64')),
    decode(text) {
      const encoded = parsedJson(text);
      const buffer = typeof encoded === 'string' ? Buffer.from(encoded, 'base64') : undefined;
      // Copied, since the bytes of a small buffer need not begin where floats may.
      return buffer?.byteLength === bytes ? new Float32Array(new Uint8Array(buffer).buffer) : undefined;
    },
  };
}
