import { afterAll, beforeAll, beforeEach, describe, expect, it } from 'vitest';
import type { z } from 'zod';
import { createTenantRegistry } from '../../../src/adapters/postgres/tenants/tenantRegistry.ts';
import { deadLettersPageSchema, deadLetterSummarySchema } from '../../../src/contracts/deadLetters.ts';
import type { DeadLettersPage, DeadLetterSummary, ReplayAnswer } from '../../../src/contracts/deadLetters.ts';
import { newIdentifier } from '../../../src/contracts/identifiers.ts';
import type { Job } from '../../../src/contracts/jobs.ts';
import type { RetentionPolicy, Sweep } from '../../../src/contracts/sweeps.ts';
import { openPolicy, tenantPolicySchema } from '../../../src/contracts/tenants.ts';
import type { TenantPolicy } from '../../../src/contracts/tenants.ts';
import { startRegistryApi } from '../../support/api/registryApi.ts';
import type { Caller, RegistryApi } from '../../support/api/registryApi.ts';
import { acceptJob, failed, succeeded } from '../../support/registryJobs.ts';

let api: RegistryApi;
let call: Caller;
let stranger: Caller;
let tenant: string;
let number = 0;

/** What the operator lets tenants keep. */
const policies = new Map<string, TenantPolicy>();

beforeAll(async () => void (api = await startRegistryApi(() => ({ tenantStandings: { admit: (principal) => principal, policyOf: (of) => policies.get(of) ?? openPolicy } }))), 600_000);
afterAll(() => api.close());
beforeEach(async () => {
  tenant = `upkeep-${(number += 1)}`;
  call = await api.as(tenant, { sub: 'ada' });
  stranger = await api.as('stranger');
  api.started.length = 0;
});

/** A finished job; documents of different jobs are different documents. */
async function finished(...results: ReturnType<typeof succeeded>[]): Promise<string> {
  const key = newIdentifier();
  const jobId = await acceptJob(api.database, tenant, results.length, { keyOf: (index) => `${key}:${index}` });
  await api.jobs.markJobRunning(tenant, jobId);
  await api.jobs.finishDocuments(tenant, jobId, results);
  await api.jobs.finishJob(tenant, jobId);
  api.started.length = 0;
  return jobId;
}

/** In Postgres, and in the memory of the API, which reads it from there every 400 ms. */
async function bind(retention: z.input<typeof tenantPolicySchema>['retention']): Promise<void> {
  const tenants = createTenantRegistry(api.database);
  const policy = tenantPolicySchema.parse({ retention });
  if (policies.has(tenant)) await tenants.change(tenant, { policy }, 'operator');
  else await tenants.create({ tenant, name: null, policy }, 'operator');
  policies.set(tenant, policy);
}

const lettersOf = async (query = '', caller = call) => (await caller<DeadLettersPage>('GET', `/v1/dead-letters${query}`)).body;

