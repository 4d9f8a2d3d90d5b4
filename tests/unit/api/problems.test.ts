import { connect } from 'node:net';
import { afterAll, afterEach, beforeAll, describe, expect, it } from 'vitest';
import { CatalystError } from '../../../src/contracts/errors.ts';
import { problemSchema } from '../../../src/contracts/problem.ts';
import type { Problem } from '../../../src/contracts/problem.ts';
import { emptyAnswer } from '../../support/api/emptyAnswer.ts';
import { startApi } from '../../support/api/runningApi.ts';
import type { RunningApi } from '../../support/api/runningApi.ts';

let api: RunningApi;
let failWith: Error | undefined;
beforeAll(async () => {
  api = await startApi({
    search: (_principal, request) => (failWith === undefined ? Promise.resolve(emptyAnswer(request)) : Promise.reject(failWith)),
    limits: { maximumRequestBytes: 50_000, maximumUploadBytes: 1_000, maximumDocumentBytes: 1_000, linkSeconds: 300 },
  });
});
afterAll(() => api.close());
afterEach(() => {
  failWith = undefined;
});

async function problemOf(response: Response): Promise<Problem> {
  expect(response.headers.get('content-type')).toContain('application/problem+json');
  const problem = problemSchema.parse(await response.json());
  expect(problem.status).toBe(response.status);
  expect(problem.requestId).toBe(response.headers.get('x-request-id'));
  expect(problem.type).toBe(`/docs/errors#${problem.code}`);
  return problem;
}

const send = (body: NonNullable<RequestInit['body']>, headers: Record<string, string> = { 'content-type': 'application/json' }, path = '/v1/search') => api.fetch(path, { method: 'POST', headers, body });

