import { gzipSync } from 'node:zlib';
import { afterAll, beforeAll, beforeEach, expect, test } from 'vitest';
import { createSitemapDiscovery, type SitemapDiscoveryOptions } from '../../../src/adapters/discovery/sitemap/sitemapDiscovery.ts';
import { sitemapDefinitionSchema } from '../../../src/contracts/sources.ts';
import { runDiscovery, type RunOptions, type RunResult } from './discoveryRun.ts';
import { redirect, startTestSite, type TestSite } from './testSite.ts';

let site: TestSite;
beforeAll(async () => {
  site = await startTestSite();
});
beforeEach(() => {
  site.pages.clear();
  site.forget();
});
afterAll(() => site.close());

const retryPolicy = { tries: 3, waitsMs: [20], longestWaitMs: 5_000 };
function run(definition: object = {}, options: Partial<SitemapDiscoveryOptions & RunOptions> = {}): Promise<RunResult> {
  const discovery = createSitemapDiscovery({ web: site.client({ maximumBytes: 100_000_000 }), retryPolicy, ...options });
  return runDiscovery({ discovery, definition: sitemapDefinitionSchema.parse({ type: 'sitemap', url: `${site.origin}/sitemap.xml`, ...definition }), ...options });
}
const keysOf = ({ documents }: RunResult): string[] => [...documents.keys()].map((key) => key.replace('url:', ''));
const urlset = (entries: string): string => `<?xml version="1.0" encoding="UTF-8"?>\n<urlset xmlns="http://www.sitemaps.org/schemas/sitemap/0.9" xmlns:image="i" xmlns:news="n" xmlns:xhtml="x">${entries}</urlset>`;
const url = (loc: string, more = ''): string => `<url><loc>${loc}</loc><lastmod>2026-01-01</lastmod>${more}</url>`;

test('pages with what the extensions add; each a document to be fetched by its address', async () => {
  site.pages.set('/sitemap.xml', urlset(
    url('\n https://a.example/one?x=1&amp;y=2#part ', '<image:image><image:loc>https://a.example/picture.png</image:loc></image:image>') +
    url('<![CDATA[https://a.example/two]]>', '<news:news><news:title>News &amp; more</news:title></news:news>') +
    url('HTTPS://A.Example/one?y=2&amp;utm_source=s', '<xhtml:link rel="alternate" hreflang="de" href="https://a.example/de"/>') +
    url('https://a.example/two'),
  ));
  const result = await run();
  expect([...result.documents.values()]).toEqual([
    { sourceKey: 'url:https://a.example/one?x=1&y=2', source: { type: 'url', location: 'https://a.example/one?x=1&y=2' }, origin: { type: 'url', url: 'https://a.example/one?x=1&y=2' } },
    { sourceKey: 'url:https://a.example/two', source: { type: 'url', location: 'https://a.example/two' }, origin: { type: 'url', url: 'https://a.example/two' }, title: 'News & more' },
    { sourceKey: 'url:https://a.example/one?y=2', source: { type: 'url', location: 'https://a.example/one?y=2' }, origin: { type: 'url', url: 'https://a.example/one?y=2' } },
  ]);
  expect([result.gaps, [...result.unreadable]]).toEqual([[], []]);
});

test.each<[string, string | Uint8Array, Record<string, string>]>([
  ['packed', gzipSync(urlset(url('https://a.example/1'))), { 'content-type': 'application/octet-stream' }],
  ['a list of addresses', 'https://a.example/1\r\n\r\nhttps://a.example/1#x\n', { 'content-type': 'text/plain' }],
  ['with a mark and a prefix', '\ufeff<sm:urlset xmlns:sm="s"><sm:url><sm:loc>https://a.example/1</sm:loc></sm:url></sm:urlset>', {}],
  ['not well-formed', '<urlset><url><loc>https://a.example/1</loc><priority></url>&nbsp;<br>', {}],
  ['in UTF-16', Buffer.from(`\ufeff${urlset(url('https://a.example/1'))}`, 'utf16le'), {}],
  ['a feed', '<rss><channel><item><link>https://a.example/1</link></item></channel></rss>', {}],
])('%s', async (_name, body, headers) => {
  site.pages.set('/sitemap.xml', { body, headers });
  expect(keysOf(await run())).toEqual(['https://a.example/1']);
});

test('an index, nested, in a circle, behind a redirect; each sitemap is read once', async () => {
  const index = (...locs: string[]): string => `<sitemapindex>${locs.map((loc) => `<sitemap><loc>${site.origin}${loc}</loc></sitemap>`).join('')}</sitemapindex>`;
  site.pages.set('/sitemap.xml', index('/a.xml', '/b.xml', '/sitemap.xml', '/more.xml'));
  site.pages.set('/a.xml', urlset(url('https://a.example/1')));
  site.pages.set('/b.xml', redirect('/b2.xml'));
  site.pages.set('/b2.xml', urlset(url('https://a.example/2')));
  site.pages.set('/more.xml', index('/a.xml', '/c.xml'));
  site.pages.set('/c.xml', urlset(url('https://a.example/3')));
  const result = await run();
  expect([keysOf(result).sort(), result.gaps]).toEqual([['https://a.example/1', 'https://a.example/2', 'https://a.example/3'], []]);
  expect([...site.counts].filter(([, count]) => count !== 1)).toEqual([]);
});

