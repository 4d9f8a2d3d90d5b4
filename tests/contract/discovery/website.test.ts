import fc from 'fast-check';
import { afterAll, beforeAll, beforeEach, describe, expect, test } from 'vitest';
import { createWebsiteDiscovery, type WebsiteDiscoveryOptions } from '../../../src/adapters/discovery/website/websiteDiscovery.ts';
import { websiteDefinitionSchema } from '../../../src/contracts/sources.ts';
import { createInMemoryRateLimiter } from '../../support/inMemoryRateLimiter.ts';
import { ByteStore, runDiscovery, storedBy, type RunOptions, type RunResult } from './discoveryRun.ts';
import { page, redirect, startTestSite, type TestSite } from './testSite.ts';

let site: TestSite;
beforeAll(async () => {
  site = await startTestSite();
});
beforeEach(() => {
  site.pages.clear();
  site.forget();
});
afterAll(() => site.close());

const retryPolicy = { tries: 3, waitsMs: [50, 100], longestWaitMs: 5_000 };

function crawl(definition: object = {}, options: Partial<WebsiteDiscoveryOptions & RunOptions> = {}): Promise<RunResult> {
  const discovery = createWebsiteDiscovery({ web: site.client(), retryPolicy, ...options });
  return runDiscovery({ discovery, definition: websiteDefinitionSchema.parse({ type: 'website', url: `${site.origin}/`, ...definition }), ...options });
}

const short = (address: string): string => address.replace(/^url:/, '').replace(site.origin, '').replace(`:${site.port}`, '');
const documentsOf = (result: RunResult): string[] => [...result.documents.keys()].map(short).sort();
const unreadableOf = (result: RunResult): Record<string, string> => Object.fromEntries([...result.unreadable].map(([key, { failure }]) => [short(key), failure.code]));
const askedOf = (): string[] => [...site.counts.keys()].sort();

