import { CatalystError } from '../../contracts/errors.ts';
import type { TextVectors } from '../embedding/textVectors.ts';

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

/**
 * Vectors one after the other, each `dimension` little-endian float32. Where texts have codes of tokens, these follow: of each
 * text their length as little-endian uint32, and the bytes.
 */
export function encodeVectors(vectors: readonly TextVectors[], dimension: number): Uint8Array {
  const dense = new Float32Array(vectors.length * dimension);
  vectors.forEach((vector, position) => dense.set(vector.dense, position * dimension));
  const parts: Uint8Array[] = [new Uint8Array(dense.buffer)];
  for (const { tokenCodes } of vectors) {
    if (tokenCodes !== undefined) parts.push(new Uint8Array(Uint32Array.of(tokenCodes.length).buffer), tokenCodes);
  }
  return parts.length === 1 ? parts[0]! : Buffer.concat(parts);
}

/** Of so many texts. */
export function decodeVectors(bytes: Uint8Array, dimension: number, count: number): TextVectors[] {
  const denseBytes = count * dimension * Float32Array.BYTES_PER_ELEMENT;
  if (bytes.length < denseBytes) throw new CatalystError('ARTIFACT_CORRUPT', `An artifact of ${bytes.length} bytes does not hold the vectors of ${count} texts.`);
  // A copy gives the alignment that a view of packed bytes may lack.
  const all = new Float32Array(bytes.slice(0, denseBytes).buffer);
  const codes = bytes.length === denseBytes ? undefined : readCodes(bytes.subarray(denseBytes));
  return Array.from({ length: count }, (_, position) => {
    const dense = all.subarray(position * dimension, (position + 1) * dimension);
    const tokenCodes = codes?.[position];
    return tokenCodes === undefined ? { dense } : { dense, tokenCodes };
  });
}

function readCodes(bytes: Uint8Array): Uint8Array[] {
  const view = new DataView(bytes.buffer, bytes.byteOffset, bytes.byteLength);
  const codes: Uint8Array[] = [];
  for (let start = 0; start < bytes.length; ) {
    const end = start + Uint32Array.BYTES_PER_ELEMENT + view.getUint32(start, true);
    codes.push(bytes.slice(start + Uint32Array.BYTES_PER_ELEMENT, end));
    start = end;
  }
  return codes;
}
