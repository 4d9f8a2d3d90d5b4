import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { createWindowCounts } from '../../../src/adapters/rateLimits/windowCounts.ts';
import { createSearchQuota } from '../../../src/api/quotas/searchQuota.ts';
import { createLimitRate } from '../../../src/api/rateLimits/limitRate.ts';
import { rateClassOf } from '../../../src/api/rateLimits/rateClassOf.ts';
import { CatalystError } from '../../../src/contracts/errors.ts';
import type { Problem } from '../../../src/contracts/problem.ts';
import { daySeconds } from '../../../src/contracts/rateLimits.ts';
import type { RateQuotas } from '../../../src/contracts/rateLimits.ts';
import { openPolicy, tenantPolicySchema } from '../../../src/contracts/tenants.ts';
import type { TenantPolicy } from '../../../src/contracts/tenants.ts';
import { noUsage } from '../../../src/contracts/usage.ts';
import type { Usage } from '../../../src/contracts/usage.ts';
import { emptyAnswer } from '../../support/api/emptyAnswer.ts';
import { signToken, startApi } from '../../support/api/runningApi.ts';
import type { RunningApi } from '../../support/api/runningApi.ts';

const quotas: Readonly<Record<string, { readonly tenant: RateQuotas; readonly caller: RateQuotas }>> = {
  few: { tenant: { search: 5 }, caller: { search: 3 } },
  batches: { tenant: { search: 6 }, caller: {} },
  'own-fewer': { tenant: { search: 5 }, caller: { search: 3 } },
  'own-none': { tenant: { search: 1 }, caller: {} },
  classes: { tenant: { search: 1, ingest: 1, read: 1 }, caller: {} },
};
/** Of tenants that have numbers of their own. */
const policies: Readonly<Record<string, TenantPolicy>> = {
  'own-fewer': tenantPolicySchema.parse({ rates: { tenant: { search: 2 } } }),
  'own-none': tenantPolicySchema.parse({ rates: { tenant: { search: null }, caller: { search: 4 } } }),
};
/** The middle of a minute, so that none ends during a test. */
const now = () => 30_000;
const emitted: unknown[] = [];
const searchesADay: Readonly<Record<string, number>> = { daily: 4, failing: 2, read: 7 };
/** What other processes are told, and have taken. */
const told = new Map<string, number>([['read', 2]]);
const searchQuota = createSearchQuota({
  counts: createWindowCounts({ emit: () => undefined, windowSeconds: daySeconds, now }),
  shared: { add: (_window, taken) => Promise.resolve(new Map([...taken].map(([key, points]) => [key, (told.get(key) ?? 0) + points]))) },
  quotaOf: (tenant) => searchesADay[tenant],
  emit: (event) => emitted.push(event),
});
let failure: CatalystError | undefined;
let api: RunningApi;
beforeAll(async () => {
  api = await startApi({
    search: (_principal, request) => (failure === undefined ? Promise.resolve(emptyAnswer(request)) : Promise.reject(failure)),
    suggest: () => Promise.resolve({ query: 'xy', titles: [], headings: [], terms: [], tookMs: 0 }),
    searchQuota,
    usage: { read: () => Promise.resolve({ totals: noUsage, entries: [], next: null }) },
    limitRate: createLimitRate({
      counts: createWindowCounts({ emit: () => undefined, now }),
      policyOf: (tenant) => policies[tenant] ?? openPolicy,
      quotasOf: { tenant: (tenant) => quotas[tenant]?.tenant ?? {}, caller: (tenant) => quotas[tenant]?.caller ?? {} },
      searchQuota,
      emit: (event) => emitted.push(event),
    }),
  });
});
afterAll(() => api.close());

interface Answered {
  readonly status: number;
  readonly headers: Headers;
  readonly problem: Partial<Problem>;
}

async function send(tenant: string, subject: string, path = '/v1/search', body: unknown = { query: 'x' }): Promise<Answered> {
  const response = await fetch(`${api.url}${path}`, {
    headers: { authorization: `Bearer ${await signToken({ tenant, sub: subject })}`, 'content-type': 'application/json' },
    ...(body === null ? {} : { method: 'POST', body: JSON.stringify(body) }),
  });
  return { status: response.status, headers: response.headers, problem: (await response.json()) as Partial<Problem> };
}