describe('a site with all that is hard', () => {
  const furniture = ['/style.css', '/logo.png', '/archive.zip', '#top', 'javascript:void(0)', 'mailto:a@b.c', 'tel:1', 'http://elsewhere.test/', 'http://127.0.0.2/secret', 'http://[::1]/secret', 'http://user:pw@site.test/x'];

  function build(): void {
    const { pages, origin, port } = site;
    pages.set('/robots.txt', { headers: { 'content-type': 'text/plain' }, body: 'User-agent: *\nDisallow: /private/\n' });
    pages.set('/', page('home', ['/a', '/b', '/old', '/ping', '/moved-off', '/self', '/private/x', '/slow', '/dead', '/heals', '/broken', '/busy', '/huge', '/latin', '/manual.pdf', '/image-in-disguise', '/noindex', '/refresh', '/copy', '/print', '/missing', '/empty', '/cookie', '/inner', ...furniture]));
    pages.set('/a', page('page a', ['/', 'b', './b#part', '/b?utm_source=x', `HTTP://SITE.TEST:${port}/b`, '/%62', '/x/../b', `//site.test:${port}/b`]));
    pages.set('/b', page('page b', ['/deep/1']));
    pages.set('/old', redirect('/new', 301));
    pages.set('/new', page('new place', ['/old']));
    pages.set('/ping', redirect('/pong'));
    pages.set('/pong', redirect(`${origin}/ping`));
    pages.set('/self', redirect('/self'));
    pages.set('/moved-off', redirect('http://elsewhere.test/'));
    pages.set('/inner', redirect('http://10.0.0.1/metadata'));
    pages.set('/slow', { body: page('too late'), delayMs: 3_000 });
    pages.set('/dead', { status: 500, body: 'always' });
    pages.set('/heals', (count) => (count < 3 ? { status: 503 } : page('healed')));
    pages.set('/broken', { handler: (_request, response) => void response.destroy() });
    pages.set('/busy', (count) => (count === 1 ? { status: 429, headers: { 'retry-after': '1' } } : page('busy no more')));
    pages.set('/huge', page('x'.repeat(1_100_000)));
    pages.set('/latin', { headers: { 'content-type': 'text/html; charset=utf-8' }, body: Buffer.from(page('caf\u00e9', ['/caf\u00e9']), 'latin1') });
    pages.set('/caf%C3%A9', page('found through the wrong charset'));
    pages.set('/manual.pdf', { headers: { 'content-type': 'application/pdf' }, body: '%PDF-1.4 manual' });
    pages.set('/image-in-disguise', { headers: { 'content-type': 'image/png' }, body: 'png' });
    pages.set('/noindex', page('not for robots', ['/behind-noindex'], '<meta name="ROBOTS" content="noindex">'));
    pages.set('/behind-noindex', { headers: { 'x-robots-tag': 'otherbot: noindex' }, body: page('behind', ['/header-nofollow']) });
    pages.set('/header-nofollow', { headers: { 'x-robots-tag': 'nofollow' }, body: page('leads nowhere', ['/never']) });
    pages.set('/refresh', page('signpost', [], '<meta http-equiv="refresh" content="0; URL=\'/target\'">'));
    pages.set('/target', page('target of the signpost'));
    pages.set('/copy', page('page a', ['/', 'b', './b#part', '/b?utm_source=x', `HTTP://SITE.TEST:${port}/b`, '/%62', '/x/../b', `//site.test:${port}/b`]));
    pages.set('/print', page('page a to print', [], '<link rel="canonical" href="/a">'));
    pages.set('/empty', { body: '' });
    pages.set('/cookie', (count, request) => (request.headers.cookie === undefined && count === 1 ? redirect('/cookie?utm_x=1') : page('with cookie')));
    pages.set('/cookie?utm_x=1', page('with cookie'));
    pages.set('/deep/1', page('deep 1', ['/deep/2', '/page with space']));
    pages.set('/deep/2', page('deep 2', ['/deep/3']));
    pages.set('/deep/3', page('deep 3', ['/deep/4']));
    pages.set('/page%20with%20space', page('with space'));
  }

  const documents = ['/', '/a', '/b', '/behind-noindex', '/busy', '/caf%C3%A9', '/cookie', '/deep/1', '/deep/2', '/header-nofollow', '/heals', '/latin', '/manual.pdf', '/new', '/page%20with%20space', '/target'];
  const unreadable = {
    '/broken': 'FETCH_FAILED', '/dead': 'FETCH_FAILED', '/empty': 'EMPTY_DOCUMENT', '/huge': 'DOCUMENT_TOO_LARGE', '/inner': 'URL_FORBIDDEN', '/missing': 'FETCH_NOT_FOUND', '/ping': 'FETCH_TOO_MANY_REDIRECTS',
    '/private/x': 'ROBOTS_DISALLOWED', '/self': 'FETCH_TOO_MANY_REDIRECTS', '/slow': 'FETCH_TIMEOUT',
  };

  test('gives exactly its documents, and a code for all that cannot be read', async () => {
    build();
    const limiter = createInMemoryRateLimiter();
    const web = site.client({ limiter, concurrencyPerHost: 3, timeoutMs: 500 });
    const result = await crawl({ maximumDepth: 3 }, { discovery: createWebsiteDiscovery({ web, retryPolicy }) });
    expect(documentsOf(result)).toEqual(documents);
    expect(unreadableOf(result)).toEqual(unreadable);
    expect(result.gaps).toEqual(['Some pages cannot be read: what only they link to may be missing.']);
    for (const { origin, source } of result.documents.values()) expect(origin).toMatchObject({ type: 'stored', url: source.location, fetched: { finalUrl: expect.stringContaining('/') as string, status: 200 } });
    // Politeness: each page once, but for tries; never more at once than allowed; nobody asked before Retry-After was over.
    const tries = { '/slow': 3, '/dead': 3, '/heals': 3, '/broken': 3, '/busy': 2, '/self': 2, '/cookie': 1, '/huge': 1, '/robots.txt': 1 };
    for (const [path, count] of site.counts) expect([path, count]).toEqual([path, tries[path as keyof typeof tries] ?? 1]);
    expect(site.mostAtOnce()).toBeLessThanOrEqual(3);
    expect(limiter.mostAtOnce(`host:site.test:${site.port}`)).toBe(3);
    const [first, second] = site.times.get('/busy') ?? [];
    expect(second! - first!).toBeGreaterThan(990);
    expect(askedOf().filter((path) => /secret|style|logo|zip|never|private|elsewhere|deep\/4/.test(path))).toEqual([]);
  });

  test.each(['midway', 'before it was recorded'] as const)('gives the same when every other step is cut off %s', async (how) => {
    build();
    const discovery = createWebsiteDiscovery({ web: site.client({ timeoutMs: 500 }), retryPolicy });
    const result = await crawl({ maximumDepth: 3 }, { discovery, crash: (step) => (step % 2 === 0 ? how : undefined) });
    expect(documentsOf(result)).toEqual(documents);
    expect(unreadableOf(result)).toEqual(unreadable);
  });
});

