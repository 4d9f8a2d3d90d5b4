import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { compareHoldings } from '../../../src/generations/parity.ts';

describe('comparison of what tenants have', () => {
  it('names tenants that have fewer, more, or that only one side knows', () => {
    const expected = [{ tenant: 'a', points: 3 }, { tenant: 'b', points: 2 }, { tenant: 'c', points: 1 }, { tenant: 'empty', points: 0 }];
    const found = [{ tenant: 'a', points: 3 }, { tenant: 'b', points: 4 }, { tenant: 'stranger', points: 1 }];
    expect(compareHoldings(expected, found)).toEqual([
      { tenant: 'b', expected: 2, found: 4 },
      { tenant: 'c', expected: 1, found: 0 },
      { tenant: 'stranger', expected: 0, found: 1 },
    ]);
  });

  it('finds a difference exactly where one was made', () => {
    const holdings = fc.uniqueArray(fc.record({ tenant: fc.string({ minLength: 1 }), points: fc.nat(1_000) }), { selector: ({ tenant }) => tenant });
    fc.assert(fc.property(holdings, fc.nat(), (all, at) => {
      expect(compareHoldings(all, [...all].reverse())).toEqual([]);
      const chosen = all[at % Math.max(1, all.length)];
      if (chosen === undefined) return;
      const changed = all.map((each) => (each === chosen ? { ...each, points: each.points + 1 } : each));
      expect(compareHoldings(all, changed)).toEqual([{ tenant: chosen.tenant, expected: chosen.points, found: chosen.points + 1 }]);
    }));
  });
});
