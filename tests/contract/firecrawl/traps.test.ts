import { afterAll, beforeAll, beforeEach, describe, expect, test } from 'vitest';
import { createInMemoryRateLimiter } from '../../support/inMemoryRateLimiter.ts';
import { DiscoveryDriver } from './discoveryDriver.ts';
import { FirecrawlStub, type StubPage } from './stubServer.ts';

/**
 * | how Firecrawl behaves | test |
 * |---|---|
 * | a 502 on the start, which nevertheless started | a start that answers 502 |
 * | keys: honoured for crawls, 409 when sent again; anything but a UUID is refused | a start that answers 502; the crash tests |
 * | 409 while the crawl is not shown yet, or not any more | a known key |
 * | self-hosted: every start with a key is 500 | without keys |
 * | `next` names another host | next |
 * | `next` while the job runs, pages that are empty | a running job |
 * | long without anything new | a running job |
 * | failed pages leave the total; /errors; robotsBlocked | what failed |
 * | `skip` ignored, duplicates | skip ignored; … beyond 10 MiB |
 * | 503 on page 2 | a page that fails |
 * | 429 with header, with text only | too many requests |
 * | 402 | no credits |
 * | 408 with processing_continues, DNS failure as 200, origin 404 as success of a scrape | sourceReader/firecrawlReader.test.ts |
 * | origin 404 as success in a crawl, empty pages, errors in metadata | what is no document |
 * | results expired | an expired job |
 * | not shown at once | a job that is not shown at once |
 * | pages of 10 MiB | large pages |
 * | stuck below total | a stuck job |
 * | cancelled or failed at Firecrawl | a job that ends otherwise |
 * | results move while they are read | results that move |
 * | counts that no page holds | counts |
 * | self-hosted errors of a batch elsewhere; not listed among the running | batches.test.ts |
 * | no signature, no webhookId | webhook.test.ts |
 * | strict bodies | all: the stub refuses unknown keys |
 * | limit cut to the credits | the limit |
 */
let stub: FirecrawlStub;
beforeAll(async () => {
  stub = await FirecrawlStub.start();
});
beforeEach(() => stub.reset());
afterAll(() => stub.close());

const site = 'https://site.example';
const pagesOf = (count: number, from = 0): StubPage[] => Array.from({ length: count }, (_none, at) => ({ url: `${site}/page-${from + at}` }));
const keysOf = (pages: readonly StubPage[]): string[] => pages.map(({ url }) => `url:${url}`).sort();
const website = (more: object = {}): object => ({ type: 'website', url: `${site}/`, ...more });
const driver = (definition = website(), options: object = {}): DiscoveryDriver => new DiscoveryDriver(definition, { apiUrl: stub.origin, ...options });
/** Everything was read, once, and nothing more is said. */
const expectAll = (run: DiscoveryDriver, pages = stub.behaviour.pages): void => {
  expect([...run.documents.keys()].sort()).toEqual(keysOf(pages));
  expect(run.failures).toEqual({});
  expect(run.gaps).toEqual([]);
  expect(stub.started('crawl')).toBe(1);
};

test('a crawl of 250 pages: Markdown is stored, with all that is known of the fetch', async () => {
  stub.reset({ pages: pagesOf(250) });
  const run = await driver().run();
  expectAll(run);
  expect(run.texts.get(`url:${site}/page-7`)).toBe(`# ${site}/page-7`);
  expect(run.documents.get(`url:${site}/page-7`)).toMatchObject({
    source: { type: 'url', location: `${site}/page-7` },
    title: `Title of ${site}/page-7`,
    origin: {
      type: 'stored', url: `${site}/page-7`, mediaType: 'text/markdown; charset=utf-8', title: `Title of ${site}/page-7`,
      fetched: { finalUrl: `${site}/page-7`, status: 200, credits: 1, headers: { 'content-type': 'text/html' } },
    },
  });
  // Running crawls, the start, three pages, the failed pages.
  expect(stub.requests).toHaveLength(6);
});

test('a redirected page is known by where it ended; two that end at one are one', async () => {
  stub.reset({ pages: [{ url: `${site}/old`, finalUrl: `${site}/new` }, { url: `${site}/older`, finalUrl: `${site}/new#top` }, { url: `${site}/inside`, finalUrl: 'http://169.254.169.254/latest' }] });
  const run = await driver().run();
  expect([...run.documents.keys()]).toEqual([`url:${site}/new`]);
  expect(run.failures).toEqual({ 'http://169.254.169.254/latest': 'URL_FORBIDDEN' });
  expect(run.gaps).toEqual([]);
});

