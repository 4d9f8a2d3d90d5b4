import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { createJobRegistry } from '../../../src/adapters/postgres/jobs/jobRegistry.ts';
import { createTenantRegistry } from '../../../src/adapters/postgres/tenants/tenantRegistry.ts';
import { createTenantAccount } from '../../../src/adapters/postgres/usage/tenantAccount.ts';
import { createUsageLedger } from '../../../src/adapters/postgres/usage/usageLedger.ts';
import type { DomainEvent } from '../../../src/contracts/events.ts';
import { newIdentifier } from '../../../src/contracts/identifiers.ts';
import type { TenantBudget } from '../../../src/contracts/quotas.ts';
import { tenantPolicySchema } from '../../../src/contracts/tenants.ts';
import { noUsage } from '../../../src/contracts/usage.ts';
import { startTestDatabase } from '../../support/postgres.ts';
import { acceptJob } from '../../support/registryJobs.ts';

let server: Awaited<ReturnType<typeof startTestDatabase>>;
beforeAll(async () => {
  server = await startTestDatabase();
}, 600_000);
afterAll(() => server.close());

const prices = { currency: 'EUR', perMillionTokens: 1_000_000, perCredit: 0, perThousandSearches: 1_000 };

/** As a worker has it: with a budget for every tenant. */
function jobsWith(budget: TenantBudget) {
  const events: DomainEvent[] = [];
  return { jobs: createJobRegistry(server.database, { prices, tenantBudgets: { budgetOf: () => budget, emit: (event) => events.push(event) } }), events };
}

describe('the budget of a tenant', () => {
  it('tells once that the soft one is reached, and refuses what does not fit the hard one', async () => {
    const { jobs, events } = jobsWith({ soft: 50, hard: 100 });
    const [one, two] = [await acceptJob(server.database, 'tb-a', 1), await acceptJob(server.database, 'tb-a', 1)];
    await jobs.spendTokens('tb-a', one, 40);
    expect(events).toEqual([]);
    await jobs.spendTokens('tb-a', two, 20);
    await jobs.spendTokens('tb-a', two, 20);
    expect(events).toEqual([{ type: 'budget.reached', tenant: 'tb-a', level: 'soft', cost: 60, currency: 'EUR' }]);
    for (let round = 0; round < 2; round += 1) await expect(jobs.spendTokens('tb-a', one, 21)).rejects.toMatchObject({ code: 'TENANT_BUDGET_EXHAUSTED' });
    expect(events.slice(1)).toEqual([{ type: 'budget.reached', tenant: 'tb-a', level: 'hard', cost: 100, currency: 'EUR' }]);
    await jobs.spendTokens('tb-a', one, 20);
    // What was refused counts nowhere.
    expect((await createTenantAccount(server.database).readMonth('tb-a')).tokens).toBe(100);
    expect((await jobs.find('tb-a', one))?.spent.tokens).toBe(60);
  });

  it('counts searches too, is of one tenant alone, and none is no hindrance', async () => {
    await createUsageLedger(server.database).add('tb-b', newIdentifier(), { searches: 95 });
    const job = await acceptJob(server.database, 'tb-b', 1);
    await expect(jobsWith({ hard: 100 }).jobs.spendTokens('tb-b', job, 6)).rejects.toMatchObject({ code: 'TENANT_BUDGET_EXHAUSTED' });
    await jobsWith({}).jobs.spendTokens('tb-b', job, 1_000);
    const other = await acceptJob(server.database, 'tb-c', 1);
    await jobsWith({ hard: 100 }).jobs.spendTokens('tb-c', other, 99);
  });

  it('is that of the tenant’s policy where it has one, from the next call on', async () => {
    const tenants = createTenantRegistry(server.database);
    await tenants.create({ tenant: 'tb-e', name: null, policy: tenantPolicySchema.parse({ budget: { hard: 50 } }) }, 'operator');
    const { jobs, events } = jobsWith({ soft: 10, hard: 100 });
    const job = await acceptJob(server.database, 'tb-e', 1);
    await jobs.spendTokens('tb-e', job, 50);
    expect(events).toMatchObject([{ level: 'soft', cost: 50 }]);
    await expect(jobs.spendTokens('tb-e', job, 1)).rejects.toMatchObject({ code: 'TENANT_BUDGET_EXHAUSTED', message: expect.stringContaining('50 EUR') as string });
    expect(events.slice(1)).toMatchObject([{ level: 'hard', cost: 50 }]);
    await tenants.change('tb-e', { policy: tenantPolicySchema.parse({ budget: { hard: null } }) }, 'operator');
    await jobs.spendTokens('tb-e', job, 500);
  });

  it('is passed by a call of each job at the most, however many spend at once', async () => {
    const { jobs } = jobsWith({ hard: 1_000 });
    const ids = await Promise.all(Array.from({ length: 4 }, () => acceptJob(server.database, 'tb-d', 1)));
    await Promise.allSettled(Array.from({ length: 60 }, (_, place) => jobs.spendTokens('tb-d', ids[place % 4] ?? '', 50)));
    const { tokens } = await createTenantAccount(server.database).readMonth('tb-d');
    expect(tokens).toBeGreaterThanOrEqual(1_000);
    expect(tokens).toBeLessThanOrEqual(1_000 + 3 * 50);
  });
});

describe('the account of a tenant', () => {
  it('tells what it holds, and nothing of others', async () => {
    const account = createTenantAccount(server.database);
    await acceptJob(server.database, 'account-a', 2);
    await server.database.withTenant('account-a', async (transaction) => {
      const rows = [0, 1, 2].map((place) => ({ tenant: 'account-a', id: newIdentifier(), source_key: `k${place}`, version_id: place === 2 ? null : newIdentifier(), chunks: 5 }));
      await transaction.insertInto('documents').values(rows).execute();
      const artifacts = rows.flatMap(({ id, version_id: version }) => (version === null ? [] : (['raw', 'text'] as const).map((kind) => ({ tenant: 'account-a', document_id: id, version_id: version, kind, uri: 's3://x', start: '0', length: '70', digest: 'sha256:0' as const, media_type: 'text/plain' }))));
      await transaction.insertInto('version_artifacts').values(artifacts).execute();
    });
    expect(await account.readHoldings('account-a', ['documents', 'chunks', 'bytes', 'jobs'])).toEqual({ documents: 2, chunks: 10, bytes: 140, jobs: 1 });
    expect(await account.readHoldings('account-b', ['documents', 'chunks', 'bytes', 'jobs'])).toEqual({ documents: 0, chunks: 0, bytes: 0, jobs: 0 });
    expect(await account.readMonth('account-b')).toEqual(noUsage);
  });
});
