import type { IncomingMessage, ServerResponse } from 'node:http';
import { afterAll, beforeAll, beforeEach, describe, expect, test } from 'vitest';
import { z } from 'zod';
import { createFirecrawlReader } from '../../../src/adapters/firecrawl/firecrawlReader.ts';
import type { SourceReader } from '../../../src/ports/sourceReader.ts';
import { createInMemoryRateLimiter, type InMemoryRateLimiter } from '../../support/inMemoryRateLimiter.ts';
import { describeSourceReader, type Page } from './sourceReaderContract.ts';
import { startServer, type TestServer } from './testServer.ts';

/** Strict, as the real server is: an unknown key is 400. */
const requestSchema = z.strictObject({
  url: z.url(),
  formats: z.array(z.string()),
  maxAge: z.literal(0),
  skipTlsVerification: z.literal(false),
  timeout: z.int().positive(),
});

type Answer = (response: ServerResponse) => void;
let service: TestServer;
let reader: SourceReader;
let web: Map<string, Page>;
let scripted: Answer | undefined;
let requests: { authorization: string | undefined; path: string | undefined }[];

const json = (response: ServerResponse, status: number, body: unknown, headers: Record<string, string> = {}): void => {
  response.writeHead(status, { 'content-type': 'application/json', ...headers }).end(JSON.stringify(body));
};
const metadataOf = (asked: string, url: string, statusCode: number): object => ({ sourceURL: asked, url, statusCode, title: 'Title of the page', contentType: 'text/html', scrapeId: 'x', creditsUsed: 1 });

/** Answers as the measurements in FIRECRAWL.md say: pages that fail come back as success with their status. */
function answer(request: IncomingMessage, body: string, response: ServerResponse): void {
  requests.push({ authorization: request.headers.authorization, path: request.url });
  if (scripted !== undefined) return scripted(response);
  const parsed = requestSchema.safeParse(JSON.parse(body));
  if (request.method !== 'POST' || request.url !== '/v2/scrape' || !parsed.success) return json(response, 400, { success: false, error: 'Bad Request' });
  const { url, timeout } = parsed.data;
  const page = web.get(url);
  if (page === undefined) return json(response, 200, { success: false, code: 'SCRAPE_DNS_RESOLUTION_ERROR', error: 'DNS resolution failed for hostname' });
  const late = page.delayMs !== undefined && page.delayMs > timeout;
  const reached = page.redirectTo === undefined ? page : web.get(page.redirectTo)!;
  setTimeout(() => {
    if (late) json(response, 408, { success: false, code: 'SCRAPE_TIMEOUT', error: 'The scrape operation timed out.' });
    else json(response, 200, { success: true, data: { markdown: reached.body, metadata: metadataOf(url, page.redirectTo ?? url, reached.status) } });
  }, late ? timeout : (page.delayMs ?? 0));
}

beforeAll(async () => {
  service = await startServer((request, response) => {
    const parts: Buffer[] = [];
    request.on('data', (part: Buffer) => parts.push(part));
    request.on('end', () => answer(request, Buffer.concat(parts).toString(), response));
  });
  reader = createFirecrawlReader({ apiKey: 'fc-key', apiUrl: service.origin, timeoutMs: 1_000, maximumBytes: 1_000_000 });
});
beforeEach(() => {
  web = new Map();
  scripted = undefined;
  requests = [];
});
afterAll(async () => {
  await reader.close();
  await service.close();
});

const read = (url = 'https://site.example/page') => reader.read(url, new AbortController().signal);

describe('as any source reader', () => {
  describeSourceReader(() => ({
    reader,
    unknownHost: 'https://no-such-host.example/',
    publish(path, page) {
      const url = `https://site.example${path}`;
      web.set(url, page);
      return url;
    },
  }));
});

test('the page comes as Markdown with its title; the key is sent', async () => {
  web.set('https://site.example/page', { status: 200, body: '# Heading' });
  expect(await read()).toMatchObject({ title: 'Title of the page', mediaType: 'text/markdown; charset=utf-8', bytes: Buffer.from('# Heading') });
  expect(requests).toEqual([{ authorization: 'Bearer fc-key', path: '/v2/scrape' }]);
});

