import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { createPlatformSchedules } from '../../src/adapters/temporal/platformSchedules.ts';
import type { PlatformSchedule } from '../../src/contracts/schedules.ts';
import type { PlatformSchedules } from '../../src/ports/platformSchedules.ts';
import { declaredSchedules } from '../../temporal/schedules.ts';
import { startTestTemporal } from '../support/temporal.ts';
import type { TestTemporal } from '../support/temporal.ts';

let temporal: TestTemporal;
let schedules: PlatformSchedules;
beforeAll(async () => {
  temporal = await startTestTemporal();
  schedules = createPlatformSchedules(temporal.clients, declaredSchedules);
}, 600_000);
afterAll(async () => temporal.close());

const handleOf = (name: string) => temporal.client.schedule.getHandle(`catalyst/${name}`);
const one = (found: readonly PlatformSchedule[], name: string) => found.find((schedule) => schedule.name === name);

describe('schedules of the product', () => {
  it('are missing at first, and then as they are declared', async () => {
    expect((await schedules.list()).map(({ state }) => state)).toEqual(declaredSchedules.map(() => 'missing'));
    await schedules.ensure();
    const made = await schedules.list();
    expect(made.map(({ state, drift }) => ({ state, drift }))).toEqual(declaredSchedules.map(() => ({ state: 'active', drift: [] })));
    // On time, or later by chance.
    expect(one(made, 'sweep')?.nextRuns[0]).toMatch(/T03:(1[5-9]|[23]\d|4[0-5])/);
    expect(one(made, 'consistency-deep')?.nextRuns.every((time) => new Date(time).getUTCDay() === 0)).toBe(true);
  }, 60_000);

  it('tell field by field what somebody has changed, and keep it until they are applied', async () => {
    await handleOf('sweep').update(({ spec: _spec, action, policies, state }) => ({ spec: { calendars: [{ hour: 6, minute: 0, dayOfWeek: ['MONDAY', 'THURSDAY'] }], jitter: '5m' }, action: { ...action, args: [{ forced: true }] }, policies: { ...policies, catchupWindow: '1h' }, state }));
    await handleOf('compaction').update(({ action, policies, state }) => ({ spec: { intervals: [{ every: '1h' }] }, action, policies, state }));
    await schedules.ensure();
    const changed = await schedules.list();
    expect(one(changed, 'sweep')?.drift.map(({ field, declared }) => [field, declared])).toEqual([['times', '03:15 SUNDAY to SATURDAY'], ['jitter', '30 minutes'], ['catchup', '720 minutes'], ['input', '[{}]']]);
    expect(one(changed, 'compaction')?.drift).toEqual([{ field: 'times', declared: '02:30 SUNDAY to SATURDAY', found: 'an interval' }, { field: 'jitter', declared: '30 minutes', found: '0 minutes' }]);
    expect(one(changed, 'consistency')?.drift).toEqual([]);
  }, 60_000);

  it('are set back by applying them, and what rests goes on resting', async () => {
    await schedules.pause('sweep', 'Paused by tester.');
    const applied = await schedules.apply();
    expect(applied.flatMap(({ drift }) => drift)).toEqual([]);
    expect(one(applied, 'sweep')).toMatchObject({ state: 'paused', note: 'Paused by tester.' });
    await schedules.resume('sweep');
    expect(one(await schedules.list(), 'sweep')?.state).toBe('active');
    // Nothing is left to do: the second time nothing changes.
    expect(await schedules.apply()).toEqual(await schedules.list());
  }, 60_000);

  it('run when they are told to', async () => {
    await schedules.run('consistency-deep');
    await expect.poll(async () => one(await schedules.list(), 'consistency-deep')?.recentRuns.length, { timeout: 20_000 }).toBe(1);
    await expect(schedules.run('nothing')).rejects.toMatchObject({ code: 'NOT_FOUND' });
    await handleOf('compaction').delete();
    await expect(schedules.pause('compaction', 'x')).rejects.toMatchObject({ code: 'NOT_FOUND' });
  }, 60_000);
});
