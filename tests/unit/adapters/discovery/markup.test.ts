import fc from 'fast-check';
import { expect, test } from 'vitest';
import { readXmlFeed } from '../../../../src/adapters/discovery/feed/readXmlFeed.ts';
import { readMarkup } from '../../../../src/adapters/discovery/markup.ts';
import { readSitemap } from '../../../../src/adapters/discovery/sitemap/readSitemap.ts';
import { readPage } from '../../../../src/adapters/discovery/website/readPage.ts';

function eventsOf(source: string, language: 'html' | 'xml'): string[] {
  const events: string[] = [];
  readMarkup(source, language, {
    open: (name, attributes) => void events.push(`<${name}${Object.entries(attributes).map(([key, value]) => ` ${key}=${value}`).join('')}>`),
    close: (name) => void events.push(`</${name}>`),
    text: (data) => void events.push(data),
  });
  return events;
}

test('HTML: names in lower case, entities decoded, the first of two attributes, scripts as text', () => {
  expect(eventsOf('<A HREF="a&amp;b" href=c>x&uuml;</A><br/><script><a></script><!-- <b> -->', 'html')).toEqual(['<a href=a&b>', 'x', '\u00fc', '</a>', '<br>', '<script>', '<a>', '</script>']);
});

test('XML: elements that close themselves, CDATA; entities that a document defines stay as they are', () => {
  expect(eventsOf('<!DOCTYPE x [<!ENTITY e "boom">]><x:Y a="&#65;"/><z><![CDATA[<b>&amp;]]>&e;</z>', 'xml').filter((event) => !event.startsWith('\n'))).toEqual(
    [']>', '<x:y a=A>', '</x:y>', '<z>', '<b>&amp;', '&e;', '</z>'],
  );
});

const context = { url: 'https://a.example/dir/page', robotName: 'Catalyst', ignoreQuery: false };
const tokens = fc.constantFrom('<a href="', '<a href=', '"', "'", '>', '</a>', '<base href="/x/">', '<meta http-equiv=refresh content="', '0;url=', '<link rel=canonical href=', '&#x', '&amp;', '<!--', '-->', '<![CDATA[', ']]>', '<script>', '</script>', '\u0000', '\ud800', '../', 'http://', '[', '%', 'x', ' ', '<item>', '<link>', '</item>', '<urlset>', '<url>', '<loc>', '</url>');

test('no text makes a reader fail, and what it finds are addresses', () => {
  fc.assert(
    fc.property(fc.array(tokens, { maxLength: 40 }), (parts) => {
      const text = parts.join('');
      const { links, canonical, refresh } = readPage(text, context);
      for (const link of [...links, canonical, refresh]) if (link !== undefined) expect(new URL(link).href).toBe(link);
      readXmlFeed(`<rss>${text}`, context.url);
      readSitemap(`<urlset>${text}`, context.url);
    }),
    { numRuns: 3_000 },
  );
});

test('time grows with length alone: deep, unclosed and hostile pages', () => {
  const started = performance.now();
  const size = 100_000;
  for (const source of ['<b>'.repeat(size), '<a href=x '.repeat(size), '</b>'.repeat(size), '<a href="'.repeat(size), '<!--'.repeat(size), '&'.repeat(size), '<![CDATA['.repeat(size), `<a ${'x=1 '.repeat(size)}>`]) {
    readPage(source, context);
    readXmlFeed(`<rss>${source}`, context.url);
    readSitemap(`<urlset>${source}`, context.url);
  }
  readXmlFeed(`<rss>${'<item>'.repeat(size)}${'</x>'.repeat(size)}`, context.url);
  expect(performance.now() - started).toBeLessThan(10_000);
}, 60_000);

test('a page of very many links gives the first of them, and says so', () => {
  const page = readPage(Array.from({ length: 12_000 }, (_unused, index) => `<a href="/${index}">`).join(''), context);
  expect([page.links.length, page.hasMoreLinks]).toEqual([10_000, true]);
  expect(readPage('<a href="/x">'.repeat(20_000), context)).toMatchObject({ links: ['https://a.example/x'], hasMoreLinks: false });
});

test.each([
  ['0;url=/x', '/x'],
  ['0; URL="/x"', '/x'],
  ["3;url='/x", '/x'],
  ['0 /x', '/x'],
  ['60;url=/x', undefined],
  ['5', undefined],
  ['', undefined],
])('refresh %j leads to %s', (content, path) => {
  expect(readPage(`<meta http-equiv="Refresh" content="${content.replaceAll('"', '&quot;')}">`, context).refresh).toBe(path === undefined ? undefined : `https://a.example${path}`);
});
