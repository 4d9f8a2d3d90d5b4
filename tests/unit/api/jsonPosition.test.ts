import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { positionOfJsonError } from '../../../src/api/problems/jsonPosition.ts';

describe('the position of a JSON error', () => {
  it.each([
    ['', 0], ['{', 1], ['[1,]', 3], ['{"a":1,}', 7], ['{a:1}', 1], ['[1 2]', 3], ['{"a" 1}', 5], ['"abc', 4], ['"a\\x"', 2], ['01', 1], ['truely', 4], ['[]]', 2], ['nul', 0], ['  {"a":[{"b":\n}]}', 14],
  ])('of %j is %i', (text, position) => {
    expect(() => JSON.parse(text) as unknown).toThrow();
    expect(positionOfJsonError(text)).toBe(position);
  });

  it('is the end of any text that is JSON', () => {
    fc.assert(fc.property(fc.json(), (text) => {
      expect(positionOfJsonError(text)).toBe(text.length);
    }));
  });

  it('is where a character breaks the JSON before it', () => {
    fc.assert(fc.property(fc.json(), fc.nat(), (text, place) => {
      const at = place % (text.length + 1);
      const broken = `${text.slice(0, at)}\u0001${text.slice(at)}`;
      expect(positionOfJsonError(broken)).toBeLessThanOrEqual(at);
      expect(() => JSON.parse(broken.slice(0, positionOfJsonError(broken) + 1)) as unknown).toThrow();
    }));
  });

  it('is found in a string of millions of characters and in endless nesting', () => {
    expect(positionOfJsonError(`["${'x\\n'.repeat(2_000_000)}`)).toBe(6_000_002);
    expect(positionOfJsonError('['.repeat(3_000_000))).toBe(3_000_000);
  });
});