test('the record holds what Firecrawl tells; validators are not sent, since it knows no conditional request', async () => {
  scripted = (response) => json(response, 200, { success: true, data: { markdown: 'x', metadata: { ...metadataOf('https://site.example/page', 'https://site.example/moved', 200), creditsUsed: 5, contentType: 'application/pdf', cachedAt: '2026-01-02T03:04:05Z' } } });
  const document = await reader.read('https://site.example/page', new AbortController().signal, { etag: '"1"', lastModified: 'Thu, 01 Jan 2026 00:00:00 GMT' });
  expect(document.record).toEqual({ finalUrl: 'https://site.example/moved', status: 200, fetchedAt: '2026-01-02T03:04:05.000Z', credits: 5, headers: { 'content-type': 'application/pdf' } });
});

describe('within the limits of the account', () => {
  const limits = { browsers: 2, scrapesPerMinute: 600, crawlsPerMinute: 1 };
  const limited = (limiter: InMemoryRateLimiter): SourceReader => createFirecrawlReader({ apiUrl: service.origin, timeoutMs: 1_000, limiter, limits });

  test('no more pages at once than browsers, and no more a minute than scrapes', async () => {
    for (let at = 0; at < 6; at += 1) web.set(`https://site.example/${at}`, { status: 200, body: 'x', delayMs: 250 });
    const limiter = createInMemoryRateLimiter();
    const started = performance.now();
    await Promise.all([...web.keys()].map((url) => limited(limiter).read(url, new AbortController().signal)));
    expect(limiter.mostAtOnce('provider:firecrawl:browsers')).toBe(2);
    expect(performance.now() - started).toBeGreaterThan(700);
    expect(limiter.asked[0]).toEqual([{ key: 'provider:firecrawl:scrape', perMinute: 600 }, { key: 'provider:firecrawl:browsers', concurrency: 2 }]);
  });

  test.each([
    ['the header', { 'retry-after': '17' }, 'Rate limit exceeded', 17_000],
    ['the text', {}, 'Rate limit exceeded. Please retry after 23s, resets at noon', 23_000],
  ])('429 with the time in %s: whoever comes next waits, in every process', async (_where, headers, error, retryAfterMs) => {
    scripted = (response) => json(response, 429, { success: false, error }, headers);
    const limiter = createInMemoryRateLimiter();
    await expect(limited(limiter).read('https://site.example/', new AbortController().signal)).rejects.toMatchObject({ code: 'FETCH_RATE_LIMITED', retryAfterMs });
    expect(limiter.pauses).toEqual([{ key: 'provider:firecrawl:scrape', ms: retryAfterMs }]);
    await expect(limited(limiter).read('https://site.example/', new AbortController().signal)).rejects.toMatchObject({ code: 'THROTTLED' });
    expect(requests).toHaveLength(1);
  });

  test('a page that answers 429 slows nobody else down', async () => {
    web.set('https://site.example/page', { status: 429, body: '' });
    const limiter = createInMemoryRateLimiter();
    await expect(limited(limiter).read('https://site.example/page', new AbortController().signal)).rejects.toMatchObject({ code: 'FETCH_RATE_LIMITED' });
    expect(limiter.pauses).toEqual([]);
  });

  test('who gives up while waiting for a turn gets CANCELLED', async () => {
    const limiter = createInMemoryRateLimiter();
    await limiter.pause('provider:firecrawl:scrape', 2_000);
    await expect(limited(limiter).read('https://site.example/page', AbortSignal.timeout(50))).rejects.toMatchObject({ code: 'CANCELLED' });
    expect(requests).toEqual([]);
  });
});

test('a redirect of the service is not followed: the key goes nowhere else', async () => {
  scripted = (response) => response.writeHead(302, { location: `${service.origin}/elsewhere` }).end();
  await expect(read()).rejects.toMatchObject({ code: 'FETCHER_REJECTED' });
  expect(requests).toHaveLength(1);
});

test('without a key none is sent, whatever the environment says', async () => {
  process.env['FIRECRAWL_API_KEY'] = 'from-the-environment';
  web.set('https://site.example/page', { status: 200, body: 'x' });
  await createFirecrawlReader({ apiUrl: service.origin, timeoutMs: 1_000 }).read('https://site.example/page', new AbortController().signal);
  delete process.env['FIRECRAWL_API_KEY'];
  expect(requests[0]?.authorization).toBeUndefined();
});

