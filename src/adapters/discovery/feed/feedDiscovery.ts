import { z } from 'zod';
import { CatalystError } from '../../../contracts/errors.ts';
import { decodeText } from '../../../documents/detect/charset.ts';
import type { DiscoveryRequest, DiscoveryStep, SourceDiscovery, UnreadableDocument } from '../../../ports/sourceDiscovery.ts';
import { canonicalAddress } from '../../shared/canonicalAddress.ts';
import { storableText } from '../../shared/storableText.ts';
import type { WebClient } from '../../shared/webClient.ts';
import { isHtml } from '../documentTypes.ts';
import { readMarkup } from '../markup.ts';
import { namedPages } from '../pagesDiscovery.ts';
import { unreadablePage } from '../unreadable.ts';
import type { Feed, FeedItem } from './feedItem.ts';
import { readFeed } from './readFeed.ts';

const cursorSchema = z.object({ next: z.string(), seen: z.array(z.string()), gaps: z.array(z.string()) });
const mostPages = 100;
const maximumBytes = 32 * 1024 * 1024;

/** The items of a feed are documents by their links, fetched when they are ingested. Follows a feed to its older pages where it has some. */
export function createFeedDiscovery(web: WebClient): SourceDiscovery {
  return { step: (request) => readStep(web, request), cancel: () => Promise.resolve(), close: () => Promise.resolve() };
}

async function readStep(web: WebClient, { definition, cursor, documentsSoFar, signal }: DiscoveryRequest): Promise<DiscoveryStep> {
  if (definition.type !== 'feed') throw new CatalystError('INTERNAL', `A ${definition.type} is not a feed.`);
  const before = cursor === null ? { next: definition.url, seen: [], gaps: [] } : cursorSchema.parse(cursor);
  const { feed, url } = await fetchFeed(web, before.next, signal);
  const room = Math.max(0, definition.maximumDocuments - documentsSoFar);
  const linked = feed.items.flatMap(({ address, ...item }) => {
    const canonical = address === undefined ? undefined : canonicalAddress(address);
    return canonical === undefined ? [] : [{ ...item, address: canonical }];
  });
  const { documents, unreadable } = namedPages(web, linked);
  const seen = [...before.seen, before.next, url];
  const isEnough = documents.length > room;
  const next = feed.next === undefined || seen.includes(feed.next) || isEnough || seen.length >= mostPages * 2 ? undefined : feed.next;
  const gaps = [...before.gaps];
  if (isEnough) gaps.push(`The limit of ${definition.maximumDocuments} documents was reached: the feed has more items.`);
  else if (next === undefined && feed.next !== undefined && !seen.includes(feed.next)) gaps.push(`The feed has more than ${mostPages} pages: older items were left out.`);
  return {
    documents: documents.slice(0, room),
    unreadable: [...unreadable, ...feed.items.flatMap((item, place) => withoutAddress(item, url, place))],
    visited: [],
    found: [],
    cursor: { next: next ?? before.next, seen, gaps },
    done: next === undefined,
    gaps,
  };
}

function withoutAddress(item: FeedItem, feedUrl: string, place: number): UnreadableDocument[] {
  if (item.address !== undefined && canonicalAddress(item.address) !== undefined) return [];
  const name = storableText(item.id ?? item.title ?? `item ${place + 1}`, 200);
  const error = new CatalystError('FETCH_NOT_FOUND', `The item "${name}" of the feed has no link to fetch.`);
  return [unreadablePage(`${feedUrl}#${encodeURIComponent(name)}`, error)];
}

/** A page in place of a feed may name its feed. Throws as the client does, and CORRUPT_DOCUMENT for what is no feed. */
async function fetchFeed(web: WebClient, address: string, signal: AbortSignal, mayLead = true): Promise<{ readonly feed: Feed; readonly url: string }> {
  const answer = await web.follow(address, { signal, maximumBytes });
  if (answer.type !== 'document') throw new CatalystError('FETCH_FAILED', `${address} delivers no feed.`);
  const url = answer.record.finalUrl;
  const text = decodeText(answer.bytes, answer.mediaType)?.text ?? '';
  const feed = readFeed(text, url);
  if (feed !== undefined) return { feed, url };
  const named = mayLead && isHtml(answer.mediaType, answer.bytes) ? feedOfPage(text, url) : undefined;
  if (named !== undefined) return fetchFeed(web, named, signal, false);
  throw new CatalystError('CORRUPT_DOCUMENT', `${address} is not a feed (RSS, Atom or JSON Feed).`);
}

function feedOfPage(html: string, url: string): string | undefined {
  let found: string | undefined;
  readMarkup(html, 'html', {
    open(name, attributes) {
      const isFeed = name === 'link' && /\balternate\b/i.test(attributes['rel'] ?? '') && /^application\/(?:rss\+xml|atom\+xml|feed\+json)/i.test(attributes['type'] ?? '');
      if (isFeed) found ??= canonicalAddress(attributes['href'] ?? '', url);
    },
  });
  return found;
}