test('wherever steps are cut off, nothing is lost and nothing is there twice', async () => {
  const pages = new Map([['/', ['/a', '/old', '/b']], ['/a', ['/c', '/busy']], ['/b', ['/a', '/copy']], ['/c', ['/gone']], ['/busy', []]]);
  for (const [path, links] of pages) site.pages.set(path, page(path, links));
  site.pages.set('/old', redirect('/c'));
  site.pages.set('/copy', page('/a', ['/c', '/busy']));
  await fc.assert(
    fc.asyncProperty(fc.array(fc.constantFrom(undefined, 'midway' as const, 'before it was recorded' as const), { maxLength: 15 }), async (crashes) => {
      const result = await crawl({}, { crash: (step) => crashes[step - 1], entriesInStep: 3 });
      expect(documentsOf(result)).toEqual(['/', '/a', '/b', '/busy', '/c']);
      expect(unreadableOf(result)).toEqual({ '/gone': 'FETCH_NOT_FOUND' });
      expect(result.gaps).toEqual([]);
    }),
    { numRuns: 25 },
  );
});

describe('a second run', () => {
  test('asks whether pages have changed, and finds their links again without them', async () => {
    const versions = new Map([['/', page('home', ['/a', '/b'])], ['/a', page('a', ['/c'])], ['/b', page('b')], ['/c', page('c')]]);
    for (const path of versions.keys()) {
      site.pages.set(path, (_count, request) => {
        const body = versions.get(path)!;
        const etag = `"${body.length}"`;
        return request.headers['if-none-match'] === etag ? { status: 304, headers: { etag } } : { headers: { etag }, body };
      });
    }
    const bytes = new ByteStore();
    const first = await crawl({}, { bytes });
    versions.set('/b', page('b, which has changed'));
    site.forget();
    const second = await crawl({}, { bytes, stored: storedBy(first) });
    expect(documentsOf(second)).toEqual(['/', '/a', '/b', '/c']);
    const statuses = Object.fromEntries([...second.documents].map(([key, { origin }]) => [short(key), origin.type === 'stored' ? origin.fetched?.status : undefined]));
    expect(statuses).toEqual({ '/': 304, '/a': 304, '/b': 200, '/c': 304 });
    const origins = [first, second].map((run) => run.documents.get(`url:${site.origin}/a`)?.origin);
    expect(origins[1]).toMatchObject({ reference: (origins[0] as { reference: object }).reference, fetched: { etag: `"${versions.get('/a')!.length}"`, headers: { 'content-type': 'text/html; charset=utf-8' } } });
    expect([...site.counts].filter(([, count]) => count !== 1)).toEqual([]);
  });

  test('fetches a page again whose bytes are gone', async () => {
    site.pages.set('/', (_count, request) => (request.headers['if-none-match'] === '"v"' ? { status: 304 } : { headers: { etag: '"v"' }, body: page('home') }));
    const bytes = new ByteStore();
    const first = await crawl({}, { bytes });
    const stored = storedBy(first);
    bytes.forget(stored.get(`url:${site.origin}/`)!.raw.digest);
    expect([...(await crawl({}, { bytes, stored })).documents.values()][0]?.origin).toMatchObject({ fetched: { status: 200 } });
  });
});

