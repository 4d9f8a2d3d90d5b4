import { afterAll, beforeAll, beforeEach, describe, expect, it } from 'vitest';
import { newIdentifier } from '../../../src/contracts/identifiers.ts';
import { addedDocumentsSchema, jobSchema, jobsPageSchema } from '../../../src/contracts/jobs.ts';
import type { AddedDocuments, Job, JobDocumentsPage, JobsPage } from '../../../src/contracts/jobs.ts';
import { jobProgressSchema } from '../../../src/contracts/progress.ts';
import type { JobProgress } from '../../../src/contracts/progress.ts';
import { startRegistryApi } from '../../support/api/registryApi.ts';
import type { Caller, Method, RegistryApi } from '../../support/api/registryApi.ts';
import { acceptJob, failed, succeeded } from '../../support/registryJobs.ts';

let api: RegistryApi;
let call: Caller;
let stranger: Caller;
let tenant: string;
let number = 0;

beforeAll(async () => void (api = await startRegistryApi()), 600_000);
afterAll(() => api.close());
beforeEach(async () => {
  tenant = `steering-${(number += 1)}`;
  call = await api.as(tenant, { sub: 'ada' });
  stranger = await api.as('stranger');
  api.started.length = 0;
});

const accept = (documents: number) => acceptJob(api.database, tenant, documents);

async function finished(...results: ReturnType<typeof succeeded>[]): Promise<string> {
  const jobId = await accept(results.length);
  await api.jobs.markJobRunning(tenant, jobId);
  await api.jobs.finishDocuments(tenant, jobId, results);
  await api.jobs.finishJob(tenant, jobId);
  return jobId;
}

const steering: readonly [Method, string, unknown][] = [
  ['POST', 'pause', undefined], ['POST', 'resume', undefined], ['POST', 'approve', { budget: { maximumTokens: 10 } }], ['POST', 'cancel', { mode: 'undo' }], ['PATCH', '', { concurrency: 3 }],
];
const others: readonly [Method, string, unknown][] = [['POST', 'retry', {}], ['POST', 'documents', { documents: [{ text: 'x' }] }], ['GET', 'progress', undefined]];
const pathOf = (jobId: string, verb: string) => `/v1/jobs/${jobId}${verb === '' ? '' : `/${verb}`}`;

