/** One fetched page or file: the same shape whichever adapter fetched it. */
export interface FetchedDocument {
  /** The body as it is to be parsed: the raw bytes, or Markdown where the service already cleaned the page. */
  readonly bytes: Uint8Array;
  /** Includes the charset where it is known. */
  readonly mediaType: string;
  /** After redirects. */
  readonly finalUrl: string;
  readonly title: string | undefined;
  readonly fetchedAt: string;
}

/** Fetches one address. Throws the FETCH_* codes, URL_FORBIDDEN, ROBOTS_DISALLOWED, DOCUMENT_TOO_LARGE, FETCHER_UNAVAILABLE, FETCHER_REJECTED. */
export interface SourceReader {
  read(url: string, signal: AbortSignal): Promise<FetchedDocument>;
  close(): Promise<void>;
}