test.each<[string, number, unknown, object]>([
  ['no credits', 402, { success: false, error: 'Insufficient credits' }, { code: 'FETCHER_CREDITS_EXHAUSTED', class: expect.objectContaining({ pausesJob: true }) as object, message: expect.stringContaining('Insufficient credits') as string }],
  ['a wrong key', 401, { success: false, error: 'Unauthorized: Invalid token' }, { code: 'FETCHER_REJECTED' }],
  ['a bad request', 400, { success: false, error: 'Bad Request' }, { code: 'FETCHER_REJECTED' }],
  ['no such endpoint', 404, { error: 'Cannot POST /v2/scrape' }, { code: 'FETCHER_REJECTED' }],
  ['a blocked site', 403, { success: false, error: 'This website is not supported' }, { code: 'FETCH_REFUSED' }],
  ['too many requests, told in the text', 429, { success: false, error: 'Rate limit exceeded. Please retry after 23s, resets at noon' }, { code: 'FETCH_RATE_LIMITED', retryAfterMs: 23_000 }],
  ['too many requests, without a time', 429, { success: false, error: 'Rate limit exceeded' }, { code: 'FETCH_RATE_LIMITED', retryAfterMs: undefined }],
  ['a page that takes too long', 408, { success: false, code: 'SCRAPE_TIMEOUT', error: 'timed out' }, { code: 'FETCH_TIMEOUT' }],
  ['a large PDF in work', 408, { success: false, code: 'SCRAPE_TIMEOUT', error: 'timed out', details: { state: 'processing_continues', retryAfterSeconds: 45 } }, { code: 'FETCH_TIMEOUT', retryAfterMs: 45_000 }],
  ['a failed service', 500, { success: false, error: 'Internal server error' }, { code: 'FETCHER_UNAVAILABLE' }],
  ['a bad gateway', 502, 'nothing', { code: 'FETCHER_UNAVAILABLE' }],
  ['a page that no engine could read', 500, { success: false, code: 'SCRAPE_ALL_ENGINES_FAILED', error: 'All engines failed' }, { code: 'FETCH_FAILED' }],
  ['a bad certificate', 500, { success: false, code: 'SCRAPE_SSL_ERROR', error: 'SSL' }, { code: 'FETCH_TLS_INVALID' }],
  ['an unknown name from a server without codes', 200, { success: false, error: 'DNS resolution failed for hostname: x' }, { code: 'FETCH_UNREACHABLE' }],
  ['another failure in a successful answer', 200, { success: false, error: 'something odd' }, { code: 'FETCH_FAILED' }],
  ['a page of another shape', 200, { success: true, data: { markdown: 7 } }, { code: 'FETCHER_UNAVAILABLE' }],
  ['a page that says why it is empty', 200, { success: true, data: { markdown: '', metadata: { error: 'blocked by script' } } }, { code: 'FETCH_FAILED', message: expect.stringContaining('blocked by script') as string }],
  ['a page that led into the private network', 200, { success: true, data: { markdown: 'secret', metadata: { url: 'http://169.254.169.254/', statusCode: 200 } } }, { code: 'URL_FORBIDDEN' }],
])('%s', async (_name, status, body, expected) => {
  scripted = (response) => json(response, status, body);
  await expect(read()).rejects.toMatchObject(expected);
  expect(requests, 'the retry is left to the caller').toHaveLength(1);
});

test('a service that is not there is FETCHER_UNAVAILABLE', async () => {
  const lost = createFirecrawlReader({ apiUrl: 'http://127.0.0.1:25096', timeoutMs: 1_000 });
  await expect(lost.read('https://site.example/', new AbortController().signal)).rejects.toMatchObject({ code: 'FETCHER_UNAVAILABLE', message: expect.stringContaining('ECONNREFUSED') as string });
});

test.each(['http://localhost/', 'http://printer.local/', 'http://metadata.google.internal/', 'http://db.localhost:5432/'])('%s names nothing public: URL_FORBIDDEN, and the service is not asked', async (url) => {
  await expect(read(url)).rejects.toMatchObject({ code: 'URL_FORBIDDEN' });
  expect(requests).toEqual([]);
});