describe('steering a job', () => {
  it('pauses with who asked for it, and resumes; each is safe to repeat and tells the workflow', async () => {
    const jobId = await accept(2);
    const paused = await call<Job>('POST', `/v1/jobs/${jobId}/pause`);
    expect([paused.status, jobSchema.parse(paused.body).pause]).toEqual([200, { reason: 'request', detail: 'ada paused the job.', remedy: 'Resume it to go on.', by: 'ada', since: expect.any(String) as string }]);
    expect((await call<Job>('POST', `/v1/jobs/${jobId}/pause`)).body.pause).toEqual(paused.body.pause);
    expect((await call<Job>('POST', `/v1/jobs/${jobId}/resume`)).body.pause).toBeNull();
    expect((await call<Job>('POST', `/v1/jobs/${jobId}/resume`)).status).toBe(200);
    expect(api.started.map(({ kind, id, workflowId }) => ({ kind, id, workflowId }))).toEqual(Array.from({ length: 4 }, () => ({ kind: 'job', id: jobId, workflowId: `job/${tenant}/${jobId}` })));
  });

  it('changes concurrency and takes it back', async () => {
    const jobId = await accept(1);
    expect((await call<Job>('PATCH', `/v1/jobs/${jobId}`, { concurrency: 7 })).body.concurrency).toBe(7);
    expect((await call<Job>('PATCH', `/v1/jobs/${jobId}`, { concurrency: null })).body.concurrency).toBeNull();
    for (const body of [{}, { concurrency: 0 }, { concurrency: 1.5 }, { concurrency: '3' }, { concurrency: 1001 }, { speed: 2, concurrency: 1 }]) expect((await call('PATCH', `/v1/jobs/${jobId}`, body)).status).toBe(422);
    expect((await call('PATCH', `/v1/jobs/${jobId}`)).body.code).toBe('INVALID_JSON');
  });

  it('approves with another budget, or without one', async () => {
    const jobId = await accept(1);
    await call('POST', `/v1/jobs/${jobId}/pause`);
    expect((await call<Job>('POST', `/v1/jobs/${jobId}/approve`, { budget: { maximumTokens: 5, maximumCost: 0.5 } })).body).toMatchObject({ pause: null, budget: { maximumTokens: 5, maximumCost: 0.5 } });
    expect((await call<Job>('POST', `/v1/jobs/${jobId}/approve`, { budget: null })).body.budget).toBeNull();
    await api.jobs.spendTokens(tenant, jobId, 300);
    const spent = await call('POST', `/v1/jobs/${jobId}/approve`, { budget: { maximumTokens: 300 } });
    expect([spent.status, spent.body.errors]).toEqual([422, [{ pointer: '/budget/maximumTokens', code: 'too_small', detail: '300 tokens are spent already.' }]]);
    const refused = await call('POST', `/v1/jobs/${jobId}/approve`, { budget: {} });
    expect([refused.status, refused.body.errors]).toEqual([422, [{ pointer: '/budget', code: 'invalid_value', detail: 'Expected "maximumTokens" or "maximumCost".' }]]);
  });

  it('cancels once: the first way stands, and what is cancelled is steered no more', async () => {
    const jobId = await accept(1);
    expect((await call<Job>('POST', `/v1/jobs/${jobId}/cancel`, { mode: 'undo' })).body.cancellation).toMatchObject({ mode: 'undo', by: 'ada' });
    expect((await call<Job>('POST', `/v1/jobs/${jobId}/cancel`)).body.cancellation).toMatchObject({ mode: 'undo' });
    expect((await call('POST', `/v1/jobs/${jobId}/pause`)).body).toMatchObject({ status: 409, code: 'JOB_NOT_RUNNING' });
    expect((await call('POST', `/v1/jobs/${jobId}/retry`)).body).toMatchObject({ status: 409, code: 'JOB_NOT_RUNNING' });
    expect((await call('POST', `/v1/jobs/${await accept(1)}/cancel`, { mode: 'destroy' })).body.errors).toMatchObject([{ pointer: '/mode' }]);
  });

  it.each(steering)('refuses %s %s on a finished job', async (method, verb, body) => {
    expect((await call(method, pathOf(await finished(succeeded(0)), verb), body)).body).toMatchObject({ status: 409, code: 'JOB_NOT_RUNNING', type: '/docs/errors#JOB_NOT_RUNNING' });
    expect(api.started).toEqual([]);
  });

  it.each([...steering, ...others])('answers %s %s on another tenant’s job as on one that never was', async (method, verb, body) => {
    const jobId = await accept(1);
    const missing = newIdentifier();
    const [foreign, unknown, nonsense] = [await stranger(method, pathOf(jobId, verb), body), await stranger(method, pathOf(missing, verb), body), await call(method, pathOf('nonsense', verb), body)];
    expect([foreign.status, unknown.status, nonsense.status]).toEqual([404, 404, 422]);
    expect(foreign.body.detail).toBe(unknown.body.detail.replace(missing, jobId));
    expect(nonsense.body.errors).toMatchObject([{ pointer: '/path/jobId' }]);
    expect(await api.jobs.find(tenant, jobId)).toMatchObject({ pause: null, cancellation: null, concurrency: null, counts: { total: 1 } });
    expect(api.started).toEqual([]);
    expect(api.artifacts.putAllCalls).toBe(0);
  });

  it.each(['pause', 'cancel', 'retry'])('takes no body for %s that is no object', async (verb) => {
    const jobId = await accept(1);
    if (verb !== 'pause') for (const body of [[], 'text', 4]) expect((await call('POST', `/v1/jobs/${jobId}/${verb}`, JSON.stringify(body))).body).toMatchObject({ status: 422, errors: [{ pointer: '', code: 'wrong_type' }] });
    if (verb !== 'pause') expect((await call('POST', `/v1/jobs/${jobId}/${verb}`, '{"mode":')).body.code).toBe('INVALID_JSON');
    expect((await call('GET', `/v1/jobs/${jobId}/${verb}`)).body.code).toBe('METHOD_NOT_ALLOWED');
  });
});

describe('retry', () => {
  it('queues failed documents again: all, by code, or chosen; nothing that succeeded', async () => {
    const jobId = await finished(succeeded(0), failed(1), failed(2, 'FETCH_FAILED', 'The site answers 502.'), failed(3));
    expect((await call('POST', `/v1/jobs/${jobId}/retry`, { codes: ['FETCH_FAILED'] })).body).toEqual({ documents: 1 });
    expect((await call('POST', `/v1/jobs/${jobId}/retry`, { indexes: [0, 3] })).body).toEqual({ documents: 1 });
    expect((await call('POST', `/v1/jobs/${jobId}/retry`)).body).toEqual({ documents: 1 });
    expect((await call('POST', `/v1/jobs/${jobId}/retry`)).body).toEqual({ documents: 0 });
    expect((await call<Job>('GET', `/v1/jobs/${jobId}`)).body).toMatchObject({ finishedAt: null, counts: { succeeded: 1, queued: 3, failed: 0 } });
    expect((await call<JobDocumentsPage>('GET', `/v1/jobs/${jobId}/documents?state=queued`)).body.documents.map(({ rounds }) => rounds)).toEqual([2, 2, 2]);
  });

  it('refuses what cannot be meant', async () => {
    const jobId = await finished(failed(0));
    for (const body of [{ codes: [] }, { codes: ['NO_SUCH_CODE'] }, { indexes: [-1] }, { indexes: [2 ** 31] }, { index: 1 }]) expect((await call('POST', `/v1/jobs/${jobId}/retry`, body)).status).toBe(422);
  });
});

