import { afterAll, beforeAll, beforeEach, expect, test } from 'vitest';
import { createFeedDiscovery } from '../../../src/adapters/discovery/feed/feedDiscovery.ts';
import { createPagesDiscovery } from '../../../src/adapters/discovery/pagesDiscovery.ts';
import { feedDefinitionSchema, pagesDefinitionSchema } from '../../../src/contracts/sources.ts';
import { runDiscovery, type RunOptions, type RunResult } from './discoveryRun.ts';
import { startTestSite, type TestSite } from './testSite.ts';

let site: TestSite;
beforeAll(async () => {
  site = await startTestSite();
});
beforeEach(() => {
  site.pages.clear();
  site.forget();
});
afterAll(() => site.close());

function run(definition: object = {}, options: Partial<RunOptions> = {}): Promise<RunResult> {
  return runDiscovery({ discovery: createFeedDiscovery(site.client()), definition: feedDefinitionSchema.parse({ type: 'feed', url: `${site.origin}/feed`, ...definition }), ...options });
}
const itemsOf = ({ documents }: RunResult): (string | undefined)[][] => [...documents.values()].map(({ sourceKey, title }) => [sourceKey.replace('url:', '').replace(site.origin, ''), title]);

const rss = `<?xml version="1.0"?><rss version="2.0" xmlns:atom="a"><channel><title>The feed</title><link>https://a.example/</link><atom:link rel="self" href="/feed"/>
  <image><title>Logo</title><link>https://a.example/logo</link></image>
  <item><title><![CDATA[One & only <b>bold</b>]]></title><link> https://a.example/1?utm_source=rss </link><guid isPermaLink="false">g1</guid><enclosure url="https://a.example/1.mp3"/></item>
  <item><title>Two &amp;amp; more</title><guid>https://a.example/2</guid><source url="x">other</source></item>
  <item><title>No link</title><guid isPermaLink="false">g3</guid></item>
  <item><link>/4</link><media:content xmlns:media="m"><media:title>Not this</media:title></media:content></item>
</channel></rss>`;
const rdf = `<rdf:RDF xmlns:rdf="r" xmlns="http://purl.org/rss/1.0/"><channel rdf:about="x"><title>t</title><link>https://a.example/</link><items><rdf:Seq><rdf:li rdf:resource="https://a.example/1"/></rdf:Seq></items></channel><item rdf:about="https://a.example/1"><title>One</title><link>https://a.example/1</link></item></rdf:RDF>`;
const atom = `<feed xmlns="http://www.w3.org/2005/Atom" xml:base="https://a.example/blog/"><title>t</title><link href="https://a.example/"/><id>f</id>
  <entry><title type="html">&lt;i&gt;One&lt;/i&gt;</title><link rel="enclosure" href="https://a.example/x.mp3"/><link rel="alternate" href="1"/><id>urn:1</id><content type="xhtml"><div><a href="x"><title>no</title></a></div></content></entry>
  <entry><title>Two</title><link href="https://a.example/2"/><source><title>Other</title><link href="https://b.example/"/></source></entry></feed>`;
const json = JSON.stringify({ version: 'https://jsonfeed.org/version/1.1', title: 't', items: [{ id: 1, url: 'https://a.example/1', title: 'One' }, { id: '2', external_url: 'https://b.example/2' }] });

test.each<[string, string, (string | undefined)[][]]>([
  ['RSS 2.0', rss, [['https://a.example/1', 'One & only bold'], ['https://a.example/2', 'Two &amp; more'], ['/4', undefined]]],
  ['RSS 1.0', rdf, [['https://a.example/1', 'One']]],
  ['Atom', atom, [['https://a.example/blog/1', 'One'], ['https://a.example/2', 'Two']]],
  ['JSON Feed', json, [['https://a.example/1', 'One'], ['https://b.example/2', undefined]]],
])('%s', async (_name, body, items) => {
  site.pages.set('/feed', { body, headers: { 'content-type': 'application/octet-stream' } });
  const result = await run();
  expect(itemsOf(result)).toEqual(items);
  for (const { sourceKey, origin } of result.documents.values()) expect(origin).toEqual({ type: 'url', url: sourceKey.replace('url:', '') });
  expect(result.gaps).toEqual([]);
});

