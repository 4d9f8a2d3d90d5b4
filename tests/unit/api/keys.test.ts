import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import type { ApiKey, IssuedApiKey } from '../../../src/contracts/apiKeys.ts';
import { newIdentifier } from '../../../src/contracts/identifiers.ts';
import type { Problem } from '../../../src/contracts/problem.ts';
import { startRegistryApi } from '../../support/api/registryApi.ts';
import type { Caller, RegistryApi } from '../../support/api/registryApi.ts';

let api: RegistryApi;
let admin: Caller;
beforeAll(async () => {
  api = await startRegistryApi();
  admin = await api.as('acme', { sub: 'ada', policies: ['finance'] });
}, 600_000);
afterAll(() => api.close());

async function create(call: Caller, body: Record<string, unknown> = {}): Promise<IssuedApiKey> {
  const { status, headers, body: issued } = await call<IssuedApiKey>('POST', '/v1/keys', { name: 'test', scopes: ['documents:read'], ...body });
  expect(status).toBe(201);
  expect(headers.get('location')).toBe(`/v1/keys/${issued.key.id}`);
  expect(headers.get('cache-control')).toContain('no-store');
  return issued;
}

async function withKey(secret: string, path = '/v1/documents', method = 'GET'): Promise<{ status: number; problem: Partial<Problem>; challenge: string | null }> {
  const response = await fetch(`${api.url}${path}`, { method, headers: { authorization: `Bearer ${secret}` } });
  return { status: response.status, problem: (await response.json()) as Partial<Problem>, challenge: response.headers.get('www-authenticate') };
}