describe('dead letters', () => {
  it('are listed with their last error, page by page, by code and by job', async () => {
    const one = await finished(succeeded(0), failed(1), failed(2, 'FETCH_FAILED', 'The site answers 502.'));
    const two = await finished(failed(0));
    const first = await lettersOf('?limit=2');
    const rest = await lettersOf(`?limit=2&cursor=${encodeURIComponent(first.next ?? '')}`);
    const all = [...deadLettersPageSchema.parse(first).deadLetters, ...deadLettersPageSchema.parse(rest).deadLetters];
    expect(all.map(({ jobId, index }) => `${jobId}#${index}`).sort()).toEqual([`${one}#1`, `${one}#2`, `${two}#0`].sort());
    expect(rest.next).toBeNull();
    expect((await lettersOf('?code=FETCH_FAILED')).deadLetters).toMatchObject([{ jobId: one, index: 2, failure: { code: 'FETCH_FAILED', message: 'The site answers 502.' }, rounds: 1 }]);
    expect((await lettersOf(`?jobId=${two}`)).deadLetters).toHaveLength(1);
    expect((await lettersOf('', stranger)).deadLetters).toEqual([]);
    expect((await lettersOf(`?jobId=${two}`, stranger)).deadLetters).toEqual([]);
  });

  it('of one kind read as one line', async () => {
    await finished(...Array.from({ length: 30 }, (_, index) => failed(index, 'FETCH_FAILED', `The site site-${index}.example answers ${500 + (index % 3)}.`)), failed(30));
    const summary = deadLetterSummarySchema.parse((await call<DeadLetterSummary>('GET', '/v1/dead-letters/summary')).body);
    expect([summary.total, summary.groups.map(({ code, count, jobs }) => [code, count, jobs])]).toEqual([31, [['FETCH_FAILED', 30, 1], ['EMPTY_DOCUMENT', 1, 1]]]);
    expect((await stranger<DeadLetterSummary>('GET', '/v1/dead-letters/summary')).body).toEqual({ total: 0, groups: [] });
  });

  it('are replayed in their jobs, which are told: by class, by job, chosen, or all', async () => {
    const one = await finished(failed(0), failed(1, 'FETCH_FAILED'));
    const two = await finished(failed(0), failed(1));
    const replay = async (body?: unknown) => (await call<ReplayAnswer>('POST', '/v1/dead-letters/replay', body)).body;
    expect(await replay({ codes: ['FETCH_FAILED'] })).toEqual({ documents: 1, jobs: [one] });
    expect(api.started.map(({ id }) => id)).toEqual([one]);
    expect(await replay({ documents: [{ jobId: two, index: 1 }] })).toEqual({ documents: 1, jobs: [two] });
    expect(await replay({ jobId: newIdentifier() })).toEqual({ documents: 0, jobs: [] });
    expect((await stranger('POST', '/v1/dead-letters/replay', { jobId: two })).body).toEqual({ documents: 0, jobs: [] });
    expect(await replay()).toMatchObject({ documents: 2 });
    expect((await lettersOf()).deadLetters).toEqual([]);
    expect((await call<Job>('GET', `/v1/jobs/${one}`)).body).toMatchObject({ finishedAt: null, counts: { queued: 2 } });
  });

  it.each<[unknown]>([[{ codes: [] }], [{ codes: ['WHATEVER'] }], [{ jobId: 'x' }], [{ documents: [] }], [{ documents: [{ jobId: newIdentifier(), index: 2 ** 40 }] }], [{ all: true }], [[]]])('are not replayed for %j', async (body) => {
    await finished(failed(0));
    expect((await call('POST', '/v1/dead-letters/replay', body)).status).toBe(422);
    expect((await lettersOf()).deadLetters).toHaveLength(1);
  });

  it.each(['code=WHATEVER', 'jobId=x', 'limit=0', 'cursor=1', 'state=failed'])('refuse the query %s', async (query) => {
    expect((await call('GET', `/v1/dead-letters?${query}`)).status).toBe(422);
  });
});