test('what is asked: fresh pages, certificates checked, patterns as expressions on the whole address', async () => {
  stub.reset({ pages: [{ url: `${site}/docs/a` }, { url: `${site}/` }, { url: `${site}/docs/private/b` }] });
  const run = await driver(website({ maximumDepth: 2, maximumDocuments: 50, include: ['/docs/**'], exclude: ['**/private/**'], subdomains: true, ignoreQuery: true })).run();
  const body = stub.requests.find(({ method, path }) => method === 'POST' && path === '/v2/crawl')?.body as { readonly excludePaths: string[] };
  expect(body).toMatchObject({
    url: `${site}/`, limit: 50, maxDiscoveryDepth: 2, allowSubdomains: true, ignoreQueryParameters: true, regexOnFullURL: true,
    scrapeOptions: { formats: ['markdown'], maxAge: 0, skipTlsVerification: false, timeout: 1_000 },
  });
  expect(body.excludePaths.some((expression) => new RegExp(expression).test(`${site}/docs/a`))).toBe(false);
  expect([...run.documents.keys()], 'and filtered once more').toEqual([`url:${site}/docs/a`]);
});

test.each(['http://127.0.0.1/', 'http://printer.local/', 'http://169.254.169.254/'])('%s is not crawled: Firecrawl is not asked', async (url) => {
  await expect(driver(website({ url })).run()).rejects.toMatchObject({ code: 'URL_FORBIDDEN' });
  expect(stub.requests).toEqual([]);
});

describe('a start', () => {
  test('a start that answers 502 although it started is not sent again: the running crawl is found', async () => {
    stub.reset({ pages: pagesOf(3) });
    stub.script('POST /v2/crawl', { status: 502, body: '<html>Bad Gateway</html>', processed: true });
    expectAll(await driver().run());
    expect(stub.count('POST /v2/crawl')).toBe(1);
  });

  test('a start that answers 502 and did not start is sent again with the same key', async () => {
    stub.reset({ pages: pagesOf(3) });
    stub.script('POST /v2/crawl', { status: 502 }, { status: 500 });
    expectAll(await driver().run());
    const keys = stub.requests.filter(({ method }) => method === 'POST').map(({ headers }) => headers['x-idempotency-key']);
    expect(keys).toHaveLength(3);
    expect(new Set(keys).size).toBe(1);
  });

  test('another crawl of the same site is not taken for ours', async () => {
    stub.reset({ pages: pagesOf(3), pagesALook: 1 });
    const [first, second] = [driver(), driver()];
    await Promise.all([first.run(), second.run()]);
    expect(stub.started('crawl')).toBe(2);
    expect(new Set(stub.requests.filter(({ method }) => method === 'POST').map(({ headers }) => headers['x-idempotency-key'])).size).toBe(2);
  });

  test('a known key whose crawl is shown only later is waited for', async () => {
    stub.reset({ pages: pagesOf(3) });
    stub.script('GET /v2/crawl/active', { status: 200, body: { success: true, crawls: [] } }, { status: 200, body: { success: true, crawls: [] } }, { status: 200, body: { success: true, crawls: [] } });
    stub.script('POST /v2/crawl', { status: 502, processed: true });
    expectAll(await driver().run());
    expect(stub.count('POST /v2/crawl'), 'the second is answered with 409').toBe(2);
  });

  test('a known key whose crawl is nowhere ends the run; no second crawl is started', async () => {
    stub.reset({ pages: pagesOf(3) });
    stub.script('POST /v2/crawl', { status: 502, processed: true });
    const run = driver();
    await expect(run.run({ beforeStep: () => stub.jobs.forEach((job) => (job.cancelled = true)) })).rejects.toMatchObject({ code: 'FETCHER_REJECTED', message: expect.stringContaining('No second one was started') as string });
    expect(stub.started('crawl')).toBe(1);
    expect(run.now - Date.parse('2026-01-01T00:00:00Z')).toBeLessThan(300_000);
  });

  test('without keys (self-hosted, where they fail) a lost start is found among the running', async () => {
    stub.reset({ pages: pagesOf(3), failsOnKeys: true, honoursKeys: false });
    stub.script('POST /v2/crawl', { status: 502, processed: true });
    expectAll(await driver(website(), { idempotencyKeys: false }).run());
    expect(stub.requests.every(({ headers }) => headers['x-idempotency-key'] === undefined)).toBe(true);
  });

  test('a refused body ends the run with the reason', async () => {
    stub.script('POST /v2/crawl', { status: 400, body: { success: false, error: 'Bad Request' } });
    await expect(driver().run()).rejects.toMatchObject({ code: 'FETCHER_REJECTED', message: expect.stringContaining('Bad Request') as string });
  });

  test('no credits: the job pauses; resumed it goes on with the same key', async () => {
    stub.reset({ pages: pagesOf(3) });
    stub.script('POST /v2/crawl', { status: 402, body: { success: false, error: 'Insufficient credits to perform this request.' } });
    const run = driver();
    await expect(run.run()).rejects.toMatchObject({ code: 'FETCHER_CREDITS_EXHAUSTED', class: expect.objectContaining({ pausesJob: true }) as object, message: expect.stringContaining('Insufficient credits') as string });
    const resumed = driver();
    resumed.cursor = run.cursor;
    expectAll(await resumed.run());
  });

  test.each([
    ['in the header', { status: 429, body: { success: false, error: 'Rate limit exceeded' }, headers: { 'retry-after': '40' } }, 40_000],
    ['in the text only', { status: 429, body: { success: false, error: 'Rate limit exceeded. Please retry after 23s, resets at noon' } }, 23_000],
    ['nowhere', { status: 429, body: { success: false, error: 'Rate limit exceeded' } }, undefined],
  ])('too many requests, the time %s: all processes wait', async (_where, answer, retryAfterMs) => {
    stub.reset({ pages: pagesOf(3) });
    stub.script('POST /v2/crawl', answer);
    const limiter = createInMemoryRateLimiter();
    const run = driver(website(), { limiter });
    await run.step().then((step) => run.record(step));
    await expect(run.step()).rejects.toMatchObject({ code: 'FETCH_RATE_LIMITED', retryAfterMs });
    expect(limiter.pauses).toEqual([{ key: 'provider:firecrawl:crawl', ms: retryAfterMs ?? 5_000 }]);
    await expect(run.step()).rejects.toMatchObject({ code: 'THROTTLED' });
    expect(stub.count('POST /v2/crawl'), 'nobody asks meanwhile').toBe(1);
  });
});

