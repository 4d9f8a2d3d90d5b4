import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import type { Problem } from '../../../src/contracts/problem.ts';
import { roles, roleTable, scopesOfRoles } from '../../../src/contracts/roles.ts';
import type { Role } from '../../../src/contracts/roles.ts';
import { isScope, scopes } from '../../../src/contracts/scopes.ts';
import type { Scope } from '../../../src/contracts/scopes.ts';
import { defineRoute } from '../../../src/api/route.ts';
import { emptyAnswer } from '../../support/api/emptyAnswer.ts';
import { startRegistryApi } from '../../support/api/registryApi.ts';
import type { RegistryApi } from '../../support/api/registryApi.ts';
import { signToken } from '../../support/api/runningApi.ts';

interface SecuredRoute {
  readonly method: string;
  readonly path: string;
  readonly scope: Scope;
}

interface Operation {
  readonly security: readonly { readonly bearer?: readonly Scope[] }[];
}

const someId = '0198c0de-0000-7000-8000-000000000000';
let api: RegistryApi;
let routes: SecuredRoute[];

beforeAll(async () => {
  api = await startRegistryApi(() => ({
    suggest: (_principal, { q: query }) => Promise.resolve({ query, titles: [], headings: [], terms: [], tookMs: 1 }),
    similarSearch: () => Promise.resolve(emptyAnswer({ query: 'any' } as never)),
    ingestInProcess: () => Promise.resolve(),
  }));
  const document = (await (await fetch(`${api.url}/openapi.json`)).json()) as { paths: Record<string, Record<string, Operation>> };
  routes = Object.entries(document.paths).flatMap(([path, operations]) =>
    Object.entries(operations).flatMap(([method, { security }]) => {
      const [scope] = security[0]?.bearer ?? [];
      return scope === undefined ? [] : [{ method: method.toUpperCase(), path, scope }];
    }),
  );
}, 600_000);
afterAll(() => api.close());

async function answerTo({ method, path }: SecuredRoute, claims: Record<string, unknown>): Promise<{ status: number; problem: Partial<Problem> }> {
  const token = await signToken({ tenant: 'walk', ...claims });
  const stop = new AbortController();
  const response = await fetch(`${api.url}${path.replaceAll(/\{kind\}/g, 'text').replaceAll(/\{\w+\}/g, someId)}`, { method, headers: { authorization: `Bearer ${token}` }, signal: stop.signal });
  const text = response.headers.get('content-type')?.includes('json') === true ? await response.text() : '{}';
  stop.abort();
  return { status: response.status, problem: JSON.parse(text) as Partial<Problem> };
}

describe('every route below /v1', () => {
  it('is among those that are walked, and asks for a scope that there is', () => {
    expect(routes.length).toBeGreaterThan(45);
    for (const { scope } of routes) expect(isScope(scope)).toBe(true);
    // Every scope is of use.
    expect([...new Set(routes.map(({ scope }) => scope))].sort()).toEqual(scopes.toSorted());
  });

  it('refuses who lacks its scope, though they hold all others, and names it', async () => {
    for (const route of routes) {
      const { status, problem } = await answerTo(route, { roles: undefined, scope: scopes.filter((scope) => scope !== route.scope).join(' ') });
      expect([status, problem.code], `${route.method} ${route.path}`).toEqual([403, 'SCOPE_MISSING']);
      expect(problem.detail).toContain(`"${route.scope}"`);
      expect(problem.remedy).toContain('scope');
    }
  });

  it('lets in who holds its scope and no other', async () => {
    for (const route of routes) {
      const { status, problem } = await answerTo(route, { roles: undefined, scope: route.scope });
      expect([401, 403], `${route.method} ${route.path}: ${JSON.stringify(problem)}`).not.toContain(status);
      expect(status, `${route.method} ${route.path}: ${JSON.stringify(problem)}`).toBeLessThan(500);
    }
  });

  it.each(roles)('lets the role %s in exactly where it has the scope', async (role) => {
    for (const route of routes) {
      const { status } = await answerTo(route, { roles: [role] });
      expect(status !== 403, `${route.method} ${route.path}`).toBe((roleTable[role].scopes as readonly Scope[]).includes(route.scope));
    }
  });

  it.each([
    ['neither roles nor scopes', { roles: undefined }],
    ['roles of something else', { roles: ['accountant'] }],
    ['scopes of something else', { roles: undefined, scope: 'openid profile' }],
  ])('refuses a token with %s', async (_what, claims) => {
    for (const route of routes) expect((await answerTo(route, claims)).status, `${route.method} ${route.path}`).toBe(403);
  });
});

describe('what asks for more than its route', () => {
  const source = { name: 'Site', definition: { type: 'website', url: 'https://example.com/' } };

  it('needs the right to delete, also where another is to do so later', async () => {
    const call = await api.as('further', { roles: undefined, scope: 'sources:write sources:read jobs:write' });
    expect(await call('POST', '/v1/sources', { ...source, onMissing: 'delete' })).toMatchObject({ status: 403, body: { code: 'SCOPE_MISSING' } });
    const { body, status } = await call<{ id: string }>('POST', '/v1/sources', source);
    expect(status).toBe(201);
    expect((await call('PUT', `/v1/sources/${body.id}`, { ...source, onMissing: 'delete' })).status).toBe(403);
    expect((await call('PUT', `/v1/sources/${body.id}`, { ...source, name: 'Other' })).status).toBe(200);
    expect((await call('DELETE', `/v1/sources/${body.id}?documents=delete`)).status).toBe(403);
    expect((await call('GET', `/v1/sources/${body.id}`)).status).toBe(200);
    expect((await call('DELETE', `/v1/sources/${body.id}`)).status).toBe(204);
    expect((await call('POST', `/v1/jobs/${someId}/cancel`, { mode: 'undo' })).status).toBe(403);
    expect((await call('POST', `/v1/jobs/${someId}/cancel`, { mode: 'keep' })).status).toBe(404);
    const curator = await api.as('further', { roles: ['curator'] });
    expect((await curator('POST', '/v1/sources', { ...source, onMissing: 'delete' })).status).toBe(201);
    expect((await curator('POST', `/v1/jobs/${someId}/cancel`, { mode: 'undo' })).status).toBe(404);
  });
});

describe('roles', () => {
  it('grow from one to the next, and only the platform reaches beyond the tenant', () => {
    const growing: Role[] = ['reader', 'contributor', 'curator', 'tenant-admin', 'platform-admin'];
    for (const [index, role] of growing.entries()) expect(scopesOfRoles([growing[index - 1] ?? role]).every((scope) => scopesOfRoles([role]).includes(scope))).toBe(true);
    for (const role of roles) expect(scopesOfRoles([role]).some((scope) => scope.startsWith('tenants:'))).toBe(role === 'platform-admin');
    expect(scopesOfRoles(['operator'])).not.toContain('search:read');
  });
});

describe('a route', () => {
  const rest = { method: 'get', documentation: { operationId: 'x', tag: 'Health', summary: 'x', answers: {} }, handle: () => undefined } as const;

  it('cannot be defined without a scope below /v1, nor with one elsewhere', () => {
    expect(() => defineRoute({ ...rest, path: '/v1/x', scope: null })).toThrow(/needs scope/);
    expect(() => defineRoute({ ...rest, path: '/x', scope: 'jobs:read' })).toThrow(/takes no token/);
    expect(() => defineRoute({ ...rest, path: '/x', scope: null })).not.toThrow();
  });
});
