import { afterEach, describe, expect, it, vi } from 'vitest';
import { Admission, searchAdmission } from '../../../../src/api/overload/admission.ts';
import { createRequestGate } from '../../../../src/api/overload/requestGate.ts';
import type { DomainEvent } from '../../../../src/contracts/events.ts';
import type { SearchResponse } from '../../../../src/contracts/search.ts';
import { problemSchema } from '../../../../src/contracts/problem.ts';
import { signToken, startApi } from '../../../support/api/runningApi.ts';
import type { RunningApi } from '../../../support/api/runningApi.ts';

let api: RunningApi | undefined;
afterEach(async () => {
  await api?.close();
  api = undefined;
});

/** An API with one place at work, one to wait, and searches that last until they are told to end. */
async function startNarrowApi() {
  const events: DomainEvent[] = [];
  const admission = new Admission({ ...searchAdmission, least: 1, first: 1, most: 1, mostWaiting: 1, waitMs: 200 });
  const ends: (() => void)[] = [];
  const search = () => new Promise<SearchResponse>((resolve) => void ends.push(() => resolve({ query: 'x', mode: 'hybrid', results: [], nextCursor: null, degraded: false, degradations: [], tookMs: 1 })));
  api = await startApi({ search, searchGate: createRequestGate(admission, (event) => events.push(event)) });
  return { api, admission, ends, events };
}

const body = { query: 'refunds' };

describe('routes that shed load', () => {
  it('refuse with 429, a time to come back, and an event, and go on once there is a place', async () => {
    const { api, ends, events, admission } = await startNarrowApi();
    const first = api.post('/v1/search', body);
    await vi.waitFor(() => expect(ends.length).toBe(1));
    const [second, third] = [api.post('/v1/search', body), api.post('/v1/search', body)];
    const refused = await Promise.race([second, third]);
    expect(refused.status).toBe(429);
    expect(Number(refused.headers.get('retry-after'))).toBeGreaterThanOrEqual(1);
    expect(problemSchema.parse(await refused.json())).toMatchObject({ code: 'OVERLOADED', status: 429 });
    expect(events).toContainEqual(expect.objectContaining({ type: 'request.shed', tenant: 'acme', route: '/v1/search', cause: 'full' }));
    ends[0]?.();
    await vi.waitFor(() => expect(ends.length).toBe(2));
    ends[1]?.();
    expect((await first).status).toBe(200);
    expect((await Promise.all([second, third])).map(({ status }) => status).sort()).toEqual([200, 429]);
    expect(admission.state).toMatchObject({ inWork: 0, waiting: 0 });
    await vi.waitFor(() => expect(events).toContainEqual(expect.objectContaining({ type: 'load.observed', inWork: { '/v1/search': 1 }, limit: 1 })), 2_000);
  });

  it('leave health, metrics and other resources alone', async () => {
    const { api, ends } = await startNarrowApi();
    const [first, second] = [api.post('/v1/search', body), api.post('/v1/search', body)];
    await vi.waitFor(() => expect(ends.length).toBe(1));
    for (const path of ['/livez', '/readyz', '/metrics']) expect((await fetch(`${api.url}${path}`)).status).toBe(200);
    ends[0]?.();
    await vi.waitFor(() => expect(ends.length).toBe(2));
    ends[1]?.();
    await Promise.all([first, second]);
  });

  it('give a place back where a request fails before or in its work', async () => {
    const { api, admission } = await startNarrowApi();
    expect((await api.post('/v1/search', { query: 7 })).status).toBe(422);
    expect((await api.fetch('/v1/search', { method: 'POST', headers: { 'content-type': 'application/json' }, body: '{' })).status).toBe(400);
    expect((await api.fetch('/v1/search', { method: 'POST', headers: { authorization: `Bearer ${await signToken({}, { expires: '-1h' })}` } })).status).toBe(401);
    await vi.waitFor(() => expect(admission.state.inWork).toBe(0));
  });

  it('keep the place of a caller who left until the work has ended', async () => {
    const { api, admission, ends } = await startNarrowApi();
    const leaving = new AbortController();
    const left = api.fetch('/v1/search', { method: 'POST', headers: { 'content-type': 'application/json' }, body: JSON.stringify(body), signal: leaving.signal });
    await vi.waitFor(() => expect(ends.length).toBe(1));
    leaving.abort();
    await expect(left).rejects.toThrow();
    await vi.waitFor(() => expect(api.events).toContainEqual(expect.objectContaining({ type: 'request.finished', status: 499 })));
    expect(admission.state.inWork).toBe(1);
    ends[0]?.();
    await vi.waitFor(() => expect(admission.state.inWork).toBe(0));
  });

  it('do not work for a caller who left while waiting', async () => {
    const { api, admission, ends } = await startNarrowApi();
    const first = api.post('/v1/search', body);
    await vi.waitFor(() => expect(ends.length).toBe(1));
    const leaving = new AbortController();
    const left = api.fetch('/v1/search', { method: 'POST', headers: { 'content-type': 'application/json' }, body: JSON.stringify(body), signal: leaving.signal });
    await vi.waitFor(() => expect(admission.state.waiting).toBe(1));
    leaving.abort();
    await expect(left).rejects.toThrow();
    await vi.waitFor(() => expect(api.events).toContainEqual(expect.objectContaining({ type: 'request.finished', status: 499 })));
    ends[0]?.();
    await first;
    await vi.waitFor(() => expect(admission.state).toMatchObject({ inWork: 0, waiting: 0 }));
    expect(ends.length).toBe(1);
  });
});
