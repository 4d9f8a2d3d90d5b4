import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { createWindowCounts } from '../../../src/adapters/rateLimits/windowCounts.ts';
import { createLimitRate } from '../../../src/api/rateLimits/limitRate.ts';
import { rateClassOf } from '../../../src/api/rateLimits/rateClassOf.ts';
import type { Problem } from '../../../src/contracts/problem.ts';
import type { RateQuotas } from '../../../src/contracts/rateLimits.ts';
import { openPolicy, tenantPolicySchema } from '../../../src/contracts/tenants.ts';
import type { TenantPolicy } from '../../../src/contracts/tenants.ts';
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
let api: RunningApi;
beforeAll(async () => {
  api = await startApi({
    limitRate: createLimitRate({
      counts: createWindowCounts({ emit: () => undefined, now }),
      policyOf: (tenant) => policies[tenant] ?? openPolicy,
      quotasOf: { tenant: (tenant) => quotas[tenant]?.tenant ?? {}, caller: (tenant) => quotas[tenant]?.caller ?? {} },
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
