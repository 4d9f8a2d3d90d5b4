import { CatalystError, type ErrorCode } from '../../contracts/errors.ts';
import type { FirecrawlAnswer } from './firecrawlClient.ts';

/** What Firecrawl says about a page itself; these may come with status 200, 4xx and 5xx alike, and in the list of failed pages of a crawl. */
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
  402: 'FETCHER_CREDITS_EXHAUSTED',
  403: 'FETCH_REFUSED',
  408: 'FETCH_TIMEOUT',
  429: 'FETCH_RATE_LIMITED',
};

/** What it means that Firecrawl refused; `subject` is the address or the job that was asked for. */
export function failureOfAnswer(subject: string, answer: FirecrawlAnswer): CatalystError {
  const { code, text } = refusalOf(answer.body);
  const wait = answer.retryAfterMs === undefined ? {} : { retryAfterMs: answer.retryAfterMs };
  return new CatalystError(codeOf(answer.status, code, text), `Firecrawl answers ${answer.status} for ${subject}: ${text === '' ? 'no reason is given' : text.slice(0, 300)}`, wait);
}

/** What it means that a page is among the failed ones of a job. */
export function failureOfPage(url: string, code: string | undefined, text: string): CatalystError {
  const known = code === undefined ? undefined : codesOfPage[code];
  const message = `Firecrawl could not read ${url}: ${text === '' ? (code ?? 'no reason is given') : text.slice(0, 300)}`;
  return new CatalystError(known ?? codeOfText(text), message);
}

/** Whether the answer is a refusal, though its status may be 200. */
export function isRefusal({ status, body }: FirecrawlAnswer): boolean {
  return status < 200 || status > 299 || (typeof body === 'object' && body !== null && (body as { readonly success?: unknown }).success === false);
}

function refusalOf(body: unknown): { readonly code: string | undefined; readonly text: string } {
  if (typeof body === 'string') return { code: undefined, text: body };
  const { code, error, message } = (typeof body === 'object' && body !== null ? body : {}) as { readonly code?: unknown; readonly error?: unknown; readonly message?: unknown };
  const text = [error, message].find((part) => typeof part === 'string');
  return { code: typeof code === 'string' ? code : undefined, text: text ?? '' };
}

function codeOf(status: number, code: string | undefined, text: string): ErrorCode {
  const ofPage = code === undefined ? undefined : codesOfPage[code];
  if (ofPage !== undefined) return ofPage;
  if (status < 300) return codeOfText(text);
  return codesOfStatus[status] ?? (status >= 500 ? 'FETCHER_UNAVAILABLE' : 'FETCHER_REJECTED');
}

/** Older servers name no code. */
function codeOfText(text: string): ErrorCode {
  if (/insufficient credits/i.test(text)) return 'FETCHER_CREDITS_EXHAUSTED';
  if (/\bdns\b|resolve/i.test(text)) return 'FETCH_UNREACHABLE';
  return /timed? ?out/i.test(text) ? 'FETCH_TIMEOUT' : 'FETCH_FAILED';
}
