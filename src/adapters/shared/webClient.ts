import type { FetchRecord, Validators } from '../../contracts/fetched.ts';

export interface WebRequest {
  readonly signal: AbortSignal;
  /** Of an earlier fetch of the same address: lets the answer be that nothing changed. */
  readonly validators?: Validators | undefined;
  /** Told the media type before the body is read; what is not accepted is left unread. */
  readonly accepts?: (mediaType: string) => boolean;
  /** Less than the client's own limit. */
  readonly maximumBytes?: number;
}

export interface WebDocument {
  readonly type: 'document';
  readonly bytes: Uint8Array;
  /** As the server names it, with its charset. */
  readonly mediaType: string;
  readonly record: FetchRecord;
}

export type WebDelivery = WebDocument | { readonly type: 'notModified'; readonly record: FetchRecord } | { readonly type: 'unaccepted'; readonly mediaType: string; readonly record: FetchRecord };
export type WebAnswer = WebDelivery | { readonly type: 'redirect'; readonly location: string };

/**
 * GET over HTTP as a guest: with robots.txt, within limits a host, of time and size, and never to an address that is not allowed.
 * Throws the FETCH_* codes, URL_FORBIDDEN, ROBOTS_DISALLOWED, DOCUMENT_TOO_LARGE, THROTTLED, CANCELLED.
 */
export interface WebClient {
  /** One request; a redirect is answered as such. */
  get(url: string, request: WebRequest): Promise<WebAnswer>;
  /** Follows redirects, up to the client's limit. */
  follow(url: string, request: WebRequest): Promise<WebDelivery>;
  /** Sitemaps that the robots.txt of the address's site names. */
  listSitemaps(url: string, signal: AbortSignal): Promise<readonly string[]>;
  /** Our name in robots.txt and in what pages say to robots. */
  readonly robotName: string;
  /** Of one document. */
  readonly maximumBytes: number;
  /** Throws URL_FORBIDDEN for an address that is never fetched, as far as its text tells. */
  requireFetchable(url: string): void;
  close(): Promise<void>;
}
