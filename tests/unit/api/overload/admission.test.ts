import { afterEach, beforeEach, describe, expect, it, vi } from 'vitest';
import { Admission, searchAdmission } from '../../../../src/api/overload/admission.ts';
import { SimulatedService } from './simulatedService.ts';
import type { Sample } from './simulatedService.ts';

beforeEach(() => void vi.useFakeTimers());
afterEach(() => void vi.useRealTimers());

/** Requests of each tenant a second, evenly spread, for so many seconds. */
async function offer(service: SimulatedService, perSecond: Readonly<Record<string, number>>, seconds: number, workMs: number): Promise<void> {
  const due = Object.fromEntries(Object.keys(perSecond).map((tenant) => [tenant, 0]));
  for (let millisecond = 0; millisecond < seconds * 1_000; millisecond += 1) {
    for (const [tenant, rate] of Object.entries(perSecond)) {
      due[tenant] = (due[tenant] ?? 0) + rate / 1_000;
      for (; (due[tenant] ?? 0) >= 1; due[tenant] = (due[tenant] ?? 0) - 1) void service.request(tenant, workMs);
    }
    service.tick();
    await vi.advanceTimersByTimeAsync(1);
  }
}

const quantile = (values: readonly number[], part: number): number => [...values].sort((left, right) => left - right)[Math.ceil(part * values.length) - 1] ?? Number.NaN;
const admittedOf = (samples: readonly Sample[]): Sample[] => samples.filter(({ admitted }) => admitted);
const shareOf = (samples: readonly Sample[], tenant: string): number => admittedOf(samples).filter((sample) => sample.tenant === tenant).length / samples.filter((sample) => sample.tenant === tenant).length;

describe('three times the load that can be served', () => {
  // Two processors and 10 ms a search: 200 a second at the most.
  it.each([['cheap', 2, 2_500], ['ordinary', 10, 600], ['dear', 40, 150]])('%s searches: the admitted are answered in good time, at full speed', async (_name, workMs, perSecond) => {
    const service = new SimulatedService(new Admission(searchAdmission), 2);
    await offer(service, { one: perSecond }, 10, workMs);
    const settled = service.samples.filter(({ arrivedAt }) => arrivedAt > (service.samples[0]?.arrivedAt ?? 0) + 2_000);
    const admitted = admittedOf(settled);
    expect(quantile(admitted.map(({ latencyMs }) => latencyMs), 0.95)).toBeLessThan(400);
    const possiblePerSecond = Math.min(perSecond, 2_000 / workMs);
    expect(admitted.length / 8).toBeGreaterThan(0.9 * possiblePerSecond);
  });

  it('does not shed a tenant that asks for less than its share', async () => {
    const service = new SimulatedService(new Admission(searchAdmission), 2);
    await offer(service, { flood: 600, quiet: 20, middling: 60 }, 10, 10);
    expect(shareOf(service.samples, 'quiet')).toBe(1);
    expect(shareOf(service.samples, 'middling')).toBeGreaterThan(0.98);
    expect(shareOf(service.samples, 'flood')).toBeLessThan(0.25);
    const quiet = service.samples.filter(({ tenant }) => tenant === 'quiet').map(({ latencyMs }) => latencyMs);
    expect(quantile(quiet, 0.95)).toBeLessThan(200);
  });

  it('shares evenly between two floods', async () => {
    const service = new SimulatedService(new Admission(searchAdmission), 2);
    await offer(service, { one: 500, two: 1_500 }, 10, 10);
    const counts = ['one', 'two'].map((tenant) => admittedOf(service.samples).filter((sample) => sample.tenant === tenant).length);
    expect((counts[0] ?? 0) / (counts[1] ?? 1)).toBeCloseTo(1, 1);
  });

  it('asks the refused to come back so spread that there is a place for them', async () => {
    const service = new SimulatedService(new Admission(searchAdmission), 2);
    await offer(service, { one: 600 }, 8, 10);
    const waits = service.samples.slice(-2_000).flatMap(({ retryAfterMs }) => retryAfterMs ?? []);
    expect(waits.length).toBeGreaterThan(1_000);
    // Three come for each that is served.
    expect(Math.min(...waits)).toBeGreaterThan(2_000);
    expect(Math.max(...waits)).toBeLessThan(4_000);
  });
});

