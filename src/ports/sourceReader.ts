import type { FetchRecord, Validators } from '../contracts/fetched.ts';

/** One fetched page or file: the same shape whichever adapter fetched it. */
export interface FetchedDocument {
  /** The body as it is to be parsed: the raw bytes, or Markdown where the service already cleaned the page. */
  readonly bytes: Uint8Array;
  /** Includes the charset where it is known. */
  readonly mediaType: string;
  readonly title: string | undefined;
  readonly record: FetchRecord;
}

/** The server says that what was fetched before is still what it has. */
export interface NotModified {
  readonly notModified: true;
  readonly record: FetchRecord;
}

/** Fetches one address. Throws the FETCH_* codes, URL_FORBIDDEN, ROBOTS_DISALLOWED, DOCUMENT_TOO_LARGE, FETCHER_UNAVAILABLE, FETCHER_REJECTED, FETCHER_CREDITS_EXHAUSTED, THROTTLED. */
export interface SourceReader {
  /** With validators of an earlier fetch the answer may be that nothing changed. */
  read(url: string, signal: AbortSignal, validators?: Validators): Promise<FetchedDocument | NotModified>;
  close(): Promise<void>;
}
