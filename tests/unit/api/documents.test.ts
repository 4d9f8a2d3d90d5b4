import { afterAll, beforeAll, beforeEach, describe, expect, it } from 'vitest';
import type { Deletion } from '../../../src/contracts/deletions.ts';
import { digestOf, newIdentifier } from '../../../src/contracts/identifiers.ts';
import { artifactLinkSchema, documentHistorySchema, documentsPageSchema, storedDocumentSchema, versionArtifactKinds } from '../../../src/contracts/library.ts';
import type { ArtifactLinkAnswer, DocumentHistory, DocumentsPage, StoredDocument } from '../../../src/contracts/library.ts';
import { publishDocument } from '../../support/api/publishDocument.ts';
import { startRegistryApi } from '../../support/api/registryApi.ts';
import type { Caller, RegistryApi } from '../../support/api/registryApi.ts';
import { signToken } from '../../support/api/runningApi.ts';

let api: RegistryApi;
let call: Caller;
let stranger: Caller;
let tenant: string;
let number = 0;

beforeAll(async () => void (api = await startRegistryApi()), 600_000);
afterAll(() => api.close());
beforeEach(async () => {
  tenant = `documents-${(number += 1)}`;
  call = await api.as(tenant, { sub: 'ada' });
  stranger = await api.as('stranger');
});

const publish = (key: string, text: string, more: Parameters<typeof publishDocument>[4] = {}) => publishDocument(api, tenant, key, text, more);

async function download(path: string, claims: Record<string, unknown> = {}, init: { readonly method?: string; readonly headers?: Record<string, string>; readonly signal?: AbortSignal } = {}): Promise<Response> {
  return fetch(`${api.url}${path}`, { ...init, headers: { authorization: `Bearer ${await signToken({ tenant, ...claims })}`, ...init.headers } });
}

describe('documents', () => {
  it('are listed page by page, by source, and read one by one', async () => {
    const sourceId = newIdentifier();
    const published = [await publish('a', 'one'), await publish('b', 'two', { sourceId }), await publish('c', 'three')];
    const first = await call<DocumentsPage>('GET', '/v1/documents?limit=2');
    const rest = await call<DocumentsPage>('GET', `/v1/documents?limit=2&cursor=${first.body.next}`);
    const listed = [...documentsPageSchema.parse(first.body).documents, ...documentsPageSchema.parse(rest.body).documents];
    expect([listed.map(({ id }) => id), rest.body.next]).toEqual([published.map(({ documentId }) => documentId).sort(), null]);
    expect((await call<DocumentsPage>('GET', `/v1/documents?sourceId=${sourceId}`)).body.documents.map(({ id }) => id)).toEqual([published[1]?.documentId]);
    expect((await call<DocumentsPage>('GET', '/v1/documents?deleted=true')).body.documents).toEqual([]);
    expect(storedDocumentSchema.parse((await call('GET', `/v1/documents/${published[0]?.documentId}`)).body)).toMatchObject({ title: 'Title of a', versionId: published[0]?.versionId, chunks: 2, deletedAt: null });
    expect((await stranger<DocumentsPage>('GET', '/v1/documents')).body.documents).toEqual([]);
  });

  it.each(['cursor=abc', 'limit=0', 'deleted=maybe', 'sourceId=1', 'page=2'])('refuse the query %s', async (query) => {
    expect((await call('GET', `/v1/documents?${query}`)).status).toBe(422);
  });

  it('tell their history: versions with cost and artifacts, requests with workflow and actor', async () => {
    const before = await publish('a', 'one');
    const { documentId, versionId } = await publish('a', 'two');
    const history = documentHistorySchema.parse((await call<DocumentHistory>('GET', `/v1/documents/${documentId}/history`)).body);
    expect(history.versions.map(({ id, subject, cost, replacedAt, policies }) => [id, subject, cost, replacedAt === null, policies])).toEqual([[versionId, 'tester', 1, true, []], [before.versionId, 'tester', 1, false, []]]);
    expect(history.versions[0]?.artifacts.map(({ kind }) => kind)).toEqual([...versionArtifactKinds]);
    expect(history.requests[0]).toMatchObject({ subject: 'tester', state: 'succeeded', workflow: { id: expect.stringContaining('/slice/0') as string } });
  });

  it.each(['', '/history', '/artifacts/raw'])('of another tenant are as unknown at %j as those that never were', async (path) => {
    const { documentId } = await publish('a', 'one');
    const missing = newIdentifier();
    const [foreign, unknown] = [await stranger('GET', `/v1/documents/${documentId}${path}`), await stranger('GET', `/v1/documents/${missing}${path}`)];
    expect([foreign.status, foreign.body.detail]).toEqual([404, unknown.body.detail.replace(missing, documentId)]);
    expect((await call('GET', `/v1/documents/nonsense${path}`)).body.errors).toMatchObject([{ pointer: '/path/documentId' }]);
    expect((await call('HEAD', `/v1/documents/${documentId}${path}`)).status).toBe(200);
  });
});