describe('API keys', () => {
  it('open what their scopes name, and nothing else', async () => {
    const { key, secret } = await create(admin, { name: ' Website ', policies: ['finance', 'finance'] });
    expect(key).toMatchObject({ name: 'Website', scopes: ['documents:read'], policies: ['finance'], state: 'active', createdBy: 'ada', lastUsedAt: null, previous: null });
    expect(secret.startsWith(`${key.prefix}_`)).toBe(true);
    expect((await withKey(secret)).status).toBe(200);
    const refused = await withKey(secret, '/v1/jobs');
    expect([refused.status, refused.problem.code, refused.challenge]).toEqual([403, 'SCOPE_MISSING', 'Bearer realm="catalyst", error="insufficient_scope"']);
  });

  it('are shown without what opens', async () => {
    const { key, secret } = await create(admin);
    const { body: found } = await admin<ApiKey>('GET', `/v1/keys/${key.id}`);
    const { body: page } = await admin<{ keys: ApiKey[] }>('GET', '/v1/keys');
    expect(found.id).toBe(key.id);
    expect(page.keys.map(({ id }) => id)).toContain(key.id);
    expect(JSON.stringify([found, page])).not.toContain(secret.slice(key.prefix.length + 1));
    expect(JSON.stringify([found, page])).not.toMatch(/scrypt|hash|check/);
  });

  it('are revoked for good', async () => {
    const { key, secret } = await create(admin);
    expect((await withKey(secret)).status).toBe(200);
    const { status, body } = await admin<ApiKey>('DELETE', `/v1/keys/${key.id}`);
    expect([status, body.state]).toEqual([200, 'revoked']);
    await expect.poll(async () => (await withKey(secret)).status, { timeout: 1_000, interval: 20 }).toBe(401);
    expect((await withKey(secret)).challenge).toBe('Bearer realm="catalyst", error="invalid_token"');
    expect((await admin('DELETE', `/v1/keys/${key.id}`)).body).toEqual(body);
    expect(await admin('POST', `/v1/keys/${key.id}/rotate`)).toMatchObject({ status: 409, body: { code: 'CONFLICT' } });
  });

  it('are rotated with a grace period', async () => {
    const { key, secret } = await create(admin);
    const { status, body: rotated } = await admin<IssuedApiKey>('POST', `/v1/keys/${key.id}/rotate`);
    expect([status, rotated.key.id, rotated.key.previous?.prefix]).toEqual([200, key.id, key.prefix]);
    for (const one of [secret, rotated.secret]) expect((await withKey(one)).status).toBe(200);
    await admin('POST', `/v1/keys/${key.id}/rotate`, { graceSeconds: 0 });
    await expect.poll(async () => [(await withKey(secret)).status, (await withKey(rotated.secret)).status], { timeout: 1_500, interval: 50 }).toEqual([401, 401]);
  });

  it('give nobody more than they have: neither made nor rotated, by token or by key', async () => {
    expect(await admin('POST', '/v1/keys', { name: 'x', scopes: ['tenants:write', 'jobs:read'] })).toMatchObject({ status: 403, body: { code: 'SCOPE_MISSING', detail: 'The key holds what the caller does not: "tenants:write".' } });
    expect(await admin('POST', '/v1/keys', { name: 'x', scopes: ['jobs:read'], policies: ['board'] })).toMatchObject({ status: 403, body: { code: 'FORBIDDEN' } });
    const mighty = await create(admin, { scopes: ['jobs:write'], policies: ['finance'] });
    const clerk = await api.as('acme', { roles: undefined, scope: 'keys:write keys:read' });
    expect((await clerk('POST', `/v1/keys/${mighty.key.id}/rotate`)).body.code).toBe('SCOPE_MISSING');
    const unlabelled = await api.as('acme');
    expect((await unlabelled('POST', `/v1/keys/${mighty.key.id}/rotate`)).body.code).toBe('FORBIDDEN');
    const { secret } = await create(admin, { scopes: ['keys:write', 'keys:read'] });
    const made = await fetch(`${api.url}/v1/keys`, { method: 'POST', headers: { authorization: `Bearer ${secret}`, 'content-type': 'application/json' }, body: JSON.stringify({ name: 'child', scopes: ['jobs:read'] }) });
    expect(made.status).toBe(403);
    expect((await withKey(mighty.secret, '/v1/keys')).status).toBe(403);
  });

  it('of another tenant are as those that never were', async () => {
    const { key } = await create(admin);
    const stranger = await api.as('other', { policies: ['finance'] });
    for (const [method, suffix] of [['GET', ''], ['DELETE', ''], ['POST', '/rotate']] as const) {
      const missing = newIdentifier();
      const told = ({ status, body }: { status: number; body: Problem }, id: string) => JSON.stringify([status, { ...body, requestId: '' }]).replaceAll(id, 'ID');
      expect(told(await stranger(method, `/v1/keys/${key.id}${suffix}`), key.id)).toBe(told(await stranger(method, `/v1/keys/${missing}${suffix}`), missing));
      expect((await stranger(method, `/v1/keys/${key.id}${suffix}`)).status).toBe(404);
    }
    expect((await admin<ApiKey>('GET', `/v1/keys/${key.id}`)).body.state).toBe('active');
  });

  it('are refused with unknown scopes, without any, and with a life that is none', async () => {
    for (const body of [{ scopes: ['search:reed'] }, { scopes: [] }, { expiresInDays: 0 }, { expiresInDays: 99_999 }, { policies: ['\u0000'] }, { name: ' ' }, { secret: 'mine' }]) {
      expect(await admin('POST', '/v1/keys', { name: 'x', scopes: ['jobs:read'], ...body })).toMatchObject({ status: 422, body: { code: 'INVALID_REQUEST' } });
    }
    expect((await create(admin, { expiresInDays: null })).key.expiresAt).toBeNull();
  });

  it('are in no event', async () => {
    const { secret, key } = await create(admin);
    await withKey(secret);
    await withKey(`${secret.slice(0, -1)}x`);
    expect(api.events.length).toBeGreaterThan(3);
    expect(JSON.stringify(api.events)).not.toContain(secret.slice(key.prefix.length + 1, -1));
  });
});
