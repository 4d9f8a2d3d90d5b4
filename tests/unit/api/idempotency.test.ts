import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import type { IngestResponse } from '../../../src/contracts/jobs.ts';
import type { IssuedApiKey } from '../../../src/contracts/apiKeys.ts';
import { CatalystError } from '../../../src/contracts/errors.ts';
import { CatalystClient } from '../../../src/sdk/client.ts';
import { startRegistryApi } from '../../support/api/registryApi.ts';
import { signToken } from '../../support/api/runningApi.ts';
import type { RegistryApi } from '../../support/api/registryApi.ts';

/** What the start of a workflow does before it succeeds; undefined: nothing. */
let atStart: (() => Promise<void>) | undefined;
let failAfterAcceptance = false;
let api: RegistryApi;
beforeAll(async () => {
  api = await startRegistryApi(() => ({ workflowStarter: { start: async () => atStart?.(), wake: () => Promise.resolve() } }));
}, 600_000);
afterAll(() => api.close());

interface Sent {
  readonly status: number;
  readonly headers: Headers;
  readonly body: Record<string, unknown>;
}

async function post(path: string, key: string, body: unknown, { tenant = 'acme', subject = 'ada' } = {}): Promise<Sent> {
  const token = await signToken({ tenant, sub: subject });
  const form = body instanceof FormData;
  const response = await fetch(`${api.url}${path}`, { method: 'POST', headers: { authorization: `Bearer ${token}`, 'idempotency-key': key, ...(form ? {} : { 'content-type': 'application/json' }) }, body: form ? body : JSON.stringify(body) });
  return { status: response.status, headers: response.headers, body: (await response.json()) as Record<string, unknown> };
}

const countJobs = async (tenant: string): Promise<number> => (await (await api.as(tenant))<{ jobs: unknown[] }>('GET', '/v1/jobs?limit=100')).body.jobs.length;
const bulk = (text: string) => ({ documents: [{ text }] });

