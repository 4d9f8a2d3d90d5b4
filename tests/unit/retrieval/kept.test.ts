import { describe, expect, test } from 'vitest';
import { createDepartures } from '../../../src/api/tenants/departures.ts';
import type { Principal } from '../../../src/contracts/principal.ts';
import { createHeldLanguages } from '../../../src/retrieval/analysis/heldLanguages.ts';
import { byTenant, byTenantAndPolicies, createKept } from '../../../src/retrieval/kept.ts';
import { within } from '../../../src/contracts/within.ts';

const reader: Principal = { tenant: 'acme', subject: 'someone', roles: [], policies: ['a'] };

describe('kept values', () => {
  test('are at hand while they are read again, and too old after twice their time', async () => {
    let time = 0;
    let read = 0;
    const kept = createKept(byTenant, () => Promise.resolve((read += 1)), { keptMs: 10, most: 5 }, () => time);
    expect(await kept.get(reader).current).toBe(1);
    expect(kept.get(reader).recent).toBe(1);
    time = 15;
    const { current, recent } = kept.get(reader);
    expect([recent, await current]).toEqual([1, 2]);
    time = 100;
    expect(kept.get(reader)).toMatchObject({ recent: undefined, last: 2 });
    kept.forget(reader);
    expect(kept.get(reader)).toMatchObject({ last: undefined });
  });

  test('what fails is read again at the next use, with the last value at hand', async () => {
    let fails = false;
    let time = 0;
    const kept = createKept(byTenant, () => (fails ? Promise.reject(new Error('away')) : Promise.resolve('value')), { keptMs: 10, most: 5 }, () => time);
    await kept.get(reader).current;
    time = 50;
    fails = true;
    await expect(kept.get(reader).current).rejects.toThrow('away');
    expect(kept.get(reader).last).toBe('value');
    fails = false;
    await new Promise((resolve) => setTimeout(resolve));
    expect(await kept.get(reader).current).toBe('value');
  });

  test('of a tenant that is deleted nothing is kept, and of others all', async () => {
    const departures = createDepartures();
    const kept = createKept(byTenantAndPolicies, ({ tenant }) => Promise.resolve(tenant), { keptMs: 10_000, most: 5, departures });
    const other = { ...reader, tenant: 'beta' };
    for (const principal of [reader, { ...reader, policies: [] }, other]) await kept.get(principal).current;
    departures.tell('acme');
    expect([kept.get(reader).last, kept.get({ ...reader, policies: [] }).last, kept.get(other).last]).toEqual([undefined, undefined, 'beta']);
  });

  test('waiting ends by itself', async () => {
    expect(await within(5, new Promise(() => undefined))).toBeUndefined();
    expect(await within(1000, Promise.resolve(7))).toBe(7);
    await expect(within(1000, Promise.reject(new Error('no')))).rejects.toThrow('no');
  });
});

test('languages that cannot be had in time are none, and a search is not failed by them', async () => {
  expect(await createHeldLanguages(() => Promise.reject(new Error('away'))).held(reader)).toEqual([]);
  expect(await createHeldLanguages(() => new Promise(() => undefined), { keptMs: 10, most: 2, patienceMs: 5 }).held(reader)).toEqual([]);
  let asked = 0;
  const { held, asOf } = createHeldLanguages(() => ((asked += 1), Promise.resolve(asked === 1 ? ['de', 'en'] : ['de', 'en', 'sv'])));
  expect([await held(reader), await held({ ...reader, subject: 'other' }), await held({ ...reader, policies: [] }), asked]).toEqual([['de', 'en'], ['de', 'en'], ['de', 'en', 'sv'], 2]);
  asOf(reader.tenant, '8');
  expect([await held(reader), await held(reader), asked]).toEqual([['de', 'en', 'sv'], ['de', 'en', 'sv'], 3]);
});