describe('adding documents', () => {
  it('answers their places in the job, and keeps those that are there', async () => {
    const jobId = await accept(2);
    const first = await call<AddedDocuments>('POST', `/v1/jobs/${jobId}/documents`, { documents: [{ id: 'a', text: 'one' }, { id: 'b', text: 'two' }] });
    expect([first.status, addedDocumentsSchema.parse(first.body).documents.map(({ index }) => index)]).toEqual([202, [2, 3]]);
    const again = await call<AddedDocuments>('POST', `/v1/jobs/${jobId}/documents`, { documents: [{ id: 'b', text: 'two' }, { id: 'c', text: 'three' }] });
    expect(again.body.documents.map(({ index }) => index)).toEqual([3, 4]);
    expect((await call<Job>('GET', `/v1/jobs/${jobId}`)).body.counts.total).toBe(5);
    expect(api.started.map(({ id }) => id)).toEqual([jobId, jobId]);
  });

  it('names invalid documents, and skips them where it should', async () => {
    const jobId = await accept(1);
    const documents = [{ text: 'fine' }, { text: '' }, { url: 'http://127.0.0.1/' }];
    const refused = await call('POST', `/v1/jobs/${jobId}/documents`, { documents });
    expect([refused.body.code, refused.body.errors?.map(({ pointer }) => pointer)]).toEqual(['INVALID_DOCUMENTS', ['/documents/1/text', '/documents/2/url']]);
    const skipped = await call<AddedDocuments>('POST', `/v1/jobs/${jobId}/documents`, { documents, onInvalid: 'skip' });
    expect(skipped.body).toMatchObject({ documents: [{ index: 1 }], invalid: [{ index: 1 }, { index: 2 }] });
    for (const body of [{ documents: [] }, {}, { documents: 'x' }, { documents: [{ text: 'x' }], dryRun: true }]) expect((await call('POST', `/v1/jobs/${jobId}/documents`, body)).body.code).toBe('INVALID_REQUEST');
  });

  it('is refused by a finished or cancelled job, before anything is stored', async () => {
    const before = api.artifacts.putAllCalls;
    expect((await call('POST', `/v1/jobs/${await finished(succeeded(0))}/documents`, { documents: [{ text: 'x' }] })).body.code).toBe('JOB_NOT_RUNNING');
    expect(api.artifacts.putAllCalls).toBe(before);
    const jobId = await accept(1);
    await call('POST', `/v1/jobs/${jobId}/cancel`);
    expect((await call('POST', `/v1/jobs/${jobId}/documents`, { documents: [{ text: 'x' }] })).body.code).toBe('JOB_NOT_RUNNING');
  });
});

describe('jobs', () => {
  it('are listed newest first, page by page, and those of others never', async () => {
    const ids = [await accept(1), await accept(2), await finished(failed(0))];
    const first = await call<JobsPage>('GET', '/v1/jobs?limit=2');
    const second = await call<JobsPage>('GET', `/v1/jobs?limit=2&cursor=${encodeURIComponent(first.body.next ?? '')}`);
    expect([...jobsPageSchema.parse(first.body).jobs, ...jobsPageSchema.parse(second.body).jobs].map(({ id }) => id)).toEqual(ids.toReversed());
    expect([second.body.next, first.headers.get('cache-control')]).toEqual([null, 'no-store']);
    expect((await stranger<JobsPage>('GET', '/v1/jobs')).body.jobs.filter(({ id }) => ids.includes(id))).toEqual([]);
    expect((await call<JobsPage>('GET', `/v1/jobs?sourceId=${newIdentifier()}`)).body).toEqual({ jobs: [], next: null });
  });

  it.each(['cursor=abc', 'cursor=1_------------------------------------_0', 'cursor=', 'limit=0', 'limit=1001', 'limit=x', 'sourceId=x', 'state=failed', 'cursor=a&cursor=b'])('refuse the query %s', async (query) => {
    const { status, body } = await call('GET', `/v1/jobs?${query}`);
    expect([status, body.errors?.[0]?.pointer.startsWith('/query')]).toEqual([422, true]);
  });

  it('tell their progress; of a paused one no remaining time', async () => {
    const jobId = await accept(3);
    await api.jobs.markJobRunning(tenant, jobId);
    await api.jobs.beginStage(tenant, jobId, [0, 1], 'parse');
    await api.jobs.finishDocuments(tenant, jobId, [succeeded(2)]);
    const { body } = await call<JobProgress>('GET', `/v1/jobs/${jobId}/progress`);
    expect(jobProgressSchema.parse(body)).toMatchObject({ jobId, state: 'running', counts: { running: 2, succeeded: 1 }, stages: [{ stage: 'parse', running: 2 }] });
    await call('POST', `/v1/jobs/${jobId}/pause`);
    expect((await call<JobProgress>('GET', `/v1/jobs/${jobId}/progress`)).body).toMatchObject({ pause: { reason: 'request' }, remaining: null });
  });

  it('answer HEAD without a body, the event stream included', async () => {
    const jobId = await accept(1);
    for (const path of ['', '/progress', '/documents', '/events']) {
      const answer = await call('HEAD', `/v1/jobs/${jobId}${path}`);
      expect([path, answer.status, answer.body, answer.headers.get('cache-control')]).toEqual([path, 200, undefined, 'no-store']);
    }
    expect((await call('HEAD', `/v1/jobs/${newIdentifier()}`)).status).toBe(404);
  });
});
