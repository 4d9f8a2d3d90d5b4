import { afterAll, afterEach, beforeAll, beforeEach, describe, expect, it } from 'vitest';
import { estimateSchema } from '../../../src/contracts/estimate.ts';
import type { JobScope } from '../../../src/contracts/ingestion.ts';
import type { IngestResponse, JobDocument } from '../../../src/contracts/jobs.ts';
import type { Problem } from '../../../src/contracts/problem.ts';
import { startApi } from '../../support/api/runningApi.ts';
import type { RunningApi } from '../../support/api/runningApi.ts';

let api: RunningApi;
beforeAll(async () => {
  api = await startApi({ prices: { currency: 'USD', perMillionTokens: 2, perCredit: 0 } });
});
beforeEach(() => void (api.started.length = 0));
afterAll(() => api.close());

const problemOf = async (response: Response): Promise<Problem> => (await response.json()) as Problem;

describe('ingesting a source', () => {
  it('is a job that finds its documents itself', async () => {
    const response = await api.post('/v1/ingest/source', { definition: { type: 'sitemap', url: 'https://example.com/sitemap.xml' }, attributes: { tags: ['docs'] }, concurrency: 2, budget: { maximumCost: 3 }, dryRun: true });
    const accepted = (await response.json()) as IngestResponse;
    expect([response.status, response.headers.get('location'), accepted.documents]).toEqual([202, `/v1/jobs/${accepted.jobId}`, []]);
    expect(api.jobs.stored.get(accepted.jobId)?.accepted).toMatchObject({
      documents: [], concurrency: 2, budget: { maximumCost: 3 }, dryRun: true,
      source: { sourceId: null, onMissing: 'keep', attributes: { tags: ['docs'], metadata: {}, policies: [] }, definition: { type: 'sitemap', maximumDocuments: 10_000, include: [] } },
    });
    expect(api.started.map(({ id }) => id)).toEqual([accepted.jobId]);
  });

  it.each<[object, string]>([
    [{}, '/definition'], [{ definition: {} }, '/definition/type'], [{ definition: { type: 'website', url: 'http://192.168.0.1/' } }, '/definition/url'],
    [{ definition: { type: 'website', url: 'https://example.com/', include: ['http://example.com/**'] } }, '/definition/include/0'],
    [{ definition: { type: 'feed', url: 'https://example.com/', maximumDepth: 2 } }, '/definition/maximumDepth'], [{ definition: { type: 'bucket', bucket: 'x' } }, '/definition/bucket'],
    [{ definition: { type: 'pages', urls: [] } }, '/definition/urls'], [{ definition: { type: 'feed', url: 'https://example.com/' }, budget: {} }, '/budget'],
  ])('refuses %j', async (body, pointer) => {
    const response = await api.post('/v1/ingest/source', body);
    expect([response.status, (await problemOf(response)).errors?.map((problem) => problem.pointer), api.started]).toEqual([422, [pointer], []]);
  });
});

describe('an estimate', () => {
  it('comes as an interval, from the sizes that are known, and stores nothing', async () => {
    const before = [api.artifacts.putAllCalls, api.jobs.stored.size];
    const response = await api.post('/v1/ingest/estimate', { documents: [{ text: 'x'.repeat(1_000) }, { url: 'https://example.com/' }] });
    const estimate = estimateSchema.parse(await response.json());
    expect(estimate).toMatchObject({ documents: 2, bytes: { known: 1_000, documentsOfUnknownSize: 1 }, tokens: { low: 30, expected: 6_200, high: 105_350 }, currency: 'USD', basis: 'default' });
    expect(estimate.cost.expected).toBeCloseTo(0.0124, 6);
    expect([api.artifacts.putAllCalls, api.jobs.stored.size]).toEqual(before);
  });

  it('rests on what documents of the tenant needed before', async () => {
    const tokensPerByte = () => Promise.resolve({ low: 0.1, expected: 0.2, high: 0.3 });
    const refuse = () => Promise.reject(new Error('not asked'));
    const informed = await startApi({ reports: { tokensPerByte, listJobs: refuse, progress: refuse, listDeadLetters: refuse, summariseDeadLetters: refuse } });
    const response = await informed.post('/v1/ingest/estimate', { documents: [{ text: 'x'.repeat(1_000) }], budget: { maximumTokens: 5 } });
    expect(await response.json()).toMatchObject({ tokens: { low: 100, expected: 200, high: 300 }, basis: 'history' });
    await informed.close();
  });

  it('names what could not be ingested', async () => {
    expect(await problemOf(await api.post('/v1/ingest/estimate', { documents: [{ text: 'x' }, { text: '' }] }))).toMatchObject({ code: 'INVALID_DOCUMENTS', errors: [{ pointer: '/documents/1/text' }] });
  });
});

describe('ingesting within a request', () => {
  const scopes: JobScope[] = [];
  let development: RunningApi;
  beforeAll(async () => {
    development = await startApi({
      limits: { maximumRequestBytes: 16 * 1024 ** 2, maximumUploadBytes: 1024 ** 3, maximumDocumentBytes: 16 * 1024 ** 2, linkSeconds: 300 },
      ingestInProcess: (scope) => {
        scopes.push(scope);
        development.jobs.finishDocument(scope.jobId, 0, 'succeeded');
        return Promise.resolve();
      },
    });
  });
  afterEach(() => void (scopes.length = 0));
  afterAll(() => development.close());

  it('answers the document as it ended, without a workflow', async () => {
    const response = await development.post('/v1/ingest/sync', { documents: [{ id: 'a', text: 'hello' }] });
    expect([response.status, ((await response.json()) as JobDocument).state]).toEqual([200, 'succeeded']);
    expect(scopes).toMatchObject([{ tenant: 'acme', subject: 'tester' }]);
    expect(development.jobs.stored.get(scopes[0]?.jobId ?? '')?.accepted).toMatchObject({ inProcess: true });
    expect(development.started).toEqual([]);
  });

  it.each<[object, string]>([
    [{ documents: [] }, 'INVALID_REQUEST'], [{ documents: [{ text: 'a' }, { text: 'b' }] }, 'INVALID_REQUEST'], [{ documents: [{ text: 'a' }], dryRun: true }, 'INVALID_REQUEST'],
    [{ documents: [{ text: '' }] }, 'INVALID_DOCUMENTS'], [{ documents: [{ text: 'ä'.repeat(600_000) }] }, 'DOCUMENT_TOO_LARGE'], [{ text: 'a' }, 'INVALID_REQUEST'],
  ])('refuses what is not one small document', async (body, code) => {
    const before = development.artifacts.putAllCalls;
    expect((await problemOf(await development.post('/v1/ingest/sync', body))).code).toBe(code);
    expect([scopes, development.artifacts.putAllCalls]).toEqual([[], before]);
  });

  it('is refused in production, whatever is sent', async () => {
    for (const body of [{ documents: [{ text: 'hello' }] }, 'nonsense', {}]) expect(await problemOf(await api.post('/v1/ingest/sync', body))).toMatchObject({ status: 403, code: 'NOT_IN_PRODUCTION' });
  });
});
