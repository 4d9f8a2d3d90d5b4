import type { Feed } from './feedItem.ts';
import { readJsonFeed } from './readJsonFeed.ts';
import { readXmlFeed } from './readXmlFeed.ts';

/** Reads RSS 2.0, RSS 1.0, Atom or JSON Feed; undefined for anything else. */
export function readFeed(text: string, url: string): Feed | undefined {
  return /^\ufeff?\s*\{/.test(text) ? readJsonFeed(text, url) : readXmlFeed(text, url);
}