describe('artifacts', () => {
  it('are linked to for a while, with all that proves them, for those who may read them', async () => {
    const { documentId, versionId } = await publish('a', 'one');
    const path = `/v1/documents/${documentId}/artifacts/text/links`;
    const before = Date.now();
    const { status, body } = await call<ArtifactLinkAnswer>('POST', path, { version: versionId, expiresInSeconds: 60 });
    expect(status).toBe(200);
    const link = artifactLinkSchema.parse(body);
    const history = await call<DocumentHistory>('GET', `/v1/documents/${documentId}/history`);
    const artifact = history.body.versions[0]?.artifacts.find(({ kind }) => kind === 'text');
    expect(link).toMatchObject({ method: 'GET', digest: artifact?.digest, bytes: artifact?.length, headers: { Range: `bytes=${artifact?.offset}-${(artifact?.offset ?? 0) + (artifact?.length ?? 0) - 1}` } });
    expect(link.url).toContain('seconds=60');
    expect(Date.parse(link.expiresAt) - before).toBeGreaterThanOrEqual(60_000);
    expect(Date.parse(link.expiresAt) - before).toBeLessThan(65_000);
    expect((await call<ArtifactLinkAnswer>('POST', path)).body.url).toContain('seconds=300');
    for (const [sent, pointer] of [[{ expiresInSeconds: 301 }, '/expiresInSeconds'], [{ expiresInSeconds: 0 }, '/expiresInSeconds'], [{ version: 'x' }, '/version'], [{ key: 'tenants/other/raw' }, '/key']] as const) expect(await call('POST', path, sent)).toMatchObject({ status: 422, body: { errors: [{ pointer }] } });
    for (const sent of [{ version: newIdentifier() }]) expect((await call('POST', path, sent)).status).toBe(404);
    expect(await stranger('POST', path, {})).toMatchObject({ status: 404, body: { code: 'NOT_FOUND' } });
    expect((await (await api.as(tenant, { roles: ['operator'] }))('POST', path, {})).status).toBe(403);
  });

  it('under a label are not linked to for those who do not hold it', async () => {
    const { documentId } = await publish('a', 'one', { policies: ['board'] });
    expect((await call('POST', `/v1/documents/${documentId}/artifacts/raw/links`, {})).status).toBe(404);
    expect((await (await api.as(tenant, { policies: ['board'] }))('POST', `/v1/documents/${documentId}/artifacts/raw/links`, {})).status).toBe(200);
  });

  it('come as they are stored, with their digest, and are never run in the name of the service', async () => {
    const { documentId } = await publish('a', 'one');
    const raw = await download(`/v1/documents/${documentId}/artifacts/raw`);
    expect([raw.status, await raw.text()]).toEqual([200, 'raw one']);
    const sha256 = Buffer.from(digestOf('raw one').slice('sha256:'.length), 'hex').toString('base64');
    expect(Object.fromEntries(raw.headers)).toMatchObject({
      'content-type': 'application/octet-stream', 'content-length': '7', 'content-digest': `sha-256=:${sha256}:`, 'content-disposition': `attachment; filename="${documentId}.raw"`,
      'x-stored-media-type': 'text/html; charset=utf-8', 'cache-control': 'no-store', etag: `"${digestOf('raw one')}"`, 'x-content-type-options': 'nosniff',
    });
    const text = await download(`/v1/documents/${documentId}/artifacts/text`);
    expect([text.headers.get('content-type'), await text.text()]).toEqual(['application/json', 'text one']);
  });

  it('are told by HEAD, and not sent again where they are known', async () => {
    const { documentId } = await publish('a', 'one');
    const path = `/v1/documents/${documentId}/artifacts/chunks`;
    const head = await download(path, {}, { method: 'HEAD' });
    expect([head.status, head.headers.get('content-length'), await head.text()]).toEqual([200, '10', '']);
    const known = await download(path, {}, { headers: { 'if-none-match': head.headers.get('etag') ?? '' } });
    expect([known.status, await known.text()]).toEqual([304, '']);
    expect((await download(path, {}, { headers: { 'if-none-match': '"another"' } })).status).toBe(200);
  });

  it('of an earlier version are those that are named', async () => {
    const before = await publish('a', 'one');
    const { documentId } = await publish('a', 'two');
    expect(await (await download(`/v1/documents/${documentId}/artifacts/raw?version=${before.versionId}`)).text()).toBe('raw one');
    expect(await (await download(`/v1/documents/${documentId}/artifacts/raw`)).text()).toBe('raw two');
    for (const [query, status] of [[`version=${newIdentifier()}`, 404], ['version=x', 422], ['versionId=x', 422]] as const) expect((await download(`/v1/documents/${documentId}/artifacts/raw?${query}`)).status).toBe(status);
    expect((await download(`/v1/documents/${documentId}/artifacts/thumbnail`)).status).toBe(422);
  });

  it('need all labels of the document, of an old version those of the present one too', async () => {
    const open = await publish('a', 'open');
    const { documentId } = await publish('a', 'closed', { policies: ['legal', 'board'] });
    const path = `/v1/documents/${documentId}/artifacts/raw`;
    for (const policies of [[], ['legal'], ['other']]) for (const query of ['', `?version=${open.versionId}`]) expect((await download(`${path}${query}`, { policies })).status).toBe(404);
    expect(await (await download(path, { policies: ['board', 'legal', 'more'] })).text()).toBe('raw closed');
    expect(await (await download(`${path}?version=${open.versionId}`, { policies: ['board', 'legal'] })).text()).toBe('raw open');
  });

  it('that do not match their digest break off, and are never passed for whole', async () => {
    const { documentId } = await publish('a', 'a text that is damaged');
    for (const bytes of api.artifacts.objects.values()) if (Buffer.from(bytes).includes('damaged')) bytes.set(Buffer.from('X'), 0);
    await expect(download(`/v1/documents/${documentId}/artifacts/raw`).then((response) => response.text())).rejects.toThrow(/terminated|aborted|socket/);
    await expect.poll(() => api.events.some((event) => event.type === 'request.finished' && event.code === 'ARTIFACT_CORRUPT')).toBe(true);
  });

  it('that are gone are told of as a failure, without what was promised of the content', async () => {
    const { documentId } = await publish('a', 'lost');
    for (const [uri, bytes] of api.artifacts.objects) if (Buffer.from(bytes).includes('lost')) api.artifacts.objects.delete(uri);
    const response = await download(`/v1/documents/${documentId}/artifacts/raw`);
    expect([response.status, response.headers.get('content-type'), response.headers.get('content-digest'), response.headers.get('content-disposition'), response.headers.get('etag')]).toEqual([404, 'application/problem+json; charset=utf-8', null, null, null]);
  });

  it('may be left early by the caller, which is no failure', async () => {
    const { documentId } = await publish('a', 'x'.repeat(20_000_000));
    const controller = new AbortController();
    const response = await download(`/v1/documents/${documentId}/artifacts/raw`, {}, { signal: controller.signal });
    await response.body?.getReader().read();
    api.events.length = 0;
    controller.abort();
    await expect.poll(() => api.events.find((event) => event.type === 'request.finished')).toMatchObject({ status: 200, route: '/v1/documents/:documentId/artifacts/:kind' });
    expect(api.events.find((event) => event.type === 'request.finished')).not.toHaveProperty('code');
  });
});

