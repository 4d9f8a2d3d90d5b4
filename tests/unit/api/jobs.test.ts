import { createParser } from 'eventsource-parser';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { CatalystError } from '../../../src/contracts/errors.ts';
import { jobDocumentsPageSchema, jobEventSchema, jobSchema } from '../../../src/contracts/jobs.ts';
import type { Problem } from '../../../src/contracts/problem.ts';
import type { Principal } from '../../../src/contracts/principal.ts';
import { jobProgressSchema } from '../../../src/contracts/progress.ts';
import { openPolicy } from '../../../src/contracts/tenants.ts';
import { signToken, startApi } from '../../support/api/runningApi.ts';
import type { RunningApi } from '../../support/api/runningApi.ts';

interface Received {
  readonly event: string | undefined;
  readonly id: string | undefined;
  readonly data: { index?: number; state: string };
}

let api: RunningApi;
let jobId: string;
beforeEach(async () => {
  api = await startApi();
  jobId = await newJob(api, 3);
});
afterEach(() => api.close());

async function newJob(on: RunningApi, documents: number): Promise<string> {
  const response = await on.post('/v1/ingest/bulk', { documents: Array.from({ length: documents }, (_, place) => ({ text: `text ${place}` })) });
  return ((await response.json()) as { jobId: string }).jobId;
}

/** Collects events until the stream ends; `onEvent` may act on each. */
async function follow(headers: Record<string, string> = {}, onEvent: (received: Received, all: Received[]) => void = () => undefined, on = api, id = jobId): Promise<Received[]> {
  const response = await on.fetch(`/v1/jobs/${id}/events`, { headers });
  expect(response.headers.get('content-type')).toContain('text/event-stream');
  const all: Received[] = [];
  const parser = createParser({
    onEvent({ event, id: eventId, data }) {
      const parsed = JSON.parse(data) as unknown;
      const received = { event, id: eventId, data: schemaOf[event as keyof typeof schemaOf].parse(parsed) } as Received;
      all.push(received);
      onEvent(received, all);
    },
  });
  const decoder = new TextDecoder();
  for await (const chunk of response.body ?? []) parser.feed(decoder.decode(chunk as Uint8Array, { stream: true }));
  return all;
}

const schemaOf = { job: jobSchema, document: jobEventSchema, progress: jobProgressSchema };
const brief = (received: Received[]) => received.filter(({ event }) => event !== 'progress').map(({ event, data }) => (event === 'job' ? `job ${data.state}` : `document ${data.index} ${data.state}`));

describe('a job', () => {
  it('is told with its documents, page by page and by state', async () => {
    expect(jobSchema.parse(await (await api.fetch(`/v1/jobs/${jobId}`)).json())).toMatchObject({ id: jobId, state: 'queued', counts: { total: 3 } });
    const first = jobDocumentsPageSchema.parse(await (await api.fetch(`/v1/jobs/${jobId}/documents?limit=2`)).json());
    const second = jobDocumentsPageSchema.parse(await (await api.fetch(`/v1/jobs/${jobId}/documents?limit=2&cursor=${first.next}`)).json());
    expect([first, second].map((page) => page.documents.map((document) => document.index))).toEqual([[0, 1], [2]]);
    expect(second.next).toBeNull();
    api.jobs.finishDocument(jobId, 1, 'succeeded');
    const succeeded = jobDocumentsPageSchema.parse(await (await api.fetch(`/v1/jobs/${jobId}/documents?state=succeeded`)).json());
    expect(succeeded.documents.map((document) => document.index)).toEqual([1]);
  });

  it('of another tenant is as unknown as one that never was', async () => {
    const authorization = `Bearer ${await signToken({ tenant: 'other' })}`;
    for (const path of [`/v1/jobs/${jobId}`, `/v1/jobs/${jobId}/documents`, `/v1/jobs/${jobId}/events`]) {
      const foreign = await api.fetch(path, { headers: { authorization } });
      const missing = await api.fetch(path.replace(jobId, '0198c0de-0000-7000-8000-000000000000'));
      expect([foreign.status, missing.status]).toEqual([404, 404]);
      expect(((await foreign.json()) as Problem).detail).toBe(((await missing.json()) as Problem).detail.replace('0198c0de-0000-7000-8000-000000000000', jobId));
    }
  });
});

