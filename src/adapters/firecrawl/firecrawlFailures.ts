import { CatalystError, type ErrorCode } from '../../contracts/errors.ts';

/** What the SDK's errors carry: its class keeps no headers, so a Retry-After is found in the body or in the text only. */
interface Refusal {
  readonly message: string;
  readonly status?: unknown;
  readonly code?: unknown;
  readonly details?: unknown;
}

/** What Firecrawl says about the page itself; these may come with status 200, 4xx and 5xx alike. */
const codesOfPage: Readonly<Record<string, ErrorCode | undefined>> = {
  SCRAPE_TIMEOUT: 'FETCH_TIMEOUT',
  SCRAPE_PDF_INSUFFICIENT_TIME_ERROR: 'FETCH_TIMEOUT',
  SCRAPE_DNS_RESOLUTION_ERROR: 'FETCH_UNREACHABLE',
  SCRAPE_SSL_ERROR: 'FETCH_TLS_INVALID',
  SCRAPE_SITE_ERROR: 'FETCH_FAILED',
  SCRAPE_ALL_ENGINES_FAILED: 'FETCH_FAILED',
  SCRAPE_PDF_PREFETCH_FAILED: 'FETCH_FAILED',
  SCRAPE_PDF_ANTIBOT_ERROR: 'FETCH_REFUSED',
  SCRAPE_DOCUMENT_ANTIBOT_ERROR: 'FETCH_REFUSED',
  SCRAPE_UNSUPPORTED_FILE_ERROR: 'UNSUPPORTED_TYPE',
  SCRAPE_PDF_OCR_REQUIRED: 'NO_TEXT_LAYER',
};

const codesOfStatus: Readonly<Record<number, ErrorCode | undefined>> = {
  401: 'FETCHER_REJECTED',
  402: 'FETCHER_REJECTED',
  403: 'FETCH_REFUSED',
  408: 'FETCH_TIMEOUT',
  429: 'FETCH_RATE_LIMITED',
};

/** What a failed scrape means. */
export function translateFirecrawlFailure(url: string, error: unknown): CatalystError {
  if (error instanceof CatalystError) return error;
  const refusal: Refusal = error instanceof Error ? error : { message: String(error) };
  const status = typeof refusal.status === 'number' ? refusal.status : undefined;
  const code = codeOf(refusal, status);
  const wait = retryAfterOf(refusal);
  const options = { cause: error, ...(wait === undefined ? {} : { retryAfterMs: wait }) };
  const answered = status === undefined ? 'does not answer' : `answers ${status}`;
  return new CatalystError(code, `Firecrawl ${answered} for ${url}: ${refusal.message.slice(0, 300)}`, options);
}

function codeOf(refusal: Refusal, status: number | undefined): ErrorCode {
  const ofPage = typeof refusal.code === 'string' ? codesOfPage[refusal.code] : undefined;
  if (ofPage !== undefined) return ofPage;
  if (status === undefined) return 'FETCHER_UNAVAILABLE';
  // A failure of the page in a successful answer; older servers name no code.
  if (status < 300) return /\bdns\b|resolve/i.test(refusal.message) ? 'FETCH_UNREACHABLE' : 'FETCH_FAILED';
  return codesOfStatus[status] ?? (status >= 500 ? 'FETCHER_UNAVAILABLE' : 'FETCHER_REJECTED');
}

/** Milliseconds, from `details.retryAfterSeconds`, or from "retry after 23s" in the text. */
function retryAfterOf(refusal: Refusal): number | undefined {
  const details = refusal.details as { readonly retryAfterSeconds?: unknown } | null | undefined;
  const told = typeof details === 'object' && typeof details?.retryAfterSeconds === 'number' ? details.retryAfterSeconds : undefined;
  const written = /retry[ -]after:?\s*(\d+(?:\.\d+)?)\s*(ms|m|s)?/i.exec(refusal.message);
  if (told !== undefined) return told * 1_000;
  if (written === null) return undefined;
  const unit = { ms: 1, m: 60_000, s: 1_000 }[written[2]?.toLowerCase() ?? 's'] ?? 1_000;
  return Math.ceil(Number(written[1]) * unit);
}