describe('an Idempotency-Key', () => {
  it('makes two requests one, with one answer', async () => {
    const first = await post('/v1/ingest/bulk', 'one', bulk('A lighthouse.'), { tenant: 'twice' });
    const second = await post('/v1/ingest/bulk', 'one', bulk('A lighthouse.'), { tenant: 'twice' });
    expect([first.status, second.status]).toEqual([202, 202]);
    expect(second.body).toEqual(first.body);
    expect([first.headers.get('idempotency-replayed'), second.headers.get('idempotency-replayed')]).toEqual([null, 'true']);
    for (const name of ['location', 'content-type']) expect(second.headers.get(name)).toBe(first.headers.get(name));
    expect(await countJobs('twice')).toBe(1);
  });

  it('is refused with another body, and counts for one caller and one path', async () => {
    await post('/v1/ingest/bulk', 'two', bulk('A harbour.'), { tenant: 'differ' });
    const differs = await post('/v1/ingest/bulk', 'two', bulk('A pier.'), { tenant: 'differ' });
    expect([differs.status, differs.body['code']]).toEqual([422, 'IDEMPOTENCY_KEY_REUSED']);
    expect((await post('/v1/ingest/bulk', 'two', bulk('A pier.'), { tenant: 'differ', subject: 'bob' })).headers.get('idempotency-replayed')).toBeNull();
    expect((await post('/v1/ingest/bulk', 'two', bulk('A harbour.'), { tenant: 'differ-2' })).headers.get('idempotency-replayed')).toBeNull();
    expect((await post('/v1/sweeps', 'two', { dryRun: true }, { tenant: 'differ' })).status).toBe(202);
    expect(await countJobs('differ')).toBe(2);
  });

  it('tells of a request that is still in work', async () => {
    let release = (): void => undefined;
    const begun = new Promise<void>((resolve) => {
      atStart = () => new Promise<void>((done) => {
        release = done;
        resolve();
      });
    });
    const first = post('/v1/ingest/bulk', 'three', bulk('A ferry.'), { tenant: 'flight' });
    await begun;
    const second = await post('/v1/ingest/bulk', 'three', bulk('A ferry.'), { tenant: 'flight' });
    expect([second.status, second.body['code'], second.headers.get('retry-after')]).toEqual([409, 'IDEMPOTENCY_IN_PROGRESS', '1']);
    atStart = undefined;
    release();
    const answered = await first;
    expect((await post('/v1/ingest/bulk', 'three', bulk('A ferry.'), { tenant: 'flight' })).body).toEqual(answered.body);
    expect(await countJobs('flight')).toBe(1);
  });

  it('is free again after a refusal', async () => {
    const refused = await post('/v1/ingest/bulk', 'four', bulk(' '), { tenant: 'refused' });
    expect([refused.status, refused.body['code']]).toEqual([422, 'INVALID_DOCUMENTS']);
    expect((await post('/v1/ingest/bulk', 'four', bulk('Better.'), { tenant: 'refused' })).status).toBe(202);
  });

  it('makes nothing twice where the first try failed in the middle', async () => {
    const inner = api.jobs.accept.bind(api.jobs);
    failAfterAcceptance = true;
    api.jobs.accept = async (...parameters) => {
      await inner(...parameters);
      if (failAfterAcceptance) throw new CatalystError('REGISTRY_UNAVAILABLE', 'The connection was lost after the commit.');
    };
    expect((await post('/v1/ingest/bulk', 'five', bulk('A buoy.'), { tenant: 'cut' })).status).toBe(503);
    failAfterAcceptance = false;
    expect((await post('/v1/ingest/bulk', 'five', bulk('A beacon.'), { tenant: 'cut' })).status).toBe(422);
    const again = await post('/v1/ingest/bulk', 'five', bulk('A buoy.'), { tenant: 'cut' });
    expect(again.status).toBe(202);
    expect(await countJobs('cut')).toBe(1);
    expect((await (await api.as('cut'))<{ jobs: { id: string }[] }>('GET', '/v1/jobs')).body.jobs[0]?.id).toBe((again.body as unknown as IngestResponse).jobId);
  });

  it('never gives a secret twice', async () => {
    const made = await post('/v1/keys', 'six', { name: 'k', scopes: ['search:read'] });
    expect(made.status).toBe(201);
    const { secret, key } = made.body as unknown as IssuedApiKey;
    const again = await post('/v1/keys', 'six', { name: 'k', scopes: ['search:read'] });
    expect([again.status, again.body['code']]).toEqual([409, 'IDEMPOTENCY_ANSWER_NOT_KEPT']);
    expect(again.body['detail']).toContain(`/v1/keys/${key.id}`);
    const kept = await api.database.withTenant('acme', (transaction) => transaction.selectFrom('idempotency_keys').selectAll().execute());
    expect(JSON.stringify(kept)).not.toContain(secret.slice(-20));
  });

  it('compares uploads by their files, however they are wrapped', async () => {
    const form = (...files: readonly (readonly [string, string])[]) => {
      const data = new FormData();
      for (const [name, text] of files) data.append('file', new File([text], name, { type: 'text/plain' }));
      return data;
    };
    const first = await post('/v1/uploads', 'seven', form(['a.txt', 'alpha'], ['empty.txt', '']));
    expect(first.status).toBe(201);
    const again = await post('/v1/uploads', 'seven', form(['a.txt', 'alpha'], ['empty.txt', '']));
    expect([again.headers.get('idempotency-replayed'), again.body]).toEqual(['true', first.body]);
    for (const other of [form(['a.txt', 'alpha']), form(['a.txt', 'beta'], ['empty.txt', '']), form(['b.txt', 'alpha'], ['empty.txt', ''])]) {
      expect((await post('/v1/uploads', 'seven', other)).body['code']).toBe('IDEMPOTENCY_KEY_REUSED');
    }
    expect(api.uploads.size).toBe(1);
  });

  it('has a form, and matters to nothing that only reads', async () => {
    const malformed = await post('/v1/ingest/bulk', 'x'.repeat(256), bulk('Text.'));
    expect([malformed.status, malformed.body['code']]).toEqual([422, 'INVALID_REQUEST']);
    for (const query of ['one', 'two']) expect((await post('/v1/search', 'eight', { query })).status).toBe(200);
  });

  it('stands in the reference of every POST that changes something, and of no other', async () => {
    const { paths } = (await (await fetch(`${api.url}/openapi.json`)).json()) as { paths: Record<string, Record<string, { parameters?: { name: string }[] }>> };
    const posts = Object.entries(paths).flatMap(([path, { post: operation }]) => (operation === undefined ? [] : [{ path, takesKey: operation.parameters?.some(({ name }) => name === 'Idempotency-Key') === true }]));
    expect(posts.filter(({ takesKey }) => !takesKey).map(({ path }) => path).sort()).toEqual(['/v1/documents/{documentId}/artifacts/{kind}/links', '/v1/ingest/estimate', '/v1/search', '/v1/search/batch', '/v1/search/debug', '/v1/search/replay', '/v1/search/similar', '/v1/temporal-codec/decode', '/v1/temporal-codec/encode', '/v1/vault/reveal']);
  });
});

describe('the client', () => {
  it('sends one request under one key, however often it tries', async () => {
    const keys: (string | undefined)[] = [];
    const token = await signToken({ tenant: 'sdk' });
    const client = new CatalystClient({
      url: api.url,
      token,
      fetch: async (url, options) => {
        const response = await fetch(url, options);
        if (!url.endsWith('/bulk')) return response;
        keys.push(options.headers['idempotency-key']);
        // The answer of the first try is lost on its way.
        if (keys.length === 1) throw new TypeError('fetch failed', { cause: new Error('ECONNRESET') });
        return response;
      },
    });
    const { jobId } = await client.ingest({ documents: [{ text: 'A tide table.' }] });
    expect(keys).toHaveLength(2);
    expect(new Set(keys).size).toBe(1);
    expect(keys[0]).toMatch(/^[0-9a-f-]{36}$/);
    expect(await countJobs('sdk')).toBe(1);
    expect((await client.getJob(jobId)).id).toBe(jobId);
    const own = await client.ingest({ documents: [{ text: 'Mine.' }] }, { idempotencyKey: 'nightly-7' });
    expect(await client.ingest({ documents: [{ text: 'Mine.' }] }, { idempotencyKey: 'nightly-7' })).toEqual(own);
  });
});