describe('reading', () => {
  test('next names another host: nothing is asked there, and no key is sent there', async () => {
    const other = await FirecrawlStub.start();
    stub.reset({ pages: pagesOf(250), nextOrigin: other.origin });
    expectAll(await driver().run());
    expect(other.requests).toEqual([]);
    await other.close();
  });

  test('a running job, whose next is always there: looks become rarer, and end with the job', async () => {
    stub.reset({ pages: pagesOf(250), pagesALook: 0 });
    const run = driver(website(), { poll: { stalledAfterMs: 3_600_000 } });
    await run.run({ beforeStep: (step) => (stub.behaviour.pagesALook = step < 30 ? 0 : 40) });
    expectAll(run);
    expect(run.waits.slice(0, 6)).toEqual([2_000, 2_000, 3_000, 4_500, 6_750, 10_125]);
    expect(Math.max(...run.waits)).toBe(30_000);
    expect(stub.count('GET /v2/crawl/')).toBeLessThan(70);
  });

  test('a running job that moves on all the time is looked at once in two seconds, not as fast as it answers', async () => {
    stub.reset({ pages: pagesOf(60), pagesALook: 1 });
    const run = await driver().run();
    expectAll(run);
    expect(run.waits.filter((wait) => wait === 2_000).length).toBeGreaterThanOrEqual(59);
  });

  test('a step hands over some hundred documents, so that its transaction stays small', async () => {
    stub.reset({ pages: pagesOf(1_250) });
    const run = driver();
    const sizes: number[] = [];
    for (let done = false; !done; ) {
      const step = await run.step();
      run.record(step);
      sizes.push(step.documents.length);
      done = step.done;
    }
    expectAll(run);
    expect(sizes.filter((size) => size > 0)).toEqual([500, 500, 250]);
  });

  test('skip ignored: every answer holds all pages; each counts once', async () => {
    stub.reset({ pages: pagesOf(250), ignoresSkip: true, pagesALook: 90 });
    expectAll(await driver().run());
  });

  test('skip ignored beyond 10 MiB: what cannot be reached is said', async () => {
    stub.reset({ pages: pagesOf(12).map((page, at) => ({ ...page, markdown: `${at}`.repeat(1_000_000) })), ignoresSkip: true });
    const run = await driver().run();
    expect(run.documents.size).toBe(10);
    expect(run.gaps).toEqual(['Firecrawl counts 12 pages that were read, but handed over 10 of them.']);
  });

  test('large pages: an answer ends at 10 MiB, one page may be larger', async () => {
    stub.reset({ pages: pagesOf(20).map((page, at) => ({ ...page, markdown: 'x'.repeat(at === 5 ? 11_000_000 : 1_400_000) + String(at) })) });
    const run = await driver().run();
    expectAll(run);
    expect(stub.count('GET /v2/crawl/')).toBeGreaterThanOrEqual(5);
  });

  test('a page over our own limit is unreadable', async () => {
    stub.reset({ pages: [...pagesOf(2), { url: `${site}/huge`, markdown: 'x'.repeat(2_000_001) }] });
    const run = await driver(website(), { maximumBytes: 2_000_000 }).run();
    expect(run.documents.size).toBe(2);
    expect(run.failures).toEqual({ [`${site}/huge`]: 'DOCUMENT_TOO_LARGE' });
  });

  test('a page that fails with 503: what was read stays, the rest is asked for again', async () => {
    stub.reset({ pages: pagesOf(250) });
    const run = driver();
    await run.run({ beforeStep: (step) => step === 2 && stub.script('GET /v2/crawl/', ...[200, 503, 503, 503].flatMap((status) => (status === 200 ? [] : [{ status }]))) });
    expectAll(run);
    expect(run.retried.map(({ code }) => code)).toEqual(['FETCHER_UNAVAILABLE', 'FETCHER_UNAVAILABLE', 'FETCHER_UNAVAILABLE']);
  });

  test('… also on the second page of a step, which hands over the first', async () => {
    stub.reset({ pages: pagesOf(250) });
    const run = driver();
    for (let step = 0; step < 2; step += 1) run.record(await run.step());
    const first = run.step();
    stub.script(`GET /v2/crawl/${stub.jobs[0]?.id}?skip=100`, { status: 503 });
    run.record(await first);
    expect(run.documents.size).toBe(100);
    expectAll(await run.run());
    expect(run.retried).toEqual([]);
  });

  test('a store that fails in the middle loses no page', async () => {
    stub.reset({ pages: pagesOf(250) });
    const run = driver();
    await run.run({ failingStores: [3, 120, 121, 290] });
    expectAll(run);
  });

  test('results that move while they are read: all are gone through once more', async () => {
    stub.reset({ pages: pagesOf(150), pagesALook: 100, shiftsAfterLooks: 2 });
    expectAll(await driver().run());
  });

  test('a job that is not shown at once', async () => {
    stub.reset({ pages: pagesOf(3), unseenLooks: 3 });
    expectAll(await driver().run());
  });

  test('counts that no page holds are a gap, and one without address, too', async () => {
    stub.reset({ pages: [...pagesOf(3), { url: `${site}/x`, nameless: true }], hidden: 2 });
    const run = await driver().run();
    expect(run.documents.size).toBe(3);
    expect(run.gaps).toEqual(['Firecrawl counts 6 pages that were read, but handed over 4 of them.', '1 pages came without an address.']);
  });

  test('the limit is a gap, since the site may have more', async () => {
    stub.reset({ pages: pagesOf(5) });
    const run = await driver(website({ maximumDocuments: 5 })).run();
    expect(run.gaps).toEqual(['The limit of 5 documents was reached; the site may have more.']);
  });

  test('an empty site is a gap', async () => {
    expect((await driver().run()).gaps).toEqual(['The crawl found no page at all.']);
  });
});

