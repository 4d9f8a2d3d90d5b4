import { afterAll, beforeAll, beforeEach, expect, test } from 'vitest';
import { DiscoveryDriver, type Faults } from './discoveryDriver.ts';
import { FirecrawlStub, type StubPage } from './stubServer.ts';

let stub: FirecrawlStub;
beforeAll(async () => {
  stub = await FirecrawlStub.start();
});
beforeEach(() => stub.reset());
afterAll(() => stub.close());

const site = 'https://site.example';
const pagesOf = (count: number): StubPage[] => Array.from({ length: count }, (_none, at) => ({ url: `${site}/page-${at}` }));
const driver = (urls: readonly string[], options: object = {}): DiscoveryDriver => new DiscoveryDriver({ type: 'pages', urls }, { apiUrl: stub.origin, batchSize: 20, ...options });
const readAll = (faults: Faults = {}): Promise<DiscoveryDriver> => driver(stub.behaviour.pages.map(({ url }) => url)).run(faults);
const kinds = (run: DiscoveryDriver): { stored: number; listed: number } => {
  const listed = [...run.documents.values()].filter(({ origin }) => origin.type === 'url').length;
  return { stored: run.documents.size - listed, listed };
};

test('a list is read in batches; a short rest one by one', async () => {
  stub.reset({ pages: pagesOf(45) });
  const run = await readAll();
  expect(kinds(run)).toEqual({ stored: 40, listed: 5 });
  expect(stub.started('batch')).toBe(2);
  expect(stub.count('POST /v2/crawl')).toBe(0);
  expect(run.gaps).toEqual([]);
});

test('the page is known by the address that was asked for; each address counts once', async () => {
  stub.reset({ pages: pagesOf(12).map((page) => ({ ...page, finalUrl: `${site}/elsewhere` })) });
  const urls = stub.behaviour.pages.map(({ url }) => url);
  const run = await driver([...urls, `${urls[0]}#part`]).run();
  expect([...run.documents.keys()].sort()).toEqual(urls.map((url) => `url:${url}`).sort());
  expect(run.documents.get(`url:${site}/page-1`)?.origin).toMatchObject({ type: 'stored', url: `${site}/elsewhere` });
});

test.each(['batch', 'crawl', 'nowhere'] as const)('failed pages, listed at: %s', async (place) => {
  stub.reset({
    pages: pagesOf(12), errorsOfBatches: place,
    failed: [{ url: `${site}/scan`, code: 'SCRAPE_PDF_OCR_REQUIRED' }, { url: `${site}/slow`, code: 'SCRAPE_TIMEOUT' }],
  });
  const run = await driver([...stub.behaviour.pages.map(({ url }) => url), `${site}/scan`, `${site}/slow`, `${site}/forgotten`]).run();
  expect(run.failures).toEqual(place === 'nowhere' ? {} : { [`${site}/scan`]: 'NO_TEXT_LAYER' });
  const listed = [...run.documents.values()].filter(({ origin }) => origin.type === 'url').map(({ source }) => source.location);
  expect(listed, 'what may be mended and what was forgotten is read one by one').toEqual([...(place === 'nowhere' ? [`${site}/scan`] : []), `${site}/slow`, `${site}/forgotten`]);
  expect(run.gaps).toEqual([]);
});

test.each([
  ['the answer is lost after it began', { status: 502, processed: true }],
  ['it is refused', { status: 400, body: { success: false, error: 'Bad Request' } }],
  ['it answers nonsense', { status: 200, body: 'ok' }],
])('a start: %s: it is not sent again, the pages are read one by one', async (_name, answer) => {
  stub.reset({ pages: pagesOf(40) });
  stub.script('POST /v2/batch/scrape', answer);
  const run = await readAll();
  expect(kinds(run)).toEqual({ stored: 20, listed: 20 });
  expect(stub.count('POST /v2/batch/scrape')).toBe(2);
});

test('a process that dies between preparing and sending a start: another does not send it', async () => {
  stub.reset({ pages: pagesOf(20) });
  const run = await readAll({ lostAnswers: [1] });
  expect(kinds(run)).toEqual({ stored: 0, listed: 20 });
  expect(stub.started('batch'), 'the one that was lost').toBe(1);
});

test('too many requests and no credits are refusals before anything began: the start is sent later', async () => {
  stub.reset({ pages: pagesOf(20) });
  stub.script('POST /v2/batch/scrape', { status: 429, headers: { 'retry-after': '3' } }, { status: 402, body: { error: 'Insufficient credits' } });
  const run = driver(stub.behaviour.pages.map(({ url }) => url));
  await expect(run.run()).rejects.toMatchObject({ code: 'FETCHER_CREDITS_EXHAUSTED' });
  expect(run.retried).toMatchObject([{ code: 'FETCH_RATE_LIMITED', retryAfterMs: 3_000 }]);
  await run.run();
  expect(kinds(run)).toEqual({ stored: 20, listed: 0 });
});

test.each([
  ['stuck', { stuckAt: 8 }],
  ['cancelled there', { stuckAt: 8, endsAs: { status: 'cancelled', afterLooks: 3 } }],
  ['expired', { pagesALook: 8, expiresAfterLooks: 1 }],
  ['lost at once', { expiresAfterLooks: 0 }],
] as const)('a batch that is %s: the rest is read one by one', async (name, behaviour) => {
  stub.reset({ pages: pagesOf(20), ...behaviour });
  const run = await readAll();
  expect(kinds(run)).toEqual(name === 'lost at once' ? { stored: 0, listed: 20 } : { stored: 8, listed: 12 });
  expect(run.gaps).toEqual([]);
});

test('addresses that may not be fetched are never sent', async () => {
  stub.reset({ pages: pagesOf(12) });
  const run = await driver([...stub.behaviour.pages.map(({ url }) => url), 'http://169.254.169.254/latest', 'http://db.internal/', 'http://user:secret@site.example/']).run();
  expect(Object.values(run.failures)).toEqual(['URL_FORBIDDEN', 'URL_FORBIDDEN', 'URL_FORBIDDEN']);
  expect(run.documents.size).toBe(12);
  expect(JSON.stringify(stub.requests)).not.toMatch(/169\.254|internal|secret/);
});

test('cancel reaches the batch', async () => {
  stub.reset({ pages: pagesOf(20), stuckAt: 5 });
  const run = driver(stub.behaviour.pages.map(({ url }) => url));
  for (let step = 0; step < 3; step += 1) run.record(await run.step());
  await run.cancel();
  expect(stub.jobs[0]?.cancelled).toBe(true);
});
