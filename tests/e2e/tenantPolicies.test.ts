import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { take } from '../../src/cli/jsonOutput.ts';
import type { tenantPolicySchema } from '../../src/contracts/tenants.ts';
import { CatalystClient } from '../../src/sdk/client.ts';
import type { z } from 'zod';
import { startFullStack } from '../support/fullStack.ts';
import type { FullStack } from '../support/fullStack.ts';

let stack: FullStack;
let platform: CatalystClient;
beforeAll(async () => {
  // What the operator has for all; the policies of tenants go before it.
  stack = await startFullStack({ CATALYST_TOKEN_VECTORS: 'on', CATALYST_QUOTAS: '*=jobs:100', CATALYST_PRICE_PER_MILLION_TOKENS: '1000000' });
  platform = new CatalystClient({ url: stack.apiUrl, token: await stack.tokenFor('platform', { roles: ['platform-admin'] }) });
}, 600_000);
afterAll(() => stack.stop(), 60_000);

type Policy = z.input<typeof tenantPolicySchema>;

/** Processes read policies every 400 ms. How long it took is told; the bound leaves room for a busy machine. */
async function underPolicy(tenant: string, policy: Policy, see: () => Promise<unknown>, expected: unknown): Promise<void> {
  await platform.tenants.change(tenant, { policy });
  const changedAt = performance.now();
  await expect.poll(see, { timeout: 3_000, interval: 40 }).toEqual(expected);
  console.log(`${JSON.stringify(policy)} was in force ${Math.round(performance.now() - changedAt)} ms after the change`);
}

async function furnished(tenant: string): Promise<CatalystClient> {
  const client = await stack.clientFor(tenant, ['legal']);
  await platform.tenants.create({ tenant });
  const { jobId } = await client.ingest({
    documents: [
      { id: 'summary', title: 'Summary', text: 'In short: the ferry of Brackwater leaves at dawn.', tier: 'summary' },
      { id: 'open', title: 'Open', text: 'The ferry of Brackwater leaves from the old harbour at dawn.' },
      { id: 'legal', title: 'Legal', text: 'The contract about the ferry of Brackwater ends in June.', policies: ['legal'] },
    ],
  });
  expect((await client.waitForJob(jobId)).state).toBe('succeeded');
  return client;
}

const titlesOf = (client: CatalystClient) => async (): Promise<string[]> => (await client.search({ query: 'ferry of Brackwater' })).results.map(({ document }) => document.title).sort();
const codeOf = (call: () => Promise<unknown>) => async (): Promise<string> => call().then(() => 'done', (error: unknown) => (error as { code: string }).code);
const oneMore = (client: CatalystClient) => codeOf(() => client.ingest({ documents: [{ id: 'more', text: 'One more about the ferry.' }] }));

