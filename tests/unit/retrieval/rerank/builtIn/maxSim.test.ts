import { describe, expect, it } from 'vitest';
import { passageCodes } from '../../../../../src/adapters/embedding/tokenCodes.ts';
import { similarityTo } from '../../../../../src/retrieval/rerank/builtIn/maxSim.ts';
import { randomNumbers } from '../../../../support/randomNumbers.ts';

const dimension = 384;
const random = randomNumbers(7);
const unit = (vector: Float32Array): Float32Array => {
  const length = Math.hypot(...vector);
  return vector.map((value) => value / length);
};
const randomVector = (): Float32Array => unit(Float32Array.from({ length: dimension }, random));
const dot = (left: Float32Array, right: Float32Array): number => left.reduce((sum, value, index) => sum + value * right[index]!, 0);
const blend = (one: Float32Array, other: Float32Array, share: number): Float32Array => unit(one.map((value, index) => share * value + Math.sqrt(1 - share ** 2) * other[index]!));

const codesOf = (vectors: readonly Float32Array[]): Uint8Array => passageCodes({ ids: vectors.map((_vector, id) => id), rows: Float32Array.from(vectors.flatMap((vector) => [...vector])), dimension }, () => false);
const maxSim = (query: readonly Float32Array[], passage: readonly Float32Array[]): number => query.reduce((sum, token) => sum + Math.max(...passage.map((other) => dot(token, other))), 0) / query.length;

describe('late interaction with codes', () => {
  it('is the mean of the nearest tokens, computed with the signs', () => {
    const query = [randomVector(), randomVector(), randomVector()];
    const passage = Array.from({ length: 20 }, randomVector);
    const signs = passage.map((vector) => vector.map((value) => (value > 0 ? 1 : -1) / Math.sqrt(dimension)));
    expect(similarityTo(query)(codesOf(passage))).toBeCloseTo(maxSim(query, signs) / Math.sqrt(2 / Math.PI), 5);
  });

  it('keeps the order of what floats give', () => {
    const query = Array.from({ length: 12 }, randomVector);
    // Passages that hold something like each word of the query, each nearer than the one before.
    const passages = Array.from({ length: 30 }, (_unused, number) => [...query.map((token) => blend(token, randomVector(), 0.1 + number * 0.025)), ...Array.from({ length: 20 }, randomVector)]);
    const exact = passages.map((passage) => maxSim(query, passage));
    const similarity = similarityTo(query);
    const coded = passages.map((passage) => similarity(codesOf(passage))!);
    const pairs = passages.flatMap((_left, left) => passages.slice(left + 1).map((_right, distance) => [left, left + 1 + distance] as const));
    const kept = pairs.filter(([left, right]) => exact[left]! < exact[right]! === coded[left]! < coded[right]!);
    expect(kept.length / pairs.length).toBeGreaterThan(0.97);
    for (const [index, value] of coded.entries()) expect(Math.abs(value - exact[index]!)).toBeLessThan(0.1);
  });

  it('has nothing to say without codes or without a query', () => {
    expect(similarityTo([randomVector()])(new Uint8Array())).toBeUndefined();
    expect(similarityTo([])(codesOf([randomVector()]))).toBeUndefined();
  });
});