describe('what is no document', () => {
  test('pages of the site that failed come as success', async () => {
    stub.reset({
      pages: [
        { url: `${site}/ok` },
        { url: `${site}/gone`, statusCode: 404, markdown: '# Not found' },
        { url: `${site}/forbidden`, statusCode: 403 },
        { url: `${site}/broken`, statusCode: 500 },
        { url: `${site}/empty`, markdown: '' },
        { url: `${site}/null`, markdown: null },
        { url: `${site}/blocked`, markdown: '', error: 'blocked by script' },
      ],
    });
    const run = await driver().run();
    expect([...run.documents.keys()]).toEqual([`url:${site}/ok`]);
    expect(run.failures).toEqual({
      [`${site}/gone`]: 'FETCH_NOT_FOUND', [`${site}/forbidden`]: 'FETCH_REFUSED', [`${site}/broken`]: 'FETCH_FAILED',
      [`${site}/empty`]: 'EMPTY_DOCUMENT', [`${site}/null`]: 'EMPTY_DOCUMENT', [`${site}/blocked`]: 'FETCH_FAILED',
    });
    expect(run.gaps).toEqual([]);
  });

  test('what failed is missing in the counts, and found in the list of errors with robots.txt', async () => {
    stub.reset({
      pages: pagesOf(5),
      failed: [
        { url: `${site}/slow`, code: 'SCRAPE_TIMEOUT', error: 'timed out' },
        { url: `${site}/dns`, error: 'DNS resolution failed for hostname' },
        { url: `${site}/tls`, code: 'SCRAPE_SSL_ERROR' },
        { url: `${site}/poor`, error: 'Insufficient credits to scrape this page' },
        { url: `${site}/odd`, error: 'something odd' },
        { url: `${site}/page-1`, error: 'failed first, read later' },
        { url: `${site}/raced`, code: 'SCRAPE_RACED_REDIRECT_ERROR', error: 'raced' },
      ],
      robotsBlocked: [`${site}/private`],
    });
    const run = await driver().run();
    expect(run.documents.size).toBe(5);
    expect(run.failures).toEqual({
      [`${site}/slow`]: 'FETCH_TIMEOUT', [`${site}/dns`]: 'FETCH_UNREACHABLE', [`${site}/tls`]: 'FETCH_TLS_INVALID',
      [`${site}/poor`]: 'FETCHER_CREDITS_EXHAUSTED', [`${site}/odd`]: 'FETCH_FAILED', [`${site}/private`]: 'ROBOTS_DISALLOWED',
    });
    expect(run.gaps).toEqual([]);
  });

  test('a list of errors that cannot be had is a gap; one that fails is asked for again', async () => {
    stub.reset({ pages: pagesOf(3) });
    const run = driver();
    for (let step = 0; step < 3; step += 1) run.record(await run.step());
    stub.script('GET /v2/crawl/', { status: 503 }, { status: 404 });
    await run.run();
    expect(run.retried).toHaveLength(1);
    expect(run.gaps).toEqual(['Firecrawl does not tell which pages failed.']);
  });
});