test('a part that cannot be read is told; one that heals is not', async () => {
  site.pages.set('/sitemap.xml', `<sitemapindex><sitemap><loc>${site.origin}/dead.xml</loc></sitemap><sitemap><loc>/heals.xml</loc></sitemap><sitemap><loc>/page.html</loc></sitemap></sitemapindex>`);
  site.pages.set('/dead.xml', { status: 500 });
  site.pages.set('/heals.xml', (count) => (count < 3 ? { status: 503 } : urlset(url('https://a.example/1'))));
  site.pages.set('/page.html', '<html>no sitemap</html>');
  const result = await run();
  expect(keysOf(result)).toEqual(['https://a.example/1']);
  expect([...result.gaps].sort()).toEqual([expect.stringContaining('/dead.xml cannot be read (FETCH_FAILED)'), expect.stringContaining('/page.html cannot be read (CORRUPT_DOCUMENT)')]);
  expect(site.counts.get('/dead.xml')).toBe(3);
});

test.each<[string, object | string, string]>([
  ['is missing', { status: 404 }, 'FETCH_NOT_FOUND'],
  ['is a page', '<html><body>hello</body></html>', 'CORRUPT_DOCUMENT'],
  ['is a damaged archive', { body: gzipSync('x'.repeat(10_000)).subarray(0, 40) }, 'CORRUPT_DOCUMENT'],
  ['is a bomb', { body: gzipSync(Buffer.alloc(200 << 20, ' ')) }, 'DOCUMENT_TOO_LARGE'],
])('the source fails when its sitemap %s', async (_name, answer, code) => {
  site.pages.set('/sitemap.xml', answer);
  await expect(run()).rejects.toMatchObject({ code });
});

test('entities that unfold are not unfolded', async () => {
  const entities = Array.from({ length: 20 }, (_unused, index) => `<!ENTITY e${index + 1} "&e${index};&e${index};&e${index};&e${index};">`).join('');
  site.pages.set('/sitemap.xml', `<?xml version="1.0"?><!DOCTYPE u [<!ENTITY e0 "xxxxxxxxxx"><!ENTITY file SYSTEM "file:///etc/passwd">${entities}]><urlset>${url('https://a.example/&e20;')}${url('https://a.example/&file;')}</urlset>`);
  const started = performance.now();
  const result = await run();
  expect(performance.now() - started).toBeLessThan(2_000);
  expect(keysOf(result)).toEqual(['https://a.example/&e20;', 'https://a.example/&file;']);
});

test('patterns, private addresses, credentials and other schemes', async () => {
  site.pages.set('/sitemap.xml', urlset(['https://a.example/docs/1', 'https://a.example/blog/1', 'http://10.0.0.1/docs/x', 'http://u:secret@a.example/docs/y', 'ftp://a.example/docs/z'].map((loc) => url(loc)).join('')));
  const result = await run({ include: ['/docs/**'] });
  expect(keysOf(result)).toEqual(['https://a.example/docs/1']);
  expect([...result.unreadable.values()].map(({ source, failure }) => [source.location, failure.code])).toEqual([
    ['http://10.0.0.1/docs/x', 'URL_FORBIDDEN'], ['http://a.example/docs/y', 'URL_FORBIDDEN'], ['ftp://a.example/docs/z', 'URL_FORBIDDEN'],
  ]);
  expect(JSON.stringify([...result.unreadable.values()])).not.toContain('secret');
});

test('a large sitemap comes in steps and is fetched once, also when steps are cut off', async () => {
  site.pages.set('/sitemap.xml', urlset(Array.from({ length: 2_500 }, (_unused, index) => url(`https://a.example/${index}`)).join('')));
  const result = await run({}, { documentsInStep: 400, crash: (step) => (step % 3 === 0 ? 'before it was recorded' : undefined) });
  expect(result.documents.size).toBe(2_500);
  expect(site.counts.get('/sitemap.xml')).toBe(1);
  expect(result.cursorBytes).toBeLessThan(1_000);
  const cut = await run({ maximumDocuments: 1_234 }, { documentsInStep: 400 });
  expect([cut.documents.size, cut.gaps]).toEqual([1_234, ['The limit of 1234 documents was reached: the sitemap names more pages.']]);
  const exact = await run({ maximumDocuments: 2_500 }, { documentsInStep: 400 });
  expect([exact.documents.size, exact.gaps]).toEqual([2_500, []]);
});