describe('what can be served', () => {
  it('is served without refusals, also in bursts', async () => {
    const service = new SimulatedService(new Admission(searchAdmission), 2);
    for (let burst = 0; burst < 20; burst += 1) {
      for (let number = 0; number < 16; number += 1) void service.request('one', 10);
      await offer(service, {}, 0.2, 10);
    }
    expect(service.samples.length).toBe(320);
    expect(admittedOf(service.samples).length).toBe(320);
  });

  it('is not taken for an overload where an embedding endpoint far away takes long', async () => {
    const admission = new Admission(searchAdmission);
    const service = new SimulatedService(admission, 2);
    service.awayMs = 300;
    await offer(service, { one: 5 }, 10, 5);
    await offer(service, { one: 100 }, 10, 5);
    expect(admission.state.limit).toBeGreaterThan(30);
    const last = service.samples.filter(({ arrivedAt }) => arrivedAt > (service.samples[0]?.arrivedAt ?? 0) + 15_000);
    expect(admittedOf(last).length / last.length).toBeGreaterThan(0.98);
  });

  it('recovers once the overload is over', async () => {
    const service = new SimulatedService(new Admission(searchAdmission), 2);
    await offer(service, { one: 1_000 }, 5, 10);
    await offer(service, {}, 1, 10);
    service.samples.length = 0;
    await offer(service, { one: 150 }, 5, 10);
    expect(admittedOf(service.samples).length / service.samples.length).toBeGreaterThan(0.99);
  });
});

describe('the places', () => {
  const settings = { ...searchAdmission, first: 2, least: 2, most: 2, mostWaiting: 3 };

  it('go to the tenant with the fewest at work, then in the order of arrival', async () => {
    const admission = new Admission(settings);
    const begun: string[] = [];
    const leaves: (() => void)[] = [];
    const enter = (tenant: string) => admission.enter(tenant).then((entry) => {
      if (!entry.admitted) return;
      begun.push(tenant);
      leaves.push(entry.leave);
    });
    for (const tenant of ['a', 'a', 'a', 'a', 'b']) void enter(tenant);
    await vi.advanceTimersByTimeAsync(0);
    expect(admission.state).toEqual({ inWork: 2, waiting: 3, limit: 2 });
    for (let round = 0; round < 3; round += 1) {
      leaves.shift()?.();
      await vi.advanceTimersByTimeAsync(0);
    }
    expect(begun).toEqual(['a', 'a', 'b', 'a', 'a']);
    for (const leave of [...leaves, ...leaves]) leave();
    expect(admission.state).toEqual({ inWork: 0, waiting: 0, limit: 2 });
  });

  it('are waited for as long as it makes sense', async () => {
    const admission = new Admission(settings);
    await Promise.all([admission.enter('a'), admission.enter('a')]);
    const late = admission.enter('b');
    await vi.advanceTimersByTimeAsync(settings.waitMs - 1);
    expect(admission.state.waiting).toBe(1);
    await vi.advanceTimersByTimeAsync(1);
    expect(await late).toMatchObject({ admitted: false, cause: 'waited' });
    expect(admission.state.waiting).toBe(0);
  });

  it('where the room is full, the tenant with the most in it gives way', async () => {
    const admission = new Admission(settings);
    await Promise.all([admission.enter('a'), admission.enter('a')]);
    const [first, second, third] = [admission.enter('a'), admission.enter('a'), admission.enter('a')];
    expect(await admission.enter('a')).toMatchObject({ admitted: false, cause: 'full' });
    const other = admission.enter('b');
    expect(await third).toMatchObject({ admitted: false, cause: 'displaced' });
    await vi.advanceTimersByTimeAsync(settings.waitMs);
    expect(await Promise.all([first, second, other])).toMatchObject([{ cause: 'waited' }, { cause: 'waited' }, { cause: 'waited' }]);
  });
});
