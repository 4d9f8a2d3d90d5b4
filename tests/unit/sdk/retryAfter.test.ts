import { describe, expect, it } from 'vitest';
import { retryAfterOf } from '../../../src/sdk/retryAfter.ts';

describe('retryAfterOf', () => {
  const now = Date.parse('Wed, 21 Oct 2026 07:28:00 GMT');
  it.each([
    [null, undefined],
    ['30', 30_000],
    [' 1.5 ', 1500],
    ['Wed, 21 Oct 2026 07:28:05 GMT', 5000],
    ['Wed, 21 Oct 2026 07:27:00 GMT', 0],
    ['soon', undefined],
  ])('reads %j as %j ms', (header, expected) => {
    expect(retryAfterOf(header, now)).toBe(expected);
  });
});
