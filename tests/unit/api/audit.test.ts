import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import type { AuditPage, AuditRecord } from '../../../src/contracts/audit.ts';
import type { IssuedApiKey } from '../../../src/contracts/apiKeys.ts';
import { createAuditRecorder } from '../../../src/api/audit/auditRecorder.ts';
import { createAuditLog } from '../../../src/adapters/postgres/audit/auditLog.ts';
import { CatalystError } from '../../../src/contracts/errors.ts';
import { emptyAnswer } from '../../support/api/emptyAnswer.ts';
import { startRegistryApi } from '../../support/api/registryApi.ts';
import type { Caller, RegistryApi } from '../../support/api/registryApi.ts';
import { startApi } from '../../support/api/runningApi.ts';

const someId = '0198c0de-0000-7000-8000-000000000000';
let api: RegistryApi;
/** Set: the log cannot be written. */
let outage: CatalystError | undefined;
let appends = 0;
beforeAll(async () => {
  api = await startRegistryApi((database) => {
    const log = createAuditLog(database);
    const append: typeof log.append = (...entry) => {
      appends += 1;
      return outage === undefined ? log.append(...entry) : Promise.reject(outage);
    };
    return {
      trustedProxies: 1,
      audit: createAuditRecorder({ log: { append }, emit: () => undefined, retryMs: 20 }),
      debugSearch: (_principal, request) => Promise.resolve({ ...emptyAnswer(request), debug: {} } as never),
      similarSearch: () => Promise.resolve(emptyAnswer({ query: 'any' } as never)),
    };
  });
}, 600_000);
afterAll(() => api.close());

async function recordsOf(call: Caller, query = ''): Promise<AuditRecord[]> {
  const { status, body } = await call<AuditPage>('GET', `/v1/audit${query}`);
  expect(status).toBe(200);
  return body.records;
}

/** The newest operation, once its end is known. */
async function last(call: Caller): Promise<AuditRecord> {
  await expect.poll(async () => (await recordsOf(call))[0]?.outcome ?? null).not.toBeNull();
  return (await recordsOf(call))[0] as AuditRecord;
}

describe('the audit log', () => {
  it('says who did what to what, from where, and how it ended', async () => {
    const call = await api.as('told', { sub: 'ada' });
    await call('PUT', '/v1/search/synonyms', { groups: [], rules: [] });
    expect(await last(call)).toMatchObject({ subject: 'ada', keyPrefix: null, operation: 'setSynonyms', method: 'PUT', resource: '/v1/search/synonyms', address: '127.0.0.1', outcome: { status: expect.any(Number) as number } });
    const { body: issued } = await call<IssuedApiKey>('POST', '/v1/keys', { name: 'x', scopes: ['documents:delete'] });
    expect(await last(call)).toMatchObject({ operation: 'createApiKey', outcome: { status: 201, code: null, created: `/v1/keys/${issued.key.id}` } });
    const response = await fetch(`${api.url}/v1/documents/${someId}`, { method: 'DELETE', headers: { authorization: `Bearer ${issued.secret}`, 'x-forwarded-for': '198.51.100.1, 203.0.113.7', 'x-request-id': 'mine' } });
    expect(response.status).toBe(404);
    expect(await last(call)).toMatchObject({ subject: `key:${issued.key.id}`, keyPrefix: issued.key.prefix, operation: 'deleteDocument', resource: `/v1/documents/${someId}`, address: '203.0.113.7', requestId: 'mine', outcome: { status: 404, code: 'NOT_FOUND', created: null } });
  });

  it('tells arguments apart without holding them', async () => {
    const call = await api.as('hashed');
    for (const name of ['one', 'two', 'one']) await call('POST', '/v1/keys', { name, scopes: ['jobs:read'] });
    const hashes = (await recordsOf(call)).map(({ argsHash }) => argsHash);
    expect(hashes).toHaveLength(3);
    expect(new Set(hashes).size).toBe(2);
  });

  it('holds administrative reads, and neither searches nor other reads', async () => {
    const call = await api.as('reads');
    const before = appends;
    await call('POST', '/v1/search', { query: 'x' });
    await call('POST', '/v1/search/batch', { searches: [{ query: 'x' }] });
    await call('POST', '/v1/search/similar', { text: 'x' });
    for (const path of ['/v1/documents', '/v1/keys', '/v1/audit', '/v1/jobs']) await call('GET', path);
    expect(appends).toBe(before);
    expect(await recordsOf(call)).toEqual([]);
    expect((await call('POST', '/v1/search/debug', { query: 'x' })).status).toBe(200);
    await call('GET', `/v1/documents/${someId}/artifacts/text`);
    expect((await recordsOf(call)).map(({ operation }) => operation)).toEqual(['getDocumentArtifact', 'debugSearch']);
  });

  it('holds what was refused for want of rights', async () => {
    const admin = await api.as('refused');
    const reader = await api.as('refused', { sub: 'eve', roles: ['reader'] });
    expect((await reader('DELETE', `/v1/documents/${someId}`)).status).toBe(403);
    await expect.poll(() => recordsOf(admin)).toMatchObject([{ subject: 'eve', operation: 'deleteDocument', outcome: { status: 403, code: 'SCOPE_MISSING' } }]);
    expect((await reader('GET', '/v1/audit')).status).toBe(403);
    // What was malformed was never tried.
    expect((await admin('POST', '/v1/keys', {})).status).toBe(422);
    expect(await recordsOf(admin)).toHaveLength(1);
  });

  it('is one tenant’s own, also by cursor', async () => {
    const call = await api.as('mine');
    for (let round = 0; round < 3; round += 1) await call('DELETE', `/v1/documents/${someId}`);
    const { body: page } = await call<AuditPage>('GET', '/v1/audit?limit=2');
    expect(page.records).toHaveLength(2);
    expect((await call<AuditPage>('GET', `/v1/audit?limit=2&cursor=${page.next}`)).body.records).toHaveLength(1);
    expect(await recordsOf(await api.as('other'), `?cursor=${page.next}`)).toEqual([]);
    for (const query of ['?cursor=x', '?since=yesterday', '?limit=0', '?tenant=mine']) expect((await call('GET', `/v1/audit${query}`)).status).toBe(422);
  });
});

