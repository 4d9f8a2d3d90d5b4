import { createHmac } from 'node:crypto';
import { request as httpRequest } from 'node:http';
import { gzipSync } from 'node:zlib';
import { afterAll, beforeAll, beforeEach, describe, expect, it } from 'vitest';
import { createFirecrawlWebhookVerifier } from '../../../src/adapters/firecrawl/firecrawlWebhook.ts';
import { webhookToken } from '../../../src/adapters/firecrawl/webhookTarget.ts';
import { CatalystError } from '../../../src/contracts/errors.ts';
import { startApi } from '../../support/api/runningApi.ts';
import type { RunningApi } from '../../support/api/runningApi.ts';

const secret = 'signing secret of the account';
const firecrawlWebhooks = createFirecrawlWebhookVerifier(secret);
const path = '/v1/webhooks/firecrawl';
const tenant = 'acme';
const jobId = '0190a000-0000-7000-8000-000000000001';
const event = { success: true, type: 'crawl.completed', id: 'crawl-1', data: [], metadata: { tenant, jobId } };
const sign = (body: string, by = secret) => `sha256=${createHmac('sha256', by).update(body).digest('hex')}`;

let api: RunningApi;
beforeAll(async () => void (api = await startApi({ firecrawlWebhooks })));
afterAll(() => api.close());
beforeEach(() => void (api.woken.length = 0));

/** Without a bearer token, as Firecrawl sends it. */
function deliver(content: unknown, headers: Record<string, string> = {}, on = api): Promise<Response> {
  const body = typeof content === 'string' ? content : JSON.stringify(content);
  return fetch(`${on.url}${path}`, { method: 'POST', body, headers: { 'content-type': 'application/json', 'x-firecrawl-signature': sign(body), ...headers } });
}

describe('a delivery of Firecrawl', () => {
  it('that is signed wakes its job, each time it comes', async () => {
    for (let time = 0; time < 2; time += 1) {
      const response = await deliver(event);
      expect([response.status, await response.text()]).toEqual([204, '']);
    }
    await expect.poll(() => api.woken).toEqual([{ tenant, jobId }, { tenant, jobId }]);
  });

  it('of a self-hosted server is proven by the token of its job', async () => {
    expect((await deliver(event, { 'x-firecrawl-signature': '', 'x-catalyst-webhook-token': webhookToken(secret, tenant, jobId) })).status).toBe(401);
    const body = JSON.stringify(event);
    const response = await fetch(`${api.url}${path}`, { method: 'POST', body, headers: { 'x-catalyst-webhook-token': webhookToken(secret, tenant, jobId) } });
    expect(response.status).toBe(204);
    await expect.poll(() => api.woken).toHaveLength(1);
  });

  it.each<[string, unknown, Record<string, string>]>([
    ['forged', event, { 'x-firecrawl-signature': sign(JSON.stringify(event), 'another secret') }],
    ['changed on the way', { ...event, id: 'crawl-2' }, { 'x-firecrawl-signature': sign(JSON.stringify(event)) }],
    ['nonsense', 'nonsense', { 'x-firecrawl-signature': 'sha256=00' }],
    ['empty', '', { 'x-firecrawl-signature': 'sha256=00' }],
  ])('that is %s is refused, and wakes nothing', async (_what, content, headers) => {
    const response = await deliver(content, headers);
    expect([response.status, await response.json()]).toMatchObject([401, { code: 'UNAUTHENTICATED' }]);
    expect(api.woken).toEqual([]);
  });

  it('is refused with a bearer token alone: a tenant cannot speak for Firecrawl', async () => {
    expect((await api.post(path, event)).status).toBe(401);
    expect(api.woken).toEqual([]);
  });

  it('tells nothing about whether there is such a job', async () => {
    const answers = await Promise.all([event, { ...event, metadata: { tenant: 'nobody', jobId } }, { ...event, type: 'crawl.unheard-of' }, { ...event, metadata: {} }].map((content) => deliver(content)));
    expect(answers.map(({ status }) => status)).toEqual([204, 204, 204, 204]);
    await expect.poll(() => api.woken).toHaveLength(2);
  });

  it('is answered at once, also while the workflow service is away or does not answer', async () => {
    const hanging = new Promise<void>(() => undefined);
    const wakes = [() => Promise.reject(new CatalystError('WORKFLOWS_UNAVAILABLE', 'Temporal does not answer.')), () => hanging];
    const away = await startApi({ firecrawlWebhooks, workflowStarter: { start: () => Promise.resolve(), wake: () => wakes.shift()?.() ?? hanging } });
    const startedAt = performance.now();
    expect([(await deliver(event, {}, away)).status, (await deliver(event, {}, away)).status]).toEqual([204, 204]);
    expect(performance.now() - startedAt).toBeLessThan(2_000);
    expect(away.events).toContainEqual({ type: 'dependency.failed', dependency: 'temporal', code: 'WORKFLOWS_UNAVAILABLE', detail: `Job ${jobId} was not woken by a webhook: Temporal does not answer.` });
    await away.close();
  });

  it('may have a mebibyte, and no more', async () => {
    expect((await deliver({ ...event, data: ['x'.repeat(1024 ** 2 - 400)] })).status).toBe(204);
    expect(await (await deliver({ ...event, data: ['x'.repeat(1024 ** 2)] })).json()).toMatchObject({ status: 413, code: 'PAYLOAD_TOO_LARGE' });
  });

  it('is not unpacked: what is signed are the bytes that came', async () => {
    const body = gzipSync(JSON.stringify(event));
    const response = await fetch(`${api.url}${path}`, { method: 'POST', body, headers: { 'content-encoding': 'gzip', 'x-firecrawl-signature': `sha256=${createHmac('sha256', secret).update(body).digest('hex')}` } });
    expect(response.status).toBe(415);
  });

  it('without a body, or with a signature twice, is refused', async () => {
    expect((await fetch(`${api.url}${path}`, { method: 'POST' })).status).toBe(401);
    const body = JSON.stringify(event);
    const status = await new Promise((resolve, reject) => {
      const sent = httpRequest(`${api.url}${path}`, { method: 'POST', headers: { 'X-Firecrawl-Signature': [sign(body, 'another'), sign(body)] } }, (response) => {
        response.resume();
        resolve(response.statusCode);
      });
      sent.on('error', reject);
      sent.end(body);
    });
    expect(status).toBe(401);
  });

  it('goes to POST alone', async () => {
    const response = await fetch(`${api.url}${path}`);
    expect([response.status, response.headers.get('allow')]).toEqual([405, 'POST, OPTIONS']);
  });
});

describe('without a secret', () => {
  it('there is no such resource, and the reference does not speak of it', async () => {
    const without = await startApi();
    expect((await deliver(event, {}, without)).status).toBe(404);
    expect((await without.post(path, event)).status).toBe(404);
    const { paths } = (await (await fetch(`${without.url}/openapi.json`)).json()) as { paths: object };
    expect(Object.keys(paths).filter((known) => known.includes('webhooks'))).toEqual([]);
    await without.close();
  });
});
