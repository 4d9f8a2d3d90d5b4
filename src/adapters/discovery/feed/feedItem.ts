import { storableText } from '../../shared/storableText.ts';

export interface FeedItem {
  /** Absolute; undefined where the item names none. */
  readonly address: string | undefined;
  readonly title?: string;
  /** How the feed calls the item. */
  readonly id?: string;
}

export interface Feed {
  readonly items: readonly FeedItem[];
  /** Where older items are (RFC 5005, JSON Feed). */
  readonly next: string | undefined;
}

/** Undefined for what is no address of the web. */
export function feedAddress(text: string | undefined, base: string): string | undefined {
  const url = text === undefined || text.trim() === '' ? null : URL.parse(text.trim(), base);
  return url?.protocol === 'http:' || url?.protocol === 'https:' ? url.href : undefined;
}

/** As a document's title may be. */
export function feedTitle(text: string | undefined): { readonly title?: string } {
  const title = storableText(text?.replace(/<[^>]*>/g, ' ').replace(/\s+/g, ' ').trim() ?? '', 500).trim();
  return title === '' ? {} : { title };
}