describe('without a log', () => {
  it.each([
    ['the log refuses', new CatalystError('INTERNAL', 'x'), 'AUDIT_UNAVAILABLE'],
    ['Postgres is away', new CatalystError('REGISTRY_UNAVAILABLE', 'x'), 'REGISTRY_UNAVAILABLE'],
  ])('nothing is changed, and searches go on: %s', async (_what, error, code) => {
    const call = await api.as('dark');
    outage = error;
    try {
      const refusals = [
        await call('POST', '/v1/keys', { name: 'dark', scopes: ['jobs:read'] }),
        await call('PUT', '/v1/retention', { uploadDays: 1 }),
        await call('POST', '/v1/ingest/bulk', { documents: [{ id: 'a', text: 'text' }] }),
        await call('POST', '/v1/search/debug', { query: 'x' }),
      ];
      expect(refusals.map(({ status, body }) => [status, body.code])).toEqual(refusals.map(() => [503, code]));
      expect((await call('POST', '/v1/search', { query: 'x' })).status).toBe(200);
    } finally {
      outage = undefined;
    }
    expect((await call<{ keys: unknown[] }>('GET', '/v1/keys')).body.keys).toEqual([]);
    expect((await call<{ jobs: unknown[] }>('GET', '/v1/jobs')).body.jobs).toEqual([]);
    expect(await recordsOf(call)).toEqual([]);
  });

  it('the end of what had begun is told once the log is back', async () => {
    const call = await api.as('late');
    const other = await startApi({
      audit: createAuditRecorder({
        log: { append: (...entry) => (outage === undefined ? createAuditLog(api.database).append(...entry) : Promise.reject(outage)) },
        emit: () => undefined,
        retryMs: 10,
      }),
      deletions: {
        accept: () => {
          outage = new CatalystError('REGISTRY_UNAVAILABLE', 'x');
          return Promise.reject(new CatalystError('REGISTRY_UNAVAILABLE', 'x'));
        },
      } as never,
    });
    const response = await fetch(`${other.url}/v1/deletions`, { method: 'POST', headers: { authorization: `Bearer ${api.token}`, 'content-type': 'application/json' }, body: JSON.stringify({ documents: [someId] }) });
    expect(response.status).toBe(503);
    outage = undefined;
    const acme = await api.as('acme');
    await expect.poll(() => recordsOf(acme)).toMatchObject([{ operation: 'deleteDocuments', outcome: { status: 503, code: 'REGISTRY_UNAVAILABLE' } }]);
    expect(await recordsOf(call)).toEqual([]);
    await other.close();
  });
});

describe('routes', () => {
  it('are audited when they change something: all but those that are known to read', async () => {
    const document = (await (await fetch(`${api.url}/openapi.json`)).json()) as { paths: Record<string, Record<string, { operationId: string; security: { bearer?: string[] }[]; responses: Record<string, { description: string }> }>> };
    const operations = Object.values(document.paths).flatMap((methods) => Object.entries(methods).map(([method, operation]) => ({ method, ...operation })));
    const isAudited = ({ responses }: (typeof operations)[number]): boolean => responses['503']?.description.includes('AUDIT_UNAVAILABLE') === true;
    const unaudited = operations.filter((operation) => operation.method !== 'get' && operation.security[0]?.bearer !== undefined && !isAudited(operation)).map(({ operationId }) => operationId);
    expect(unaudited.sort()).toEqual(['estimateIngestion', 'replaySearch', 'search', 'searchBatch', 'searchSimilar']);
    expect(operations.filter((operation) => operation.method === 'get' && isAudited(operation)).map(({ operationId }) => operationId).sort()).toEqual(['exportTenant', 'getDocumentArtifact']);
  });
});