describe('retention', () => {
  it('has defaults, is set whole, and is the tenant’s own', async () => {
    const defaults = { replacedVersionDays: 30, failedArtifactDays: 7, searchableHistoryDays: 0, uploadDays: 30, jobDays: 365, logDays: 90 };
    expect((await call<RetentionPolicy>('GET', '/v1/retention')).body).toEqual(defaults);
    expect((await call<RetentionPolicy>('PUT', '/v1/retention', { replacedVersionDays: null, uploadDays: 0 })).body).toEqual({ ...defaults, replacedVersionDays: null, uploadDays: 0 });
    expect((await call<RetentionPolicy>('GET', '/v1/retention')).body.replacedVersionDays).toBeNull();
    expect((await stranger<RetentionPolicy>('GET', '/v1/retention')).body).toEqual(defaults);
  });

  it('is changed in part; what was not chosen, and what the policy of the tenant shortens, stays as it was', async () => {
    const change = async (body: unknown) => (await call<RetentionPolicy>('PATCH', '/v1/retention', body)).body;
    expect(await change({ replacedVersionDays: 90, jobDays: null })).toMatchObject({ replacedVersionDays: 90, failedArtifactDays: 7, uploadDays: 30, jobDays: null });
    await bind({ replacedVersionDays: 10, failedArtifactDays: 5 });
    expect(await change({ uploadDays: 60 })).toMatchObject({ replacedVersionDays: 10, failedArtifactDays: 5, uploadDays: 60, jobDays: null });
    expect(await call('PATCH', '/v1/retention', { replacedVersionDays: 11, uploadDays: 1 })).toMatchObject({ status: 403, body: { code: 'TENANT_POLICY', errors: [{ pointer: '/replacedVersionDays' }] } });
    await bind({});
    expect((await call<RetentionPolicy>('GET', '/v1/retention')).body).toMatchObject({ replacedVersionDays: 90, failedArtifactDays: 7, uploadDays: 60, jobDays: null });
    expect(await Promise.all(Array.from({ length: 5 }, (_, number) => change({ [['uploadDays', 'jobDays', 'logDays'][number % 3] as string]: 100 })))).toHaveLength(5);
    expect(await change({})).toMatchObject({ replacedVersionDays: 90, uploadDays: 100, jobDays: 100, logDays: 100 });
    for (const body of [{ uploadDays: -1 }, { uploads: 7 }, { searchableHistoryDays: null }, []]) expect((await call('PATCH', '/v1/retention', body)).status).toBe(422);
  });

  it('is not set by accident', async () => {
    await call('PUT', '/v1/retention', { uploadDays: 90 });
    expect((await call('PUT', '/v1/retention')).body.code).toBe('INVALID_JSON');
    for (const body of [{ uploadDays: -1 }, { uploadDays: 1.5 }, { uploadDays: 40_000 }, { uploadDays: '7' }, { uploads: 7 }, [], null]) expect((await call('PUT', '/v1/retention', JSON.stringify(body))).status).toBe(422);
    expect((await call<RetentionPolicy>('GET', '/v1/retention')).body.uploadDays).toBe(90);
  });
});

describe('sweeps', () => {
  it('are dry runs unless told otherwise, and are started, found and listed', async () => {
    const dry = await call<Sweep>('POST', '/v1/sweeps');
    expect([dry.status, dry.headers.get('location'), dry.body]).toEqual([202, `/v1/sweeps/${dry.body.id}`, { id: dry.body.id, dryRun: true, state: 'queued', subject: 'ada', createdAt: expect.any(String) as string, finishedAt: null, report: null, workflowId: `sweep/${tenant}/${dry.body.id}` }]);
    const real = await call<Sweep>('POST', '/v1/sweeps', { dryRun: false });
    expect(real.body.dryRun).toBe(false);
    expect(api.started.map(({ kind, id }) => [kind, id])).toEqual([['sweep', dry.body.id], ['sweep', real.body.id]]);
    const first = await call<{ sweeps: Sweep[]; next: string }>('GET', '/v1/sweeps?limit=1');
    const rest = await call<{ sweeps: Sweep[]; next: null }>('GET', `/v1/sweeps?limit=1&cursor=${first.body.next}`);
    expect([first.body.sweeps[0]?.id, rest.body.sweeps[0]?.id, rest.body.next]).toEqual([real.body.id, dry.body.id, null]);
    expect((await call<Sweep>('GET', `/v1/sweeps/${dry.body.id}`)).body).toEqual(dry.body);
  });

  it('of another tenant are unknown', async () => {
    const { body } = await call<Sweep>('POST', '/v1/sweeps');
    expect((await stranger('GET', `/v1/sweeps/${body.id}`)).body).toMatchObject({ status: 404, detail: `There is no sweep ${body.id}.` });
    expect((await call('GET', '/v1/sweeps/x')).status).toBe(422);
    for (const wrong of [{ dryRun: 'no' }, { dryrun: false }]) expect((await call('POST', '/v1/sweeps', wrong)).status).toBe(422);
  });
});