describe('requests a minute', () => {
  it('are counted by caller and by tenant, told in headers, and refused beyond', async () => {
    const first = await send('few', 'ada');
    expect(first.status).toBe(200);
    expect(first.headers.get('ratelimit-policy')).toBe('"caller-search";q=3;w=60, "tenant-search";q=5;w=60');
    expect(first.headers.get('ratelimit')).toBe('"caller-search";r=2;t=30, "tenant-search";r=4;t=30');
    for (let round = 0; round < 2; round += 1) expect((await send('few', 'ada')).status).toBe(200);
    const refused = await send('few', 'ada');
    expect([refused.status, refused.problem.code, refused.headers.get('retry-after'), refused.headers.get('ratelimit')]).toEqual([429, 'RATE_LIMITED', '30', '"caller-search";r=0;t=30']);
    // What Ada was refused took nothing of the tenant's.
    for (let round = 0; round < 2; round += 1) expect((await send('few', 'bob')).status).toBe(200);
    expect((await send('few', 'bob')).headers.get('ratelimit')).toBe('"caller-search";r=0;t=30, "tenant-search";r=0;t=30');
    expect(emitted).toContainEqual({ type: 'request.limited', tenant: 'few', route: '/v1/search', class: 'search', holder: 'tenant' });
  });

  it('are those of the tenant’s policy first, and of the operator where it says nothing', async () => {
    expect((await send('own-fewer', 'ada')).headers.get('ratelimit-policy')).toBe('"caller-search";q=3;w=60, "tenant-search";q=2;w=60');
    expect((await send('own-fewer', 'bob')).status).toBe(200);
    expect((await send('own-fewer', 'eve')).status).toBe(429);
    expect((await send('own-none', 'ada')).headers.get('ratelimit-policy')).toBe('"caller-search";q=4;w=60');
    expect((await send('own-none', 'ada')).status).toBe(200);
  });

  it('count each search of a batch', async () => {
    expect((await send('batches', 'ada', '/v1/search/batch', { searches: [{ query: 'a' }, { query: 'b' }, { query: 'c' }] })).headers.get('ratelimit')).toBe('"tenant-search";r=3;t=30');
    expect((await send('batches', 'ada', '/v1/search/batch', { searches: Array.from({ length: 5 }, () => ({ query: 'a' })) })).problem.code).toBe('RATE_LIMITED');
    expect((await send('batches', 'ada')).status).toBe(200);
  });

  it('are counted by class, and not at all where no limit is set', async () => {
    expect((await send('classes', 'ada')).status).toBe(200);
    expect((await send('classes', 'ada', '/v1/ingest/bulk', { documents: [{ text: 'x' }] })).status).toBe(202);
    expect((await send('classes', 'ada', '/v1/jobs/0198c0de-0000-7000-8000-000000000000', null)).status).toBe(404);
    expect((await send('classes', 'ada', '/v1/jobs/0198c0de-0000-7000-8000-000000000000', null)).status).toBe(429);
    for (let round = 0; round < 10; round += 1) expect((await send('free', 'ada')).headers.get('ratelimit')).toBeNull();
  });

  it('come after identity and scope: a stranger learns and takes nothing', async () => {
    const response = await fetch(`${api.url}/v1/search`, { method: 'POST', body: '{}' });
    expect([response.status, response.headers.get('ratelimit')]).toEqual([401, null]);
  });
});

describe('searches a day', () => {
  const untilMidnight = '86370';

  it('are counted one by one, each of a batch and suggestions too, told in headers, and refused beyond until midnight', async () => {
    const first = await send('daily', 'ada');
    expect([first.status, first.headers.get('ratelimit-policy'), first.headers.get('ratelimit')]).toEqual([200, '"tenant-search-day";q=4;w=86400', `"tenant-search-day";r=3;t=${untilMidnight}`]);
    expect((await send('daily', 'bob', '/v1/search/batch', { searches: [{ query: 'a' }, { query: 'b' }] })).headers.get('ratelimit')).toBe(`"tenant-search-day";r=1;t=${untilMidnight}`);
    expect((await send('daily', 'bob', '/v1/suggest?q=xy', null)).headers.get('ratelimit')).toBe(`"tenant-search-day";r=0;t=${untilMidnight}`);
    const refused = await send('daily', 'ada');
    expect([refused.status, refused.problem.code, refused.headers.get('retry-after')]).toEqual([429, 'SEARCH_QUOTA_EXHAUSTED', untilMidnight]);
    expect(refused.problem.detail).toContain('4 searches a day');
    expect(emitted).toContainEqual({ type: 'quota.exceeded', tenant: 'daily', quota: 'searches' });
    // Nothing but searching is refused, and nobody else.
    expect((await send('daily', 'ada', '/v1/jobs/0198c0de-0000-7000-8000-000000000000', null)).status).toBe(404);
    expect((await send('free', 'ada')).status).toBe(200);
  });

  it('that were not answered are given back: what is not valid, an outage, a batch that does not fit', async () => {
    expect((await send('failing', 'ada', '/v1/search', { query: '' })).status).toBe(422);
    failure = new CatalystError('INDEX_UNAVAILABLE', 'away');
    expect((await send('failing', 'ada')).status).toBe(503);
    failure = undefined;
    expect((await send('failing', 'ada', '/v1/search/batch', { searches: [{ query: 'a' }, { query: 'b' }, { query: 'c' }] })).problem.code).toBe('SEARCH_QUOTA_EXHAUSTED');
    for (const left of [1, 0]) expect((await send('failing', 'ada')).headers.get('ratelimit')).toBe(`"tenant-search-day";r=${left};t=${untilMidnight}`);
    expect((await send('failing', 'ada')).status).toBe(429);
  });

  it('stand in the usage of the tenant, those of other processes included', async () => {
    for (let round = 0; round < 3; round += 1) await send('read', 'ada');
    const usageOf = async (tenant: string) => (await (await fetch(`${api.url}/v1/usage`, { headers: { authorization: `Bearer ${await signToken({ tenant })}` } })).json()) as Usage;
    expect((await usageOf('read')).searchesToday).toMatchObject({ quota: 7, used: 5, left: 2 });
    expect((await usageOf('free')).searchesToday).toBeNull();
  });
});

describe('the class of a route', () => {
  it('follows from its scope and method', () => {
    expect(rateClassOf('post', 'search:debug')).toBe('search');
    expect(rateClassOf('get', 'search:read')).toBe('search');
    expect(rateClassOf('get', 'documents:read')).toBe('read');
    expect(rateClassOf('post', 'documents:write')).toBe('ingest');
    expect(rateClassOf('post', 'sources:run')).toBe('ingest');
    expect(rateClassOf('delete', 'documents:delete')).toBe('write');
  });
});
