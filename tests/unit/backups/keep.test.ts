import { describe, expect, it } from 'vitest';
import { chooseExpired } from '../../../src/backups/keep.ts';
import type { Backup } from '../../../src/contracts/backups.ts';

const now = Date.parse('2026-03-31T00:00:00Z');

/** One for each state, a day apart, the newest first and today's. */
function daily(...states: Backup['state'][]): Pick<Backup, 'id' | 'state' | 'startedAt'>[] {
  return states.map((state, age) => {
    const startedAt = new Date(now - age * 86_400_000 - 3_600_000).toISOString();
    return { id: startedAt, state, startedAt };
  });
}

const agesOf = (expired: readonly string[]): number[] => expired.map((id) => Math.floor((now - Date.parse(id)) / 86_400_000));

describe('chooseExpired', () => {
  it('removes what is older than it is kept', () => {
    const backups = daily('finished', 'finished', 'finished', 'finished', 'finished');
    expect(agesOf(chooseExpired(backups, { days: 3, least: 1 }, now))).toEqual([3, 4]);
  });

  it('keeps the newest good ones, however old they are', () => {
    const backups = daily('failed', 'damaged', 'unfinished', 'finished', 'failed', 'finished', 'finished');
    expect(agesOf(chooseExpired(backups, { days: 1, least: 2 }, now))).toEqual([1, 2, 4, 6]);
  });

  it('never removes the newest, which may be in work', () => {
    expect(chooseExpired(daily('unfinished'), { days: 0, least: 1 }, now)).toEqual([]);
  });

  it('does not go by the order in which they are listed', () => {
    const backups = daily('finished', 'finished', 'finished');
    expect(agesOf(chooseExpired([...backups].reverse(), { days: 0, least: 1 }, now))).toEqual([1, 2]);
  });
});
