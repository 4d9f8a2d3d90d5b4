import { storableText } from '../../shared/storableText.ts';
import { readFeed } from '../feed/readFeed.ts';
import { readMarkup } from '../markup.ts';

export interface SitemapPage {
  readonly address: string;
  /** Of news. */
  readonly title?: string;
}

/** What a sitemap names. Addresses are as written. */
export interface Sitemap {
  readonly pages: readonly SitemapPage[];
  /** Of an index. */
  readonly sitemaps: readonly string[];
  /** More entries than are read. */
  readonly isCut: boolean;
}

/** The protocol allows a tenth of it. */
const mostEntries = 500_000;
/** Deeper elements hold nothing that is asked for. */
const deepest = 32;

/** Reads a sitemap or an index of sitemaps (XML), a list of addresses (text), or a feed; undefined for anything else. */
export function readSitemap(text: string, url: string): Sitemap | undefined {
  if (!/^\ufeff?\s*</.test(text)) return readList(text);
  const sitemap = readXml(text);
  if (sitemap !== undefined) return sitemap;
  const feed = readFeed(text, url);
  return feed === undefined ? undefined : cut(feed.items.flatMap(({ address, title }) => (address === undefined ? [] : [{ address, ...(title === undefined ? {} : { title }) }])), []);
}

/** One address a line. */
function readList(text: string): Sitemap | undefined {
  const lines = text.replace(/^\ufeff/, '').split(/\r?\n/).map((line) => line.trim()).filter((line) => line !== '');
  return lines.length > 0 && lines.every((line) => URL.canParse(line)) ? cut(lines.map((address) => ({ address })), []) : undefined;
}

function cut(pages: readonly SitemapPage[], sitemaps: readonly string[]): Sitemap {
  return { pages: pages.slice(0, mostEntries), sitemaps: sitemaps.slice(0, mostEntries), isCut: Math.max(pages.length, sitemaps.length) > mostEntries };
}

/** `loc` counts in its own place only: pictures and videos of a page have one, too. */
function readXml(text: string): Sitemap | undefined {
  const pages: SitemapPage[] = [];
  const sitemaps: string[] = [];
  const path: string[] = [];
  let root: string | undefined;
  let prefix = '';
  let entry = { address: '', title: '' };
  let value = '';
  const own = (name: string): string => (prefix !== '' && name.startsWith(prefix) ? name.slice(prefix.length) : name);
  readMarkup(text, 'xml', {
    open(name) {
      if (root === undefined) {
        prefix = /^[^:]+:/.exec(name)?.[0] ?? '';
        root = own(name);
      }
      if (path.length < deepest) path.push(own(name));
      if (path.length === 2) entry = { address: '', title: '' };
      value = '';
    },
    text: (data) => void (value += data),
    close(closed) {
      const name = own(closed);
      // Where it was opened: what was left open within it ends with it.
      const depth = path.lastIndexOf(name) + 1;
      if (depth === 3 && name === 'loc') entry.address = value.trim();
      if (name === 'news:title') entry.title = value.trim();
      if (depth === 2 && entry.address !== '') {
        if (name === 'url') pages.push({ address: entry.address, ...(entry.title === '' ? {} : { title: storableText(entry.title, 500) }) });
        if (name === 'sitemap') sitemaps.push(entry.address);
      }
      if (depth > 0) path.length = depth - 1;
    },
  });
  return root === 'urlset' || root === 'sitemapindex' ? cut(pages, sitemaps) : undefined;
}