describe('bounds', () => {
  test('depth: 0 is the first page alone, without sitemaps', async () => {
    site.pages.set('/', page('home', ['/a']));
    site.pages.set('/a', page('a'));
    expect(documentsOf(await crawl({ maximumDepth: 0 }))).toEqual(['/']);
    expect(askedOf()).toEqual(['/', '/robots.txt']);
  });

  test('documents: exactly so many, and the run says that there is more', async () => {
    site.pages.set('/', page('home', Array.from({ length: 30 }, (_unused, index) => `/p${index}`)));
    for (let index = 0; index < 30; index += 1) site.pages.set(`/p${index}`, page(`p${index}`));
    const cut = await crawl({ maximumDocuments: 7 });
    expect(cut.documents.size).toBe(7);
    expect(cut.gaps).toEqual(['The limit of 7 documents was reached: the website has more pages.']);
    const exact = await crawl({ maximumDocuments: 31 });
    expect([exact.documents.size, exact.gaps]).toEqual([31, []]);
  });

  test('a calendar without end stops at the depth; paths that repeat themselves are left out, and it is said', async () => {
    site.pages.set('/', page('home', ['/calendar?month=1', '/loop/']));
    for (let month = 1; month < 60; month += 1) site.pages.set(`/calendar?month=${month}`, page(`month ${month}`, [`/calendar?month=${month + 1}`, `?month=${month - 1}`]));
    for (let depth = 1; depth < 40; depth += 1) site.pages.set(`/${'loop/'.repeat(depth)}`, page(`loop ${depth}`, ['loop/']));
    const result = await crawl({ maximumDepth: 20 });
    expect(documentsOf(result).filter((path) => path.startsWith('/calendar'))).toHaveLength(20);
    expect(documentsOf(result).filter((path) => path.startsWith('/loop'))).toEqual(['/loop/', '/loop/loop/', '/loop/loop/loop/']);
    expect(result.gaps).toEqual([expect.stringContaining('repeat themselves')]);
  });

  test('one path under very many queries', async () => {
    site.pages.set('/', page('home', Array.from({ length: 50 }, (_unused, index) => `/list?sort=${index}`)));
    for (let index = 0; index < 50; index += 1) site.pages.set(`/list?sort=${index}`, page(`list ${index}`));
    const result = await crawl({}, { maximumVariations: 10 });
    expect(result.documents.size).toBe(11);
    expect(result.gaps).toEqual([expect.stringContaining(`site.test:${site.port}/list`)]);
    site.forget();
    site.pages.set('/list', page('list'));
    expect(documentsOf(await crawl({ ignoreQuery: true }))).toEqual(['/', '/list']);
  });

  test('pages too large to be held several at a time are fetched one after the other', async () => {
    const paths = ['/large/1', '/large/2', '/large/3'];
    site.pages.set('/', page('home', paths));
    for (const path of paths) site.pages.set(path, { body: page(path.repeat(10_000)), delayMs: 50 });
    const result = await crawl({}, { usualPageBytes: 50_000 });
    expect(documentsOf(result)).toEqual(['/', ...paths]);
    const [first, second, third] = paths.map((path) => site.times.get(path)!.at(-1)!).sort((left, right) => left - right);
    expect(Math.min(second! - first!, third! - second!)).toBeGreaterThan(45);
  });

  test('a wide site is crawled in bounded steps with a small cursor', async () => {
    const paths = Array.from({ length: 400 }, (_unused, index) => `/wide/${index}`);
    site.pages.set('/', page('home', paths));
    for (const path of paths) site.pages.set(path, page(path, paths));
    const result = await crawl();
    expect([result.documents.size, result.gaps]).toEqual([401, []]);
    expect(result.steps).toBeGreaterThan(20);
    expect(result.cursorBytes).toBeLessThan(10_000);
    expect([...site.counts.values()].every((count) => count === 1)).toBe(true);
  });
});

