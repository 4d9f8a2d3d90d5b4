import { CatalystError } from '../../contracts/errors.ts';
import { retryAfterOption } from './retryAfter.ts';

/** What the answer of a site means, for an address that was not delivered. `retryAfter` is its header. */
export function failureOfStatus(url: string, status: number, retryAfter: string | undefined): CatalystError {
  const message = `${url} answers ${status}`;
  const wait = retryAfterOption(retryAfter);
  if (status === 404 || status === 410) return new CatalystError('FETCH_NOT_FOUND', `${message}: there is no such page.`);
  if (status === 429) return new CatalystError('FETCH_RATE_LIMITED', `${message}: the site asks to slow down.`, wait);
  if (status === 408 || status === 504) return new CatalystError('FETCH_TIMEOUT', `${message}: the site was too slow.`, wait);
  if (status >= 500) return new CatalystError('FETCH_FAILED', `${message}: the site reports an error of its own.`, wait);
  if (status >= 400) return new CatalystError('FETCH_REFUSED', `${message}: the site refuses the request.`);
  return new CatalystError('FETCH_FAILED', `${message}, which delivers no page.`);
}

const timeoutCodes = new Set(['UND_ERR_CONNECT_TIMEOUT', 'UND_ERR_HEADERS_TIMEOUT', 'UND_ERR_BODY_TIMEOUT', 'ETIMEDOUT']);
const unknownHostCodes = new Set(['ENOTFOUND', 'EAI_AGAIN', 'EAI_NODATA', 'EAI_NONAME']);
const unreachableCodes = new Set(['ECONNREFUSED', 'ECONNRESET', 'EHOSTUNREACH', 'ENETUNREACH', 'EPIPE', 'EPROTO', 'EADDRNOTAVAIL']);
const certificatePattern = /CERT|SELF_SIGNED|UNABLE_TO_|ALTNAME/;

/** What it means that no answer, or only part of one, came. */
export function failureOfTransport(url: string, error: unknown): CatalystError {
  const own = findCause(error, (cause) => cause instanceof CatalystError);
  if (own instanceof CatalystError) return own;
  const code = codeOf(error);
  const options = { cause: error };
  if (timeoutCodes.has(code)) return new CatalystError('FETCH_TIMEOUT', `${url} does not answer in time.`, options);
  if (unknownHostCodes.has(code)) return new CatalystError('FETCH_UNREACHABLE', `${url} cannot be reached: its host name is not known (${code}).`, options);
  if (certificatePattern.test(code)) return new CatalystError('FETCH_TLS_INVALID', `${url} has no valid certificate (${code}).`, options);
  if (unreachableCodes.has(code)) return new CatalystError('FETCH_UNREACHABLE', `${url} cannot be reached (${code}).`, options);
  return new CatalystError('FETCH_FAILED', `${url} broke off or answered something that cannot be read (${code || String(error)}).`, options);
}

function codeOf(error: unknown): string {
  const coded = findCause(error, (cause) => typeof (cause as { code?: unknown }).code === 'string');
  return coded === undefined ? '' : (coded as { code: string }).code;
}

/** Looks through the causes, and through the attempts at several addresses of one host. */
function findCause(error: unknown, isIt: (cause: object) => boolean, depth = 0): object | undefined {
  if (typeof error !== 'object' || error === null || depth > 5) return undefined;
  if (isIt(error)) return error;
  const inner: unknown[] = error instanceof AggregateError ? error.errors : [];
  for (const next of [...inner, (error as { cause?: unknown }).cause]) {
    const found = findCause(next, isIt, depth + 1);
    if (found !== undefined) return found;
  }
  return undefined;
}