describe('a job that ends otherwise', () => {
  test('a stuck job is given up after a bounded time, stopped, and said to be incomplete', async () => {
    stub.reset({ pages: pagesOf(100), stuckAt: 80, pagesALook: 20 });
    const run = await driver().run();
    expect(run.documents.size).toBe(80);
    expect(run.gaps).toEqual([expect.stringMatching(/^The crawl was given up because nothing happened for \d+ seconds; 80 of 100 known pages were read\.$/)]);
    expect(stub.jobs[0]?.cancelled).toBe(true);
    const minutes = run.waits.reduce((sum, wait) => sum + wait, 0) / 60_000;
    expect(minutes).toBeGreaterThan(29);
    expect(minutes).toBeLessThan(33);
  });

  test.each([
    ['cancelled', 'The crawl was cancelled at Firecrawl; 40 of 100 known pages were read.'],
    ['failed', 'Firecrawl reports that the crawl failed; 40 of 100 known pages were read.'],
  ] as const)('%s at Firecrawl: what was read stays', async (status, gap) => {
    stub.reset({ pages: pagesOf(100), pagesALook: 20, stuckAt: 40, endsAs: { status, afterLooks: 6 } });
    const run = await driver().run();
    expect(run.documents.size).toBe(40);
    expect(run.gaps).toEqual([gap]);
  });

  test('an expired job in the middle: what was read stays', async () => {
    stub.reset({ pages: pagesOf(300), pagesALook: 100, expiresAfterLooks: 2 });
    const run = await driver().run();
    expect(run.documents.size).toBe(200);
    expect(run.gaps).toEqual(['Firecrawl no longer has the results, which it keeps for 24 hours; 200 of 300 known pages were read.', 'Firecrawl does not tell which pages failed.']);
  });

  test.each([
    ['expired', { expiresAfterLooks: 0 }, 'no longer has the results'],
    ['stuck', { stuckAt: 0 }, 'was given up'],
    ['cancelled', { stuckAt: 0, endsAs: { status: 'cancelled', afterLooks: 2 } }, 'was cancelled'],
  ] as const)('%s before anything was read is an error', async (_name, behaviour, reason) => {
    stub.reset({ pages: pagesOf(3), ...behaviour });
    await expect(driver().run()).rejects.toMatchObject({ code: 'FETCHER_REJECTED', message: expect.stringContaining(reason) as string });
  });
});