describe('the events of a job', () => {
  it('begin with a snapshot, tell of each document, and end with the final state', async () => {
    const received = await follow({}, ({ event }, all) => {
      if (all.length !== 1 || event !== 'job') return;
      api.jobs.setJobState(jobId, 'running');
      for (const index of [0, 1, 2]) api.jobs.finishDocument(jobId, index, index === 1 ? 'failed' : 'succeeded');
      setTimeout(() => { api.jobs.setJobState(jobId, 'partial'); }, 1_200);
    });
    expect(brief(received)).toEqual(['job queued', 'document 0 succeeded', 'document 1 failed', 'document 2 succeeded', 'job running', 'job partial']);
  });

  it('tell every two seconds how far the job is, without an id: a stream is continued after what happened', async () => {
    setTimeout(() => { api.jobs.setJobState(jobId, 'succeeded'); }, 4_600);
    const told: { readonly event: string | undefined; readonly id: string | undefined; readonly at: number }[] = [];
    await follow({}, ({ event, id }) => void told.push({ event, id, at: performance.now() }));
    const progress = told.filter(({ event }) => event === 'progress');
    expect(progress).toHaveLength(2);
    expect(progress.map(({ id }) => id)).toEqual([undefined, undefined]);
    expect((progress[1]?.at ?? 0) - (progress[0]?.at ?? 0)).toBeGreaterThan(1_900);
    expect(told.at(-1)?.event).toBe('job');
  });

  it('snapshots come at most once a second', async () => {
    let running = true;
    let place = 0;
    const work = setInterval(() => {
      if (running && place < 3) api.jobs.finishDocument(jobId, place++, 'succeeded');
    }, 600);
    setTimeout(() => { running = false; api.jobs.setJobState(jobId, 'succeeded'); }, 2_700);
    const times: number[] = [];
    await follow({}, ({ event, data }) => {
      if (event === 'job' && data.state === 'queued') times.push(performance.now());
    });
    clearInterval(work);
    expect(times.length).toBeGreaterThan(1);
    for (const [index, time] of times.entries()) if (index > 0) expect(time - (times[index - 1] ?? 0)).toBeGreaterThan(950);
  });

  it('continue after the last one seen, each once', async () => {
    api.jobs.finishDocument(jobId, 0, 'succeeded');
    api.jobs.finishDocument(jobId, 1, 'succeeded');
    api.jobs.finishDocument(jobId, 2, 'succeeded');
    api.jobs.setJobState(jobId, 'succeeded');
    const all = await follow();
    expect(brief(all)).toEqual(['document 0 succeeded', 'document 1 succeeded', 'document 2 succeeded', 'job succeeded']);
    const rest = await follow({ 'last-event-id': all[1]?.id ?? '' });
    expect(brief(rest)).toEqual(['document 2 succeeded', 'job succeeded']);
    expect(brief(await follow({ 'last-event-id': rest.at(-1)?.id ?? '' }))).toEqual(['job succeeded']);
  });

  it('come whole where there are more than one read holds', async () => {
    const large = await newJob(api, 1_300);
    for (let index = 0; index < 1_300; index += 1) api.jobs.finishDocument(large, index, 'succeeded');
    api.jobs.setJobState(large, 'succeeded');
    const received = await follow({}, undefined, api, large);
    expect(received.filter(({ event }) => event === 'document').map(({ data }) => data.index)).toEqual(Array.from({ length: 1_300 }, (_, index) => index));
    expect(received.at(-1)?.data.state).toBe('succeeded');
  });

  it.each(['abc', '1; drop', '9'.repeat(30)])('are refused after the malformed id %j', async (id) => {
    const response = await api.fetch(`/v1/jobs/${jobId}/events`, { headers: { 'last-event-id': id } });
    expect([response.status, await response.json()]).toMatchObject([422, { errors: [{ pointer: '/header/Last-Event-ID' }] }]);
  });

  it('end when the service stops, so that the client goes on elsewhere', async () => {
    setTimeout(() => { void api.api.drain(5_000); }, 300);
    const startedAt = performance.now();
    expect(brief(await follow())).toEqual(['job queued']);
    expect(performance.now() - startedAt).toBeLessThan(1_500);
  });

  it('are no longer asked for once the client has left', async () => {
    let reads = 0;
    const watched = await startApi({ jobs: { ...api.jobs, find: (tenant, id) => { reads += 1; return api.jobs.find(tenant, id); } } });
    const controller = new AbortController();
    const response = await watched.fetch(`/v1/jobs/${jobId}/events`, { signal: controller.signal });
    expect(response.status).toBe(200);
    await expect.poll(() => reads, { timeout: 3_000 }).toBeGreaterThan(1);
    controller.abort();
    await expect.poll(() => watched.events.at(-1)).toMatchObject({ type: 'request.finished', route: '/v1/jobs/:jobId/events', status: 200 });
    const after = reads;
    await new Promise((resolve) => setTimeout(resolve, 1_200));
    expect(reads).toBe(after);
    await watched.close();
  });

  it('end when the caller is no longer let in', async () => {
    let isSuspended = false;
    const admit = (principal: Principal): Principal => {
      if (isSuspended) throw new CatalystError('TENANT_SUSPENDED', 'The tenant is suspended.');
      return principal;
    };
    const watched = await startApi({ jobs: api.jobs, tenantStandings: { admit, policyOf: () => openPolicy } });
    setTimeout(() => (isSuspended = true), 300);
    const startedAt = performance.now();
    expect(brief(await follow({}, undefined, watched, await newJob(watched, 1)))).toEqual(['job queued']);
    expect(performance.now() - startedAt).toBeLessThan(5_000);
    await expect.poll(() => watched.events.at(-1)).toMatchObject({ type: 'request.finished', route: '/v1/jobs/:jobId/events', code: 'TENANT_SUSPENDED' });
    await watched.close();
  });

  it('end early in an outage, without a final state, and the failure is told to the log', async () => {
    let down = false;
    const flaky = await startApi({ jobs: { ...api.jobs, find: (tenant, id) => (down ? Promise.reject(new CatalystError('REGISTRY_UNAVAILABLE', 'Postgres does not answer.')) : api.jobs.find(tenant, id)) } });
    const received = await follow({}, () => { down = true; }, flaky);
    expect(brief(received)).toEqual(['job queued']);
    await expect.poll(() => flaky.events.at(-1)).toMatchObject({ code: 'REGISTRY_UNAVAILABLE' });
    expect((await flaky.fetch(`/v1/jobs/${jobId}/events`)).status).toBe(503);
    await flaky.close();
  });
});