describe('deleting', () => {
  it('one document is accepted as a deletion, which is found, listed and started', async () => {
    const { documentId } = await publish('a', 'one');
    api.started.length = 0;
    const accepted = await call<Deletion>('DELETE', `/v1/documents/${documentId}`);
    expect([accepted.status, accepted.headers.get('location')]).toEqual([202, `/v1/deletions/${accepted.body.id}`]);
    expect(accepted.body).toMatchObject({ request: { documents: [documentId] }, state: 'queued', subject: 'ada', workflowId: `deletion/${tenant}/${accepted.body.id}`, receipt: null });
    expect(api.started).toMatchObject([{ kind: 'deletion', id: accepted.body.id, tenant }]);
    expect((await call<Deletion>('GET', `/v1/deletions/${accepted.body.id}`)).body).toEqual(accepted.body);
    expect((await call<{ deletions: Deletion[] }>('GET', '/v1/deletions')).body.deletions).toEqual([accepted.body]);
  });

  it('takes documents, a source, or everything; each document once, in any letters', async () => {
    const { documentId } = await publish('a', 'one');
    expect((await call<Deletion>('POST', '/v1/deletions', { documents: [documentId, documentId.toUpperCase()] })).body.request).toEqual({ documents: [documentId] });
    expect((await call<Deletion>('POST', '/v1/deletions', { everything: true })).status).toBe(202);
    const second = await call<{ deletions: Deletion[]; next: string }>('GET', '/v1/deletions?limit=1');
    expect((await call<{ deletions: Deletion[]; next: null }>('GET', `/v1/deletions?limit=1&cursor=${second.body.next}`)).body).toMatchObject({ deletions: [{ request: { documents: [documentId] } }], next: null });
  });

  it.each<[string, unknown, string]>([
    ['nothing', {}, ''], ['two things', { everything: true, documents: [newIdentifier()] }, ''], ['everything, perhaps', { everything: 'yes' }, '/everything'],
    ['no documents', { documents: [] }, '/documents'], ['what is no identifier', { documents: ['a'] }, '/documents/0'], ['a list', [], ''],
  ])('refuses %s', async (_what, body, pointer) => {
    const { status, body: answer } = await call('POST', '/v1/deletions', body);
    expect([status, answer.errors?.map((problem) => problem.pointer)]).toEqual([422, [pointer]]);
    expect((await call<{ deletions: Deletion[] }>('GET', '/v1/deletions')).body.deletions).toEqual([]);
  });

  it('finds nothing of another tenant', async () => {
    const { documentId } = await publish('a', 'one');
    const { body: own } = await call<Deletion>('DELETE', `/v1/documents/${documentId}`);
    api.started.length = 0;
    for (const body of [{ documents: [documentId] }, { sourceId: newIdentifier() }]) expect((await stranger('POST', '/v1/deletions', body)).status).toBe(404);
    expect((await stranger('DELETE', `/v1/documents/${documentId}`)).status).toBe(404);
    expect((await stranger('GET', `/v1/deletions/${own.id}`)).status).toBe(404);
    expect((await stranger<{ deletions: Deletion[] }>('GET', '/v1/deletions')).body.deletions).toEqual([]);
    expect(api.started).toEqual([]);
    expect((await call<StoredDocument>('GET', `/v1/documents/${documentId}`)).status).toBe(200);
  });

  it('needs a body', async () => {
    expect((await call('POST', '/v1/deletions')).body.code).toBe('INVALID_JSON');
  });
});
