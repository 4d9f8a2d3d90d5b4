import { createHmac } from 'node:crypto';
import { afterAll, beforeAll, beforeEach, expect, test } from 'vitest';
import { createFirecrawlWebhookVerifier } from '../../../src/adapters/firecrawl/firecrawlWebhook.ts';
import { webhookToken } from '../../../src/adapters/firecrawl/webhookTarget.ts';
import { DiscoveryDriver } from './discoveryDriver.ts';
import { FirecrawlStub } from './stubServer.ts';

const secret = 'signing secret of the account';
const verifier = createFirecrawlWebhookVerifier(secret);
const tenant = 'demo';
const jobId = '0190a000-0000-7000-8000-000000000001';
let stub: FirecrawlStub;
beforeAll(async () => {
  stub = await FirecrawlStub.start();
});
beforeEach(() => stub.reset());
afterAll(() => stub.close());

const crawl = async (signsWith: string | undefined): Promise<void> => {
  stub.reset({ pages: [{ url: 'https://site.example/' }], signsWith });
  await new DiscoveryDriver({ type: 'website', url: 'https://site.example/' }, { apiUrl: stub.origin, webhook: { url: 'https://catalyst.example/v1/webhooks/firecrawl', secret } }).run();
};
const signed = (content: unknown, by = secret): [Buffer, Record<string, string>] => {
  const body = Buffer.from(typeof content === 'string' ? content : JSON.stringify(content));
  return [body, { 'x-firecrawl-signature': `sha256=${createHmac('sha256', by).update(body).digest('hex')}` }];
};
const event = (more: object = {}): object => ({ success: true, type: 'crawl.completed', id: 'crawl-1', data: [], metadata: { tenant, jobId }, ...more });

test.each([
  ['signed, by the cloud', secret],
  ['with nothing but our own header, by a self-hosted server', undefined],
])('what a started crawl sends is proven: %s', async (_name, signsWith) => {
  await crawl(signsWith);
  expect(stub.deliveries.map(({ headers, body }) => verifier.verify(Buffer.from(body), headers))).toEqual(
    ['started', 'completed'].map((name) => ({ tenant, jobId, providerJobId: stub.jobs[0]?.id, event: name, deliveryId: signsWith === undefined ? undefined : (expect.any(String) as string) })),
  );
});

test('without a configured address no webhook is asked for', async () => {
  await new DiscoveryDriver({ type: 'website', url: 'https://site.example/' }, { apiUrl: stub.origin }).run();
  expect(stub.requests.find(({ method }) => method === 'POST')?.body).not.toHaveProperty('webhook');
});

test.each(['crawl.started', 'crawl.page', 'crawl.failed', 'batch_scrape.started', 'batch_scrape.page', 'batch_scrape.completed', 'batch_scrape.failed'])('%s', (type) => {
  expect(verifier.verify(...signed(event({ type }))).event).toBe(type.split('.')[1]);
});

test.each<[string, () => [Buffer, Record<string, string>]]>([
  ['no signature and no token', () => [signed(event())[0], {}]],
  ['a signature by another secret', () => signed(event(), 'another')],
  ['a signature of another body', () => [signed(event({ id: 'other' }))[0], signed(event())[1]]],
  ['a signature of another kind', () => [signed(event())[0], { 'x-firecrawl-signature': 'md5=abc' }]],
  ['an empty signature', () => [signed(event())[0], { 'x-firecrawl-signature': '' }]],
  ['a wrong signature beside a right token', () => [signed(event())[0], { 'x-firecrawl-signature': 'sha256=00', 'x-catalyst-webhook-token': webhookToken(secret, tenant, jobId) }]],
  ['the token of another job', () => [signed(event())[0], { 'x-catalyst-webhook-token': webhookToken(secret, tenant, '0190a000-0000-7000-8000-000000000002') }]],
  ['the token of another tenant', () => [signed(event())[0], { 'x-catalyst-webhook-token': webhookToken(secret, 'other', jobId) }]],
  ['nonsense without a signature', () => [Buffer.from('nonsense'), { 'x-catalyst-webhook-token': 'x' }]],
])('%s: UNAUTHENTICATED', (_name, delivery) => {
  expect(() => verifier.verify(...delivery())).toThrow(expect.objectContaining({ code: 'UNAUTHENTICATED' }) as Error);
});

test.each<[string, unknown]>([
  ['another event', event({ type: 'extract.completed' })],
  ['no job of ours', event({ metadata: {} })],
  ['a job that is no id', event({ metadata: { tenant, jobId: '../../x' } })],
  ['no JSON', 'nonsense'],
])('%s, signed: INVALID_REQUEST', (_name, content) => {
  expect(() => verifier.verify(...signed(content))).toThrow(expect.objectContaining({ code: 'INVALID_REQUEST' }) as Error);
});
