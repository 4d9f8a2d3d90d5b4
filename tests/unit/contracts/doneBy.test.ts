import { expect, it } from 'vitest';
import { doneBy } from '../../../src/contracts/doneBy.ts';

const [begun, now] = [new Date('2026-01-01T00:00:00.000Z'), new Date('2026-01-01T00:10:00.000Z')];

it('goes by the pace so far', () => {
  expect(doneBy({ begun, now, filled: 100, expected: 300 })?.toISOString()).toBe('2026-01-01T00:30:00.000Z');
  expect(doneBy({ begun, now, filled: 300, expected: 300 })).toEqual(now);
  // Documents that came since.
  expect(doneBy({ begun, now, filled: 310, expected: 300 })).toEqual(now);
});

it('is not told before there is a pace, or where nobody counted', () => {
  expect([doneBy({ begun, now, filled: 0, expected: 300 }), doneBy({ begun, now, filled: 10, expected: undefined })]).toEqual([null, null]);
});
