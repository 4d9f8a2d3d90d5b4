import { describe, expect, it } from 'vitest';
import { passageCodes, queryVectors } from '../../../../src/adapters/embedding/tokenCodes.ts';
import type { TokenRows } from '../../../../src/adapters/embedding/tokenCodes.ts';
import { randomNumbers } from '../../../support/randomNumbers.ts';

const dimension = 16;
const rowsOf = (rows: readonly (readonly number[])[], ids: readonly number[] = rows.map((_row, id) => id)): TokenRows => ({ ids, rows: Float32Array.from(rows.flat()), dimension });
const axis = (place: number, size = 1): number[] => Array.from({ length: dimension }, (_unused, index) => (index === place ? size : 0));
const none = (): boolean => false;

describe('codes of a passage', () => {
  it('have a bit for each dimension that is positive', () => {
    const codes = passageCodes(rowsOf([axis(0), axis(9).map((value) => value - 0.1), axis(15, -3)]), none);
    expect([...codes]).toEqual([0b1, 0, 0, 0b10, 0, 0]);
  });

  it('hold equal tokens once, as their mean by direction, and no silent ones', () => {
    const codes = passageCodes(rowsOf([axis(0, 100), axis(1), axis(2), axis(3)], [7, 7, 8, 9]), (id) => id === 8);
    expect([...codes]).toEqual([0b11, 0, 0b1000, 0]);
  });

  it('are of the 48 tokens that lie farthest from the whole', () => {
    const random = randomNumbers(1);
    const near = Array.from({ length: 200 }, () => axis(0, 5).map((value) => value + 0.1 * random()));
    const far = Array.from({ length: 48 }, (_unused, number) => axis(1 + (number % 15)).map((value) => value + 0.05 * random()));
    const mixed = [...near.slice(0, 100), ...far, ...near.slice(100)];
    const codes = passageCodes(rowsOf(mixed), none);
    expect(codes).toHaveLength(48 * 2);
    expect(new Set(codesIn(codes))).toEqual(new Set(codesIn(passageCodes(rowsOf(far), none))));
  });

  it('are none where no token says anything', () => {
    expect(passageCodes(rowsOf([]), none)).toHaveLength(0);
    expect(passageCodes(rowsOf([axis(1)]), () => true)).toHaveLength(0);
  });
});

describe('vectors of a query', () => {
  it('are of length 1, without silent words', () => {
    expect(queryVectors(rowsOf([axis(0, 4), axis(1, 2)]), (id) => id === 0)).toEqual([Float32Array.from(axis(1))]);
  });

  it('are those of all words where all are silent', () => {
    expect(queryVectors(rowsOf([axis(0, 4), axis(1, 2)]), () => true)).toHaveLength(2);
  });

  it('are bounded', () => {
    expect(queryVectors(rowsOf(Array.from({ length: 500 }, (_unused, number) => axis(number % dimension))), none)).toHaveLength(64);
  });
});

function codesIn(codes: Uint8Array): number[] {
  return Array.from({ length: codes.length / 2 }, (_unused, position) => codes[2 * position]! * 256 + codes[2 * position + 1]!);
}