describe('a request that is not understood', () => {
  it('is 404 for an unknown path, also where the method is unusual', async () => {
    for (const method of ['GET', 'POST', 'DELETE']) expect(await problemOf(await api.fetch('/v1/nothing', { method }))).toMatchObject({ status: 404, code: 'NOT_FOUND' });
    expect(await problemOf(await fetch(`${api.url}/`))).toMatchObject({ status: 404 });
    expect(await problemOf(await fetch(`${api.url}/docs/assets/package.json`))).toMatchObject({ status: 404 });
  });

  it('is 405 for a known path with another method, naming those there are', async () => {
    const response = await api.fetch('/v1/search', { method: 'DELETE' });
    expect(response.headers.get('allow')).toBe('POST, OPTIONS');
    expect(await problemOf(response)).toMatchObject({ status: 405, code: 'METHOD_NOT_ALLOWED' });
    const options = await fetch(`${api.url}/livez`, { method: 'OPTIONS' });
    expect([options.status, options.headers.get('allow')]).toEqual([204, 'GET, HEAD, OPTIONS']);
    expect((await fetch(`${api.url}/livez`, { method: 'HEAD' })).status).toBe(200);
  });

  it.each([
    ['{"query": "x",\n  "limit": 1,,}', 'position 28 (line 2, column 14)'],
    ['{"query": "x"', 'ends before the JSON is complete at position 13'],
    ['nope', 'position 0 (line 1, column 1)'],
    ['{"query": "a\nb"}', 'position 12 (line 1, column 13)'],
  ])('is 400 for %j, naming the position', async (body, position) => {
    const problem = await problemOf(await send(body));
    expect(problem).toMatchObject({ status: 400, code: 'INVALID_JSON' });
    expect(problem.detail).toContain(position);
  });

  it('is 400 without a body', async () => {
    expect(await problemOf(await api.fetch('/v1/search', { method: 'POST' }))).toMatchObject({ status: 400, code: 'INVALID_JSON' });
  });

  it('is 422 where fields are unknown, missing or of another type, naming each', async () => {
    const problem = await problemOf(await send(JSON.stringify({ limit: '5', mode: 'fuzzy', filters: { tags: ['a', '!'], metadata: { year: { gte: 'x' } }, 'a/b': 1 }, extra: true })));
    expect(problem).toMatchObject({ status: 422, code: 'INVALID_REQUEST' });
    const byPointer = Object.fromEntries((problem.errors ?? []).map(({ pointer, code }) => [pointer, code]));
    expect(byPointer).toEqual({
      '/query': 'missing_field', '/limit': 'wrong_type', '/mode': 'invalid_value', '/filters/tags/1': 'invalid_format',
      '/filters/metadata/year/gte': 'wrong_type', '/filters/a~1b': 'unknown_field', '/extra': 'unknown_field',
    });
  });

  it.each(['null', '[]', '"text"', '5', 'true'])('is 422 for the body %s', async (body) => {
    expect(await problemOf(await send(body))).toMatchObject({ status: 422, errors: [{ pointer: '', code: 'wrong_type' }] });
  });

  it('names text that no store can keep', async () => {
    const problem = await problemOf(await send('{"query":"a\\u0000b","filters":{"metadata":{"k":"\\ud800"}}}'));
    expect(problem.errors?.map(({ pointer, code }) => [pointer, code])).toEqual([['/query', 'invalid_text'], ['/filters/metadata/k', 'invalid_text']]);
  });

  it('does not answer a million problems', async () => {
    const body = Object.fromEntries(Array.from({ length: 3_000 }, (_, place) => [`f${place}`, 1]));
    expect((await problemOf(await send(JSON.stringify(body)))).errors).toHaveLength(50);
  });

  it('survives the deepest nesting', async () => {
    const deep = `${'['.repeat(20_000)}${']'.repeat(20_000)}`;
    expect((await problemOf(await send(`{"query":"x","filters":{"metadata":{"a":${deep}}}}`))).status).toBe(422);
    expect(await problemOf(await send('['.repeat(30_000)))).toMatchObject({ code: 'INVALID_JSON' });
  });

  it('names parameters of path and query', async () => {
    expect((await problemOf(await api.fetch('/v1/jobs/17'))).errors).toMatchObject([{ pointer: '/path/jobId' }]);
    const job = '/v1/jobs/0198c0de-0000-7000-8000-000000000000/documents';
    expect((await problemOf(await api.fetch(`${job}?limit=0&state=done&cursor=x&what=1`))).errors?.map((error) => error.pointer).sort()).toEqual(['/query/cursor', '/query/limit', '/query/state', '/query/what']);
    expect((await problemOf(await api.fetch(`${job}?limit=1&limit=2`))).status).toBe(422);
    expect((await problemOf(await api.fetch('/v1/jobs/%zz'))).status).toBe(422);
  });

  it('is 413 where the body is too large, compressed or not', async () => {
    const large = JSON.stringify({ documents: [{ text: 'x'.repeat(60_000) }] });
    expect(await problemOf(await send(large, undefined, '/v1/ingest/bulk'))).toMatchObject({ status: 413, code: 'PAYLOAD_TOO_LARGE' });
    const { gzipSync } = await import('node:zlib');
    expect(await problemOf(await send(gzipSync(large), { 'content-type': 'application/json', 'content-encoding': 'gzip' }, '/v1/ingest/bulk'))).toMatchObject({ status: 413 });
  });

  it('is 415 for another media type, charset or encoding', async () => {
    expect(await problemOf(await send('query=x', { 'content-type': 'application/x-www-form-urlencoded' }))).toMatchObject({ status: 415, code: 'UNSUPPORTED_MEDIA_TYPE' });
    expect(await problemOf(await send('{}', { 'content-type': 'application/json; charset=koi8-x' }))).toMatchObject({ status: 415 });
    expect(await problemOf(await send('{}', { 'content-type': 'application/json', 'content-encoding': 'zstd9' }))).toMatchObject({ status: 415 });
    expect(await problemOf(await send('not gzip', { 'content-type': 'application/json', 'content-encoding': 'gzip' }))).toMatchObject({ status: 422 });
    expect(await problemOf(await send('{}', { 'content-type': 'application/json' }, '/v1/uploads'))).toMatchObject({ status: 415 });
  });
});