describe('which pages belong', () => {
  test('patterns; the first page is looked at whatever they say', async () => {
    site.pages.set('/', page('home', ['/docs/a', '/docs/secret/b', '/blog/c']));
    for (const path of ['/docs/a', '/docs/secret/b', '/blog/c']) site.pages.set(path, page(path));
    expect(documentsOf(await crawl({ include: ['/docs/**'], exclude: ['/docs/secret/**'] }))).toEqual(['/docs/a']);
    expect(askedOf()).not.toContain('/blog/c');
  });

  test('subdomains where asked for, and never a host that only ends alike', async () => {
    site.pages.set('/', page('home', [`http://docs.site.test:${site.port}/x`, `http://www.site.test:${site.port}/y`, `http://evilsite.test:${site.port}/z`]));
    site.pages.set('docs.site.test/x', page('x'));
    site.pages.set('www.site.test/y', page('y'));
    expect(documentsOf(await crawl())).toEqual(['/', 'http://www.site.test/y']);
    expect(documentsOf(await crawl({ subdomains: true }))).toEqual(['/', 'http://docs.site.test/x', 'http://www.site.test/y']);
    expect(askedOf().some((path) => path.startsWith('evilsite'))).toBe(false);
  });

  test('a first page that moved to another host takes the site along', async () => {
    site.pages.set('/', redirect(`http://new-name.test:${site.port}/home`));
    site.pages.set('new-name.test/home', page('home', ['/a']));
    site.pages.set('new-name.test/a', page('a', [`${site.origin}/b`]));
    site.pages.set('/b', page('b'));
    expect(documentsOf(await crawl())).toEqual(['/b', 'http://new-name.test/a', 'http://new-name.test/home']);
  });

  test('a name that leads into the private network is never fetched', async () => {
    site.pages.set('/', page('home', [`http://private.site.test:${site.port}/x`]));
    expect(unreadableOf(await crawl({ subdomains: true }))).toEqual({ 'http://private.site.test/x': 'URL_FORBIDDEN' });
    await expect(crawl({ url: 'http://169.254.169.254/' })).rejects.toMatchObject({ code: 'URL_FORBIDDEN' });
    expect(unreadableOf(await crawl({ url: 'http://private.test/' }))).toEqual({ 'http://private.test/': 'URL_FORBIDDEN' });
  });

  test('canonical links: of each other, to the first page, to what is not there', async () => {
    const canonical = (href: string): string => `<link rel="canonical" href="${href}">`;
    site.pages.set('/', page('home', ['/x', '/y', '/lost', '/session?id=1', '/to-gone']));
    site.pages.set('/x', page('x', [], canonical('/y')));
    site.pages.set('/y', page('y', [], canonical('/x')));
    site.pages.set('/lost', page('lost', [], canonical('/')));
    site.pages.set('/session?id=1', page('session', [], canonical('/session')));
    site.pages.set('/session', page('session', [], canonical('/session')));
    site.pages.set('/to-gone', page('to gone', [], canonical('/gone')));
    const result = await crawl();
    expect(documentsOf(result)).toEqual(['/', '/lost', '/session', '/y']);
    expect(unreadableOf(result)).toEqual({ '/gone': 'FETCH_NOT_FOUND' });
  });

  test('base, frames, areas, unquoted and upper-case attributes, nofollow, comments and scripts', async () => {
    site.pages.set(
      '/',
      `<BASE HREF="/sub/"><A HREF=one>1</A><area href='two'><iframe src="three"></iframe><a href="&#x66;our&amp;x=1" rel="noopener">4</a><a
        href = "
        fi
ve ">5</a><a rel="external NoFollow" href="no">n</a><!-- <a href="comment">c</a> --><script>document.write('<a href="script">s</a>')</script><a href="\\sub\\six">6</a>`,
    );
    const paths = ['/sub/one', '/sub/two', '/sub/three', '/sub/four&x=1', '/sub/five', '/sub/six'];
    for (const path of paths) site.pages.set(path, page(path));
    const result = await crawl();
    expect(documentsOf(result)).toEqual(['/', ...paths].sort());
    expect(unreadableOf(result)).toEqual({});
  });
});

describe('robots.txt and the site as a whole', () => {
  test('a robots.txt that cannot be read closes the site for now: no page is fetched, and it is said', async () => {
    site.pages.set('/robots.txt', { status: 503 });
    site.pages.set('/', page('home'));
    const result = await crawl({ sitemap: 'skip' });
    expect(unreadableOf(result)).toEqual({ '/': 'FETCH_FAILED' });
    expect(result.gaps).toEqual([expect.stringContaining('The first page')]);
    expect(askedOf()).toEqual(['/robots.txt']);
    expect(site.counts.get('/robots.txt'), 'it is not asked for every try').toBe(1);
  });

  test('a crawl delay is kept', async () => {
    site.pages.set('/robots.txt', 'User-agent: *\nCrawl-delay: 0.4');
    site.pages.set('/', page('home', ['/a', '/b']));
    for (const path of ['/a', '/b']) site.pages.set(path, page(path));
    const result = await crawl({ sitemap: 'skip' });
    expect(result.documents.size).toBe(3);
    const times = ['/', '/a', '/b'].map((path) => site.times.get(path)![0]!).sort((left, right) => left - right);
    expect(Math.min(times[1]! - times[0]!, times[2]! - times[1]!)).toBeGreaterThan(380);
    expect(site.mostAtOnce()).toBe(1);
  });

  test('a site that asks for a day is not waited for', async () => {
    site.pages.set('/', { status: 429, headers: { 'retry-after': '86400' } });
    const result = await crawl({ sitemap: 'skip' });
    expect(unreadableOf(result)).toEqual({ '/': 'FETCH_RATE_LIMITED' });
  });

  test('who has no turn waits without spending a try', async () => {
    site.pages.set('/', page('home', ['/a']));
    site.pages.set('/a', page('a'));
    const limiter = createInMemoryRateLimiter(50);
    await limiter.pause(`host:site.test:${site.port}`, 600);
    const web = site.client({ limiter });
    const result = await crawl({}, { discovery: createWebsiteDiscovery({ web, retryPolicy: { ...retryPolicy, tries: 1 } }), longestWaitMs: 100 });
    expect(documentsOf(result)).toEqual(['/', '/a']);
  });

  test('an outage of our own is thrown, not taken for the site\u2019s', async () => {
    site.pages.set('/', page('home'));
    const bytes = new ByteStore();
    bytes.store = () => Promise.reject(new TypeError('the store is away'));
    await expect(crawl({}, { bytes })).rejects.toMatchObject({ code: 'INTERNAL' });
  });
});

