import type { CatalystError, ErrorCode } from '../../contracts/errors.ts';
import { toFailure } from '../../contracts/failure.ts';
import type { UnreadableDocument } from '../../ports/sourceDiscovery.ts';

/** Failures that belong to one address. All others stop the step: they say nothing about the page, and a try later may do. */
const ofThePage: ReadonlySet<ErrorCode> = new Set<ErrorCode>([
  'FETCH_NOT_FOUND', 'FETCH_REFUSED', 'FETCH_TLS_INVALID', 'FETCH_TOO_MANY_REDIRECTS', 'FETCH_FAILED', 'FETCH_RATE_LIMITED', 'FETCH_TIMEOUT', 'FETCH_UNREACHABLE',
  'URL_FORBIDDEN', 'ROBOTS_DISALLOWED', 'DOCUMENT_TOO_LARGE', 'EMPTY_DOCUMENT',
]);

export function concernsPage(error: CatalystError): boolean {
  return ofThePage.has(error.code);
}

/** A page that the source names and that cannot be had. */
export function unreadablePage(address: string, error: CatalystError): UnreadableDocument {
  return { sourceKey: `url:${address}`, source: { type: 'url', location: address }, failure: toFailure(error) };
}