describe('the policy of a tenant is in force within a second', () => {
  it('for what its callers find: tiers and labels, also where answers were remembered', async () => {
    const client = await furnished('found');
    const titles = titlesOf(client);
    const suggested = async () => (await client.suggest({ q: 'ope' })).titles.length;
    expect([await titles(), await suggested()]).toEqual([['Legal', 'Open', 'Summary'], 1]);
    await underPolicy('found', { tiers: ['summary'] }, titles, ['Summary']);
    expect(await suggested()).toBe(0);
    await underPolicy('found', { labels: [] }, titles, ['Open', 'Summary']);
    expect((await take(client.documents.list(), 9)).map(({ title }) => title).sort()).toEqual(['Open', 'Summary']);
    await underPolicy('found', { labels: ['legal'], tiers: ['passage', 'title'] }, titles, ['Legal', 'Open']);
    await underPolicy('found', {}, titles, ['Legal', 'Open', 'Summary']);
  }, 60_000);

  it('for quotas, the money of the month and the model of documents, before what the operator has for all', async () => {
    const client = await furnished('limited');
    await underPolicy('limited', { quotas: { documents: 3 } }, oneMore(client), 'QUOTA_EXCEEDED');
    await underPolicy('limited', { quotas: { jobs: 0 } }, oneMore(client), 'QUOTA_EXCEEDED');
    await underPolicy('limited', { budget: { hard: 1 } }, oneMore(client), 'TENANT_BUDGET_EXHAUSTED');
    await underPolicy('limited', { models: { embedding: ['some-other-model'] } }, oneMore(client), 'TENANT_POLICY');
    await underPolicy('limited', {}, oneMore(client), 'done');
  }, 60_000);

  it('for the calls of the model of a job that is in work', async () => {
    const client = await stack.clientFor('spending');
    await platform.tenants.create({ tenant: 'spending', policy: { budget: { hard: 10 } } });
    const { jobId } = await client.ingest({ documents: [{ id: 'a', text: 'A ferry leaves at dawn. '.repeat(200) }] });
    await expect.poll(async () => (await client.getJob(jobId)).pause?.reason, { timeout: 30_000 }).toBe('tenant-budget');
    await platform.tenants.change('spending', { policy: { budget: { hard: null } } });
    await client.jobs.resume(jobId);
    expect((await client.waitForJob(jobId)).state).toBe('succeeded');
  }, 90_000);

  it('for requests a minute and searches a day', async () => {
    const client = new CatalystClient({ url: stack.apiUrl, token: await stack.tokenFor('hurried'), retries: 0 });
    await platform.tenants.create({ tenant: 'hurried' });
    const search = codeOf(() => client.search({ query: 'ferry' }));
    expect(await search()).toBe('done');
    await underPolicy('hurried', { rates: { tenant: { search: 1 } } }, search, 'RATE_LIMITED');
    await underPolicy('hurried', { rates: { tenant: { search: null } } }, search, 'done');
    await underPolicy('hurried', { quotas: { searches: 1 } }, search, 'SEARCH_QUOTA_EXHAUSTED');
    await underPolicy('hurried', { quotas: { searches: null } }, search, 'done');
  }, 30_000);

  it('for what reranks, in searches and in settings', async () => {
    const client = await stack.clientFor('reranked');
    await platform.tenants.create({ tenant: 'reranked' });
    const asked = codeOf(() => client.search({ query: 'ferry', rerank: 'built-in' }));
    expect(await asked()).toBe('done');
    await underPolicy('reranked', { models: { rerank: [] } }, asked, 'TENANT_POLICY');
    expect(await codeOf(() => client.search({ query: 'ferry' }))()).toBe('done');
    await expect(client.searchSettings.set({ rerank: 'built-in' })).rejects.toMatchObject({ code: 'TENANT_POLICY', status: 403 });
    await client.searchSettings.set({ rerank: 'none' });
  }, 30_000);

  it('for a source that was registered before: its runs are refused, and the job of a scheduled one says so', async () => {
    const client = await stack.clientFor('sourced');
    await platform.tenants.create({ tenant: 'sourced' });
    const source = await client.sources.create({ name: 'Site', definition: { type: 'website', url: 'http://127.0.0.1:9/' }, schedule: { cron: ['0 3 1 1 *'], catchupSeconds: 60 } });
    await underPolicy('sourced', { sources: ['upload'] }, codeOf(() => client.sources.run(source.id)), 'TENANT_POLICY');
    await client.sources.backfill(source.id, { from: '2026-01-01T02:00:00Z', to: '2026-01-01T04:00:00Z' });
    const runs = async () => take(client.jobs.list({ sourceId: source.id }), 9);
    await expect.poll(async () => (await runs())[0]?.discovery?.failure?.code, { timeout: 30_000 }).toBe('TENANT_POLICY');
    await expect.poll(async () => (await runs())[0]?.state, { timeout: 30_000 }).toBe('failed');
    expect((await runs())[0]?.discovery?.failure?.message).toContain('website');
  }, 90_000);
});