describe('sitemaps of the site', () => {
  const urlset = (paths: readonly string[]): string => `<?xml version="1.0"?><urlset>${paths.map((path) => `<url><loc>${site.origin}${path}</loc></url>`).join('')}</urlset>`;
  beforeEach(() => {
    site.pages.set('/', page('home', ['/linked']));
    site.pages.set('/linked', page('linked'));
    site.pages.set('/hidden', page('hidden', ['/from-hidden']));
    site.pages.set('/from-hidden', page('from hidden'));
    site.pages.set('/sitemap.xml', urlset(['/hidden', '/hidden?utm_source=sitemap']));
  });

  test('include: pages that nobody links to', async () => {
    expect(documentsOf(await crawl())).toEqual(['/', '/from-hidden', '/hidden', '/linked']);
  });

  test('skip and only', async () => {
    expect(documentsOf(await crawl({ sitemap: 'skip' }))).toEqual(['/', '/linked']);
    expect(documentsOf(await crawl({ sitemap: 'only' }))).toEqual(['/hidden']);
  });

  test('those that robots.txt names, with an index; one that cannot be read is told', async () => {
    site.pages.set('/robots.txt', `User-agent: *\nSitemap: ${site.origin}/index.xml\nSitemap: /broken.xml`);
    site.pages.set('/index.xml', `<sitemapindex><sitemap><loc>${site.origin}/part.xml</loc></sitemap></sitemapindex>`);
    site.pages.set('/part.xml', urlset(['/hidden']));
    site.pages.set('/broken.xml', { status: 500 });
    const result = await crawl({ sitemap: 'only' });
    expect(documentsOf(result)).toEqual(['/hidden']);
    expect(result.gaps).toEqual([`The sitemap ${site.origin}/broken.xml cannot be read (FETCH_FAILED): pages that only it names may be missing.`]);
    expect(askedOf()).not.toContain('/sitemap.xml');
  });

  test('a robots.txt that heals names its sitemaps all the same; one that does not is told', async () => {
    const rules = `User-agent: *\nSitemap: ${site.origin}/named.xml`;
    site.pages.set('/named.xml', urlset(['/hidden']));
    site.pages.set('/robots.txt', (count) => (count === 1 ? { status: 429, headers: { 'retry-after': '1' } } : rules));
    const healed = await crawl({ sitemap: 'only' });
    expect([documentsOf(healed), healed.gaps]).toEqual([['/hidden'], []]);
    site.pages.set('/robots.txt', { status: 500 });
    const closed = await crawl({ sitemap: 'only' });
    expect([documentsOf(closed), closed.gaps]).toEqual([[], [`The robots.txt of ${site.origin} cannot be read (FETCH_FAILED): pages that only its sitemaps name may be missing.`]]);
  });

  test('only, and there is none', async () => {
    site.pages.delete('/sitemap.xml');
    const result = await crawl({ sitemap: 'only' });
    expect([documentsOf(result), result.gaps]).toEqual([[], [expect.stringContaining('FETCH_NOT_FOUND')]]);
  });
});
