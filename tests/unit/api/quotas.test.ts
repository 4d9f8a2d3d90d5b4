import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { createTenantAccount } from '../../../src/adapters/postgres/usage/tenantAccount.ts';
import { createAdmitWork } from '../../../src/api/quotas/admitWork.ts';
import type { DomainEvent } from '../../../src/contracts/events.ts';
import type { Quotas, TenantBudget } from '../../../src/contracts/quotas.ts';
import { openPolicy, tenantPolicySchema } from '../../../src/contracts/tenants.ts';
import type { TenantPolicy } from '../../../src/contracts/tenants.ts';
import { prices, startRegistryApi } from '../../support/api/registryApi.ts';
import type { RegistryApi } from '../../support/api/registryApi.ts';

const quotas: Readonly<Record<string, Quotas>> = { 'own-jobs': { jobs: 100, documents: 1 }, 'own-nothing': { documents: 100 }, jobs: { jobs: 2 }, documents: { documents: 2, jobs: 100 }, bytes: { bytes: 10 } };
const budgets: Readonly<Record<string, TenantBudget>> = { spent: { hard: 2 }, 'own-money': { hard: 100 } };
/** Of tenants that have numbers of their own. */
const policies: Readonly<Record<string, TenantPolicy>> = {
  'own-jobs': tenantPolicySchema.parse({ quotas: { jobs: 1, documents: null }, models: { embedding: ['small-model'] } }),
  'own-nothing': tenantPolicySchema.parse({ quotas: { chunks: 0 } }),
  'own-money': tenantPolicySchema.parse({ budget: { hard: 1 } }),
  'other-model': tenantPolicySchema.parse({ models: { embedding: ['large-model'] } }),
};
const events: DomainEvent[] = [];
let api: RegistryApi;
beforeAll(async () => {
  api = await startRegistryApi((database) => ({
    admitWork: createAdmitWork({ account: createTenantAccount(database), policyOf: (tenant) => policies[tenant] ?? openPolicy, embeddingModelOf: () => Promise.resolve('small-model'), quotasOf: (tenant) => quotas[tenant] ?? {}, budgetOf: (tenant) => budgets[tenant] ?? {}, prices, emit: (event) => events.push(event) }),
  }));
}, 600_000);
afterAll(() => api.close());

const bulk = (...texts: string[]) => ({ documents: texts.map((text) => ({ text })) });
const crawl = { definition: { type: 'website', url: 'https://site.test/' } };

describe('new work', () => {
  it('is refused beyond the jobs at once, those that find their documents themselves included', async () => {
    const call = await api.as('jobs');
    expect((await call('POST', '/v1/ingest/bulk', bulk('a'))).status).toBe(202);
    expect((await call('POST', '/v1/ingest/source', crawl)).status).toBe(202);
    for (const [path, body] of [['/v1/ingest/bulk', bulk('b')], ['/v1/ingest/source', crawl]] as const) {
      expect(await call('POST', path, body)).toMatchObject({ status: 402, body: { code: 'QUOTA_EXCEEDED', detail: 'The tenant has 2 unfinished jobs and may have 2; 1 more do not fit.' } });
    }
    expect(events).toContainEqual({ type: 'quota.exceeded', tenant: 'jobs', quota: 'jobs' });
  });

  it('is refused where its documents or their bytes do not fit, and stores nothing', async () => {
    const many = await api.as('documents');
    expect(await many('POST', '/v1/ingest/bulk', bulk('a', 'b', 'c'))).toMatchObject({ status: 402, body: { code: 'QUOTA_EXCEEDED' } });
    const { status, body } = await many<{ jobId: string }>('POST', '/v1/ingest/bulk', bulk('a', 'b'));
    expect(status).toBe(202);
    expect((await many('POST', `/v1/jobs/${body.jobId}/documents`, bulk('d', 'e', 'f'))).status).toBe(402);
    const large = await api.as('bytes');
    expect((await large('POST', '/v1/ingest/bulk', bulk('12345678901'))).status).toBe(402);
    expect((await large('POST', '/v1/ingest/bulk', bulk('1234567890'))).status).toBe(202);
  });

  it('is refused once the budget of the month is spent, and goes on for all others', async () => {
    const call = await api.as('spent');
    const { body } = await call<{ jobId: string }>('POST', '/v1/ingest/bulk', bulk('a'));
    await api.jobs.spendTokens('spent', body.jobId, 1_000_000);
    expect(await call('POST', '/v1/ingest/bulk', bulk('b'))).toMatchObject({ status: 402, body: { code: 'TENANT_BUDGET_EXHAUSTED', detail: '2 of 2 EUR are spent this month.' } });
    expect((await (await api.as('free'))('POST', '/v1/ingest/bulk', bulk('b'))).status).toBe(202);
  });

  it('goes by the numbers of the tenant’s policy before those of the operator; null is no limit', async () => {
    const jobs = await api.as('own-jobs');
    expect((await jobs('POST', '/v1/ingest/bulk', bulk('a', 'b'))).status).toBe(202);
    expect(await jobs('POST', '/v1/ingest/bulk', bulk('c'))).toMatchObject({ status: 402, body: { detail: 'The tenant has 1 unfinished jobs and may have 1; 1 more do not fit.' } });
    expect(await (await api.as('own-nothing'))('POST', '/v1/ingest/bulk', bulk('a'))).toMatchObject({ status: 402, body: { code: 'QUOTA_EXCEEDED' } });
    const money = await api.as('own-money');
    const { body } = await money<{ jobId: string }>('POST', '/v1/ingest/bulk', bulk('a'));
    await api.jobs.spendTokens('own-money', body.jobId, 500_000);
    expect(await money('POST', '/v1/ingest/bulk', bulk('b'))).toMatchObject({ status: 402, body: { code: 'TENANT_BUDGET_EXHAUSTED', detail: '1 of 1 EUR are spent this month.' } });
  });

  it('is refused where the tenant may not use the model that it would be embedded by', async () => {
    const call = await api.as('other-model');
    for (const [path, sent] of [['/v1/ingest/bulk', bulk('a')], ['/v1/ingest/source', crawl]] as const) expect(await call('POST', path, sent)).toMatchObject({ status: 403, body: { code: 'TENANT_POLICY' } });
  });
});