describe('a failure inside', () => {
  it('keeps its message to itself where it is unexpected, and tells it to the log', async () => {
    failWith = new TypeError('password=hunter2 at /srv/secret.ts');
    const response = await send('{"query":"x"}', { 'content-type': 'application/json', 'x-request-id': 'leak-test' });
    const text = await response.text();
    expect(response.status).toBe(500);
    expect(text).not.toMatch(/hunter2|secret\.ts|TypeError/);
    await expect.poll(() => api.events.find((event) => event.type === 'request.finished' && event.requestId === 'leak-test')).toMatchObject({ status: 500, code: 'INTERNAL', detail: expect.stringContaining('hunter2') as string });
  });

  it('names its code, remedy and time to wait where it has a class', async () => {
    failWith = new CatalystError('EMBEDDER_RATE_LIMITED', 'The embedder asks to wait.', { retryAfterMs: 1_200 });
    const response = await send('{"query":"x"}');
    expect(response.headers.get('retry-after')).toBe('2');
    expect(await problemOf(response)).toMatchObject({ status: 503, code: 'EMBEDDER_RATE_LIMITED', detail: 'The embedder asks to wait.', remedy: expect.stringContaining('Wait') as string });
  });
});

describe('the request id', () => {
  it('is the caller\'s where it is sane, else a new one', async () => {
    const echoed = await fetch(`${api.url}/livez`, { headers: { 'x-request-id': 'abc-1.2_3' } });
    expect(echoed.headers.get('x-request-id')).toBe('abc-1.2_3');
    for (const insane of ['a b', '<script>', 'x'.repeat(200), '{}']) {
      expect((await fetch(`${api.url}/livez`, { headers: { 'x-request-id': insane } })).headers.get('x-request-id')).toMatch(/^[0-9a-f-]{36}$/);
    }
  });

  it('stands with route template, tenant and status in the event of the request', async () => {
    await api.fetch('/v1/jobs/0198c0de-0000-7000-8000-000000000000?x=secret', { headers: { 'x-request-id': 'event-1' } });
    await expect.poll(() => api.events.find((event) => event.type === 'request.finished' && event.requestId === 'event-1')).toMatchObject({ tenant: 'acme', method: 'GET', route: '/v1/jobs/:jobId', status: 404, code: 'NOT_FOUND' });
    await fetch(`${api.url}/wp-admin`, { headers: { 'x-request-id': 'event-2' } });
    await expect.poll(() => api.events.find((event) => event.type === 'request.finished' && event.requestId === 'event-2')).toMatchObject({ tenant: undefined, route: 'unmatched', status: 404 });
  });
});

describe('a connection', () => {
  it('is cut where an unauthenticated caller keeps sending after the answer', async () => {
    const socket = connect(Number(new URL(api.url).port), '127.0.0.1');
    let received = '';
    socket.on('data', (chunk: Buffer) => (received += chunk.toString()));
    socket.on('error', () => undefined);
    socket.write('POST /v1/search HTTP/1.1\r\nHost: x\r\nContent-Type: application/json\r\nContent-Length: 1000000\r\n\r\n{');
    const closed = new Promise<number>((resolve) => socket.once('close', () => resolve(performance.now())));
    const startedAt = performance.now();
    await expect.poll(() => received).toContain('401 Unauthorized');
    expect((await closed) - startedAt).toBeLessThan(8_000);
  });

  it('carries headers that keep other sites out', async () => {
    const { headers } = await fetch(`${api.url}/docs`);
    expect(headers.get('content-security-policy')).toContain("default-src 'none'");
    expect(headers.get('content-security-policy')).not.toContain('unsafe-eval');
    expect(headers.get('x-content-type-options')).toBe('nosniff');
    expect(headers.get('x-powered-by')).toBeNull();
  });
});
