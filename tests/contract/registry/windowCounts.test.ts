import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { createSharedWindowCounts } from '../../../src/adapters/postgres/limits/sharedWindowCounts.ts';
import { createWindowCounts } from '../../../src/adapters/rateLimits/windowCounts.ts';
import { CatalystError } from '../../../src/contracts/errors.ts';
import type { DomainEvent } from '../../../src/contracts/events.ts';
import type { SharedWindowCounts } from '../../../src/ports/windowCounts.ts';
import { startTestDatabase } from '../../support/postgres.ts';

let server: Awaited<ReturnType<typeof startTestDatabase>>;
let shared: SharedWindowCounts;
beforeAll(async () => {
  server = await startTestDatabase();
  shared = createSharedWindowCounts(server.database);
}, 600_000);
afterAll(() => server.close());

/** A process of its own, by a clock of the test. */
function processAt(clock: { at: number }) {
  const events: DomainEvent[] = [];
  return { ...createWindowCounts({ emit: (event) => events.push(event), now: () => clock.at }), events };
}

const minute = 60_000;

describe('counts of a window', () => {
  it('allow the quota and no more, until the minute is over', async () => {
    const clock = { at: 1_000 * minute + 45_000 };
    const counts = processAt(clock);
    const states = await Promise.all(Array.from({ length: 5 }, () => counts.take('a', 1, 3)));
    expect(states.map(({ allowed }) => allowed)).toEqual([true, true, true, false, false]);
    expect(states.map(({ left }) => left)).toEqual([2, 1, 0, 0, 0]);
    expect(states[0]?.resetMs).toBe(15_000);
    expect((await counts.take('b', 1, 3)).allowed).toBe(true);
    clock.at += 15_000;
    expect(await counts.take('a', 1, 3)).toMatchObject({ allowed: true, left: 2, resetMs: minute });
  });

  it('take several points together or not at all', async () => {
    const counts = processAt({ at: 2_000 * minute });
    expect(await counts.take('a', 7, 10)).toMatchObject({ allowed: true, left: 3 });
    expect(await counts.take('a', 4, 10)).toMatchObject({ allowed: false, left: 3 });
    expect(await counts.take('a', 3, 10)).toMatchObject({ allowed: true, left: 0 });
  });

  it('hold over all processes once they have told each other, and count nothing twice', async () => {
    const clock = { at: 3_000 * minute };
    const [one, two, three] = [processAt(clock), processAt(clock), processAt(clock)];
    for (let round = 0; round < 4; round += 1) await one.take('shared', 1, 10);
    for (let round = 0; round < 3; round += 1) await two.take('shared', 1, 10);
    // Each has told twice what it knows: repetition adds nothing.
    for (const counts of [one, two, one, two, one, two]) await counts.exchange(shared);
    expect(await one.take('shared', 1, 10)).toMatchObject({ allowed: true, left: 2 });
    await one.exchange(shared);
    await two.exchange(shared);
    expect(await two.take('shared', 1, 10)).toMatchObject({ allowed: true, left: 1 });
    await two.exchange(shared);
    // A process that comes later learns of it with its first exchange.
    await three.take('shared', 1, 10);
    await three.exchange(shared);
    expect((await three.take('shared', 1, 10)).allowed).toBe(false);
    clock.at += minute;
    expect(await three.take('shared', 1, 10)).toMatchObject({ allowed: true, left: 9 });
  });

  it('take back what was given back, here and in the others', async () => {
    const clock = { at: 3_500 * minute };
    const [one, two] = [processAt(clock), processAt(clock)];
    await one.take('back', 5, 10);
    for (const counts of [one, two]) {
      await counts.take('back', 1, 10);
      await counts.exchange(shared);
    }
    expect(await two.take('back', 0, 10)).toMatchObject({ taken: 7, left: 3 });
    await one.giveBack('back', 5, 10, 3_500);
    expect(await one.take('back', 0, 10)).toMatchObject({ taken: 1 });
    for (const counts of [one, two, one]) await counts.exchange(shared);
    expect((await two.take('back', 0, 10)).taken).toBe(2);
    // Of a window that is over there is nothing to give back.
    clock.at += minute;
    await one.take('back', 1, 10);
    await one.giveBack('back', 1, 10, 3_500);
    expect((await one.take('back', 0, 10)).taken).toBe(1);
  });

  it('of days are kept apart from those of minutes, and outlive the processes that counted', async () => {
    const clock = { at: 2 * 86_400_000 + 1_000 };
    const days = createSharedWindowCounts(server.database, 'day_counts');
    const process = () => createWindowCounts({ emit: () => undefined, windowSeconds: 86_400, now: () => clock.at });
    const one = process();
    await one.take('daily', 3, 5);
    // An exchange that is asked for while another is under way tells nothing twice.
    await Promise.all([one.exchange(days), one.exchange(days), one.exchange(days)]);
    // Numbers of minutes are larger than those of days.
    for (const minuteNumber of [3_600, 3_602]) await shared.add(minuteNumber, new Map([['of a minute', 1]]));
    const later = process();
    await later.take('daily', 0, 5);
    await later.exchange(days);
    expect(await later.take('daily', 3, 5)).toMatchObject({ allowed: false, left: 2, resetMs: 86_400_000 - 1_000 });
    const rows = await server.database.withoutTenant((kysely) => kysely.selectFrom('day_counts').select(['key', 'points']).execute());
    expect(rows.map(({ key, points }) => [key, Number(points)])).toEqual([['daily', 3]]);
  });

  it('many processes at once add up without a loss or a deadlock', async () => {
    const clock = { at: 4_000 * minute };
    const processes = Array.from({ length: 6 }, () => processAt(clock));
    await Promise.all(processes.map(async (counts, place) => {
      for (let round = 0; round < 20; round += 1) {
        await counts.take(`k${(round + place) % 5}`, 1, 1_000);
        await counts.exchange(shared);
      }
    }));
    for (const counts of processes) await counts.exchange(shared);
    expect((await processes[0]?.take('k0', 1, 1_000))?.left).toBe(1_000 - 24 - 1);
  });

  it('are kept by each process alone while the database is away, and told afterwards', async () => {
    const clock = { at: 5_000 * minute };
    const [one, two] = [processAt(clock), processAt(clock)];
    const away: SharedWindowCounts = { add: () => Promise.reject(new CatalystError('REGISTRY_UNAVAILABLE', 'away')) };
    await one.take('k', 2, 10);
    for (let round = 0; round < 3; round += 1) await one.exchange(away);
    expect(one.events).toHaveLength(1);
    expect((await one.take('k', 1, 10)).left).toBe(7);
    await one.exchange(shared);
    await two.take('k', 1, 10);
    await two.exchange(shared);
    expect((await two.take('k', 1, 10)).left).toBe(5);
  });

  it('of earlier minutes are removed', async () => {
    await shared.add(6_000, new Map([['old', 1]]));
    await shared.add(6_002, new Map([['new', 1]]));
    const rows = await server.database.withoutTenant((kysely) => kysely.selectFrom('rate_counts').select('key').where('window', '>=', '6000').execute());
    expect(rows).toEqual([{ key: 'new' }]);
  });

  it('cost a request microseconds', async () => {
    const counts = createWindowCounts({ emit: () => undefined });
    for (let round = 0; round < 2_000; round += 1) await counts.take(`warm${round % 50}`, 1, 1e9);
    const startedAt = performance.now();
    for (let round = 0; round < 20_000; round += 1) await counts.take(`k${round % 50}`, 1, 1e9);
    const microseconds = ((performance.now() - startedAt) / 20_000) * 1_000;
    console.log(`${microseconds.toFixed(2)} µs to take a point`);
    expect(microseconds).toBeLessThan(100);
  });
});
