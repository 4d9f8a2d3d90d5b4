import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import type { TextVectors } from '../../../../src/activities/embedding/textVectors.ts';
import { decodeVectors, encodeVectors } from '../../../../src/activities/stages/encoding.ts';

const dense = fc.array(fc.float({ noNaN: true }), { minLength: 3, maxLength: 3 }).map((values) => Float32Array.from(values));
const plain = fc.array(fc.record({ dense }));
const coded = fc.array(fc.record({ dense, tokenCodes: fc.uint8Array({ maxLength: 20 }) }));

describe('encoding of vectors', () => {
  it('gives back what it was given, with codes of tokens and without, wherever the bytes lie', () => {
    fc.assert(
      fc.property(fc.oneof(plain, coded), fc.nat(7), (vectors: readonly TextVectors[], offset) => {
        const packed = new Uint8Array([...new Uint8Array(offset), ...encodeVectors(vectors, 3)]).subarray(offset);
        const decoded = decodeVectors(packed, 3, vectors.length);
        expect(decoded.map((one) => [...one.dense])).toEqual(vectors.map((one) => [...one.dense]));
        expect(decoded.map(({ tokenCodes }) => tokenCodes && [...tokenCodes])).toEqual(vectors.map(({ tokenCodes }) => tokenCodes && [...tokenCodes]));
      }),
    );
  });

  it('does not take fewer vectors for more', () => {
    expect(() => decodeVectors(encodeVectors([{ dense: Float32Array.of(1, 2, 3) }], 3), 3, 2)).toThrow(expect.objectContaining({ code: 'ARTIFACT_CORRUPT' }) as Error);
  });
});
