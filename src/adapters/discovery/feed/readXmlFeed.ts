import { readMarkup, type Attributes } from '../markup.ts';
import { feedAddress, feedTitle, type Feed, type FeedItem } from './feedItem.ts';

interface OpenItem {
  link?: string;
  permalink?: string;
  title?: string;
  id?: string;
}

const roots = new Set(['rss', 'rdf', 'feed']);
/** Deeper elements hold nothing that is asked for. */
const deepest = 32;
const local = (name: string): string => name.slice(name.indexOf(':') + 1);

/** RSS and Atom in one: items are called `item` or `entry`, and what is asked of them lies directly below. */
export function readXmlFeed(text: string, url: string): Feed | undefined {
  const items: FeedItem[] = [];
  const path: string[] = [];
  let root: string | undefined;
  let next: string | undefined;
  let item: OpenItem | undefined;
  let itemDepth = 0;
  let value = '';
  let base = url;
  let guidIsLink = true;
  readMarkup(text, 'xml', {
    open(name, attributes) {
      root ??= local(name);
      if (path.length < deepest) path.push(name);
      if (path.length === itemDepth + 1) value = '';
      if (path.length <= 2) base = URL.parse(attributes['xml:base'] ?? '', base)?.href ?? base;
      if (item === undefined && (name === 'item' || name === 'entry')) {
        item = {};
        itemDepth = path.length;
      } else if (name === 'link' || name === 'atom:link') {
        const link = atomLink(attributes);
        if (item !== undefined && path.length === itemDepth + 1 && link.isItem) item.link ??= link.href;
        if (item === undefined && link.relation === 'next') next ??= feedAddress(link.href, base);
      }
      if (name === 'guid') guidIsLink = attributes['ispermalink']?.toLowerCase() !== 'false';
    },
    text(data) {
      if (item !== undefined) value += data;
    },
    close(name) {
      // Where it was opened: what was left open within it ends with it.
      const depth = path.lastIndexOf(name) + 1;
      if (item !== undefined && depth === itemDepth + 1) noteField(item, name, value.trim(), guidIsLink);
      if (item !== undefined && depth === itemDepth) {
        items.push({ address: feedAddress(item.link ?? item.permalink, base), ...feedTitle(item.title), ...(item.id === undefined ? {} : { id: item.id }) });
        item = undefined;
        itemDepth = 0;
      }
      if (depth > 0) path.length = depth - 1;
    },
  });
  return root !== undefined && roots.has(root) ? { items, next } : undefined;
}

function atomLink(attributes: Attributes): { readonly relation: string; readonly href: string; readonly isItem: boolean } {
  const relation = attributes['rel']?.toLowerCase() ?? 'alternate';
  const href = attributes['href'] ?? '';
  return { relation, href, isItem: relation === 'alternate' && href !== '' };
}

function noteField(item: OpenItem, name: string, value: string, guidIsLink: boolean): void {
  if (value === '') return;
  if (name === 'link') item.link ??= value;
  if (name === 'title') item.title ??= value;
  if (name === 'guid' || name === 'id') item.id ??= value.slice(0, 500);
  if (name === 'guid' && guidIsLink && /^https?:/i.test(value)) item.permalink ??= value;
}
