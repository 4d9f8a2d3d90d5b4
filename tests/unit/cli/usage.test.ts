import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { runCli } from '../../../src/cli/main.ts';
import { newIdentifier } from '../../../src/contracts/identifiers.ts';
import type { Usage } from '../../../src/contracts/usage.ts';
import { createUsageLedger } from '../../../src/adapters/postgres/usage/usageLedger.ts';
import { CatalystClient } from '../../../src/sdk/client.ts';
import { capturedContext } from '../../support/capturedContext.ts';
import { acceptJob } from '../../support/registryJobs.ts';
import { startRegistryApi } from '../../support/api/registryApi.ts';
import type { RegistryApi } from '../../support/api/registryApi.ts';
import { signToken } from '../../support/api/runningApi.ts';

let api: RegistryApi;
let token: string;
let jobId: string;
const today = new Date().toISOString().slice(0, 10);
beforeAll(async () => {
  api = await startRegistryApi();
  token = await signToken({ tenant: 'cli-usage' });
  jobId = await acceptJob(api.database, 'cli-usage', 1);
  await api.jobs.spendTokens('cli-usage', jobId, 500_000, 1_200);
  await createUsageLedger(api.database).add('cli-usage', newIdentifier(), { searches: 12, queryTokens: 4_000, processorSeconds: 1.25 });
}, 600_000);
afterAll(() => api.close());

async function catalyst(...commandLine: string[]): Promise<{ exitCode: number; out: string; error: string }> {
  const context = capturedContext({ environment: { CATALYST_URL: api.url, CATALYST_TOKEN: token } });
  const exitCode = await runCli(['usage', ...commandLine], context);
  return { exitCode, out: context.out(), error: context.error() };
}

describe('catalyst usage', () => {
  it('tells what each day or job used, and what it cost by the prices', async () => {
    const byJob = await catalyst('--by', 'job');
    expect([byJob.exitCode, byJob.error]).toEqual([0, '']);
    expect(byJob.out).toContain(`${today.slice(0, 8)}01 to ${today}\n`);
    expect(byJob.out).toMatch(new RegExp(`${jobId} +500,000 +1,200 +0 +0 +0 +0 +0 +0\\.0 +1\\.0000\\nno job +0 +0 +0 +0 +12 +4,000 +0 +1\\.3 +0\\.0080\\nall +500,000 +1,200 +0 +0 +12 +4,000 +0 +1\\.3 +1\\.0080\\n`));
    const { out } = await catalyst('--json', '--from', today);
    expect(JSON.parse(out) as Usage).toMatchObject({ from: today, to: today, currency: 'EUR', totals: { tokens: 500_000, queryTokens: 4_000, cost: 1.008 }, entries: [{ day: today, jobId: null, searches: 12 }] });
  });

  it('reads all pages of the client', async () => {
    const client = new CatalystClient({ url: api.url, token });
    const { entries } = await client.usage.get({ by: 'job', pageSize: 1 });
    expect(entries.map((entry) => entry.jobId)).toEqual([jobId, null]);
  });

  it('refuses spans that end before they begin or are too long, and cursors of another list', async () => {
    const call = await api.as('cli-usage');
    for (const query of ['from=2026-02-01&to=2026-01-01', 'from=2020-01-01&to=2026-01-01', 'from=2026-02-30', 'by=job&cursor=2026-01-01', `by=day&cursor=${jobId}`]) {
      expect(await call('GET', `/v1/usage?${query}`), query).toMatchObject({ status: 422, body: { code: 'INVALID_REQUEST' } });
    }
    expect((await catalyst('--from', 'yesterday')).exitCode).not.toBe(0);
    const reader = await api.as('cli-usage', { roles: ['reader'] });
    expect(await reader('GET', '/v1/usage')).toMatchObject({ status: 403, body: { code: 'SCOPE_MISSING' } });
  });
});