describe('cancel', () => {
  const at = async (steps: number): Promise<DiscoveryDriver> => {
    const run = driver();
    for (let step = 0; step < steps; step += 1) run.record(await run.step());
    return run;
  };

  test('reaches Firecrawl, and is no error when the job is over or gone', async () => {
    stub.reset({ pages: pagesOf(100), pagesALook: 10 });
    const run = await at(3);
    await run.cancel();
    expect(stub.jobs[0]?.cancelled).toBe(true);
    await run.cancel();
    stub.behaviour.expiresAfterLooks = 0;
    await run.cancel();
    stub.script('DELETE /v2/crawl/', { status: 503 });
    await expect(run.cancel()).rejects.toMatchObject({ code: 'FETCHER_UNAVAILABLE' });
  });

  test('of a job that is complete', async () => {
    stub.reset({ pages: pagesOf(3) });
    const run = await at(3);
    await run.cancel();
    expect(stub.jobs[0]?.cancelled).toBe(false);
  });

  test('finds a crawl whose start was lost', async () => {
    stub.reset({ pages: pagesOf(100), pagesALook: 10 });
    stub.script('POST /v2/crawl', { status: 502, processed: true });
    const run = await at(1);
    await expect(run.step()).rejects.toMatchObject({ code: 'FETCHER_UNAVAILABLE' });
    await run.cancel();
    expect(stub.jobs.map(({ cancelled }) => cancelled)).toEqual([true]);
  });

  test('before anything was started asks nothing', async () => {
    await driver().cancel();
    expect(stub.requests).toEqual([]);
  });
});

describe('sitemaps, by map', () => {
  test('each address once, within the patterns, read when it is ingested', async () => {
    stub.reset({ links: [{ url: `${site}/a`, title: 'A' }, { url: `${site}/a#x` }, { url: `${site}/b`, title: ' ' }, { url: `${site}/no` }, { url: 'mailto:x@site.example' }] });
    const run = await driver({ type: 'sitemap', url: `${site}/sitemap.xml`, exclude: ['/no'] }).run();
    expect([...run.documents.values()]).toEqual([
      { sourceKey: `url:${site}/a`, source: { type: 'url', location: `${site}/a` }, origin: { type: 'url', url: `${site}/a` }, title: 'A' },
      { sourceKey: `url:${site}/b`, source: { type: 'url', location: `${site}/b` }, origin: { type: 'url', url: `${site}/b` } },
    ]);
    expect(run.gaps).toEqual([]);
    expect(stub.started('crawl')).toBe(0);
  });

  test('the limit, and a sitemap that names nothing, are said', async () => {
    stub.reset({ links: [{ url: `${site}/a` }, { url: `${site}/b` }] });
    expect((await driver({ type: 'sitemap', url: `${site}/sitemap.xml`, maximumDocuments: 2 }).run()).gaps).toEqual(['The limit of 2 addresses was reached; the sitemap may name more.']);
    stub.reset();
    expect((await driver(website({ sitemap: 'only' })).run()).gaps).toEqual([`Firecrawl found no address in the sitemaps of ${site}/.`]);
  });
});

test('a source that Firecrawl does not read, and a position that it did not write, are refused', async () => {
  await expect(driver({ type: 'feed', url: `${site}/feed` }).run()).rejects.toMatchObject({ code: 'FETCHER_REJECTED' });
  const run = driver();
  run.cursor = { page: 7 };
  await expect(run.run()).rejects.toMatchObject({ code: 'FETCHER_REJECTED' });
});