test('an item without a link is told, by its name', async () => {
  site.pages.set('/feed', rss);
  const [page] = [...(await run()).unreadable.values()];
  expect(page).toMatchObject({ sourceKey: `url:${site.origin}/feed#g3`, failure: { code: 'FETCH_NOT_FOUND', message: 'The item "g3" of the feed has no link to fetch.' } });
});

test('titles and names that no database takes', async () => {
  site.pages.set('/feed', `{"version":"https://jsonfeed.org/version/1","items":[{"url":"https://a.example/1","title":"x\\u0000y\\ud800"},{"id":"\\u0000\\ud800"}]}`);
  const result = await run();
  expect(itemsOf(result)).toEqual([['https://a.example/1', 'x y\ufffd']]);
  expect([...result.unreadable.values()][0]?.failure.message).toBe('The item " \ufffd" of the feed has no link to fetch.');
});

test('older pages of a feed, in a circle, cut off and limited', async () => {
  const feed = (number: number, next: number): string => `<feed><link rel="next" href="/feed?page=${next}"/>${[1, 2].map((item) => `<entry><link href="/p${number}-${item}"/></entry>`).join('')}</feed>`;
  site.pages.set('/feed', feed(1, 2));
  site.pages.set('/feed?page=2', feed(2, 3));
  site.pages.set('/feed?page=3', feed(3, 2));
  const all = await run({}, { crash: (step) => (step === 2 ? 'before it was recorded' : undefined) });
  expect(itemsOf(all).map(([path]) => path)).toEqual(['/p1-1', '/p1-2', '/p2-1', '/p2-2', '/p3-1', '/p3-2']);
  expect(all.gaps).toEqual([]);
  const cut = await run({ maximumDocuments: 3 });
  expect([cut.documents.size, cut.gaps]).toEqual([3, ['The limit of 3 documents was reached: the feed has more items.']]);
});

test('a page that names its feed leads to it', async () => {
  site.pages.set('/feed', '<html><head><link rel="alternate" type="application/rss+xml" href="/real"></head></html>');
  site.pages.set('/real', rdf);
  expect(itemsOf(await run())).toEqual([['https://a.example/1', 'One']]);
});

test.each<[string, object | string, string]>([
  ['a page', '<html>hello</html>', 'CORRUPT_DOCUMENT'],
  ['other JSON', '{"items": []}', 'CORRUPT_DOCUMENT'],
  ['nothing', { status: 410 }, 'FETCH_NOT_FOUND'],
  ['a failure', { status: 500 }, 'FETCH_FAILED'],
])('%s is no feed', async (_name, answer, code) => {
  site.pages.set('/feed', answer);
  await expect(run()).rejects.toMatchObject({ code });
});

test('a list of pages is itself, each once, those never fetched told', async () => {
  const urls = [...Array.from({ length: 2_300 }, (_unused, index) => `https://a.example/${index}`), 'https://A.example/7#x', 'http://192.168.1.1/', 'http://u:p@a.example/'];
  const result = await runDiscovery({ discovery: createPagesDiscovery(site.client()), definition: pagesDefinitionSchema.parse({ type: 'pages', urls }), crash: (step) => (step === 2 ? 'before it was recorded' : undefined) });
  expect(result.documents.size).toBe(2_300);
  expect([...result.unreadable.values()].map(({ source, failure }) => [source.location, failure.code])).toEqual([['http://192.168.1.1/', 'URL_FORBIDDEN'], ['http://a.example/', 'URL_FORBIDDEN']]);
});
