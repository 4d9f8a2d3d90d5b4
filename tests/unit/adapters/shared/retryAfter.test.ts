import { expect, test } from 'vitest';
import { retryAfterInText, retryAfterMs } from '../../../../src/adapters/shared/retryAfter.ts';

const now = Date.parse('2026-01-01T00:00:00Z');

test.each<[string | null | undefined, number | undefined]>([
  ['30', 30_000],
  [' 0 ', 0],
  ['1.5', 1_500],
  ['Thu, 01 Jan 2026 00:02:00 GMT', 120_000],
  ['Wed, 31 Dec 2025 23:00:00 GMT', 0],
  ['999999999', 86_400_000],
  ['soon', undefined],
  ['-5', undefined],
  ['2026', 2_026_000],
  ['', undefined],
  [null, undefined],
  [undefined, undefined],
])('%j is %j ms', (header, expected) => {
  expect(retryAfterMs(header, now)).toBe(expected);
});

test.each<[string, number | undefined]>([
  ['Rate limit exceeded. Please retry after 23s, resets at Thu Jan 01 2026 00:02:00 GMT', 23_000],
  ['retry-after: 1.5 seconds', 1_500],
  ['Retry after 250ms', 250],
  ['please retry after 2 minutes', 120_000],
  ['retry after 7', 7_000],
  ['retry after 99999999s', 86_400_000],
  ['retry after a while', undefined],
  ['', undefined],
])('the text %j asks for %j ms', (text, expected) => {
  expect(retryAfterInText(text)).toBe(expected);
});
