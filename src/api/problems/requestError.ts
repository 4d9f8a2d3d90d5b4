import { CatalystError, toCatalystError } from '../../contracts/errors.ts';
import { positionOfJsonError } from './jsonPosition.ts';

/** What Express and its body parser throw about a request: an error with a status below 500 and, mostly, a type. */
interface ThrownByExpress extends Error {
  readonly status: number;
  readonly type?: string;
  readonly body?: string;
  readonly limit?: number;
}

/** Any thrown value as a CatalystError; the complaints of Express and its body parser become the caller's errors that they are. */
export function requestError(thrown: unknown): CatalystError {
  return isThrownByExpress(thrown) ? translate(thrown) : toCatalystError(thrown);
}

function translate(error: ThrownByExpress): CatalystError {
  switch (error.type) {
    case 'entity.parse.failed':
      return invalidJson(error.body ?? '', error);
    case 'entity.too.large':
      return new CatalystError('PAYLOAD_TOO_LARGE', `The request body is larger than ${error.limit ?? 0} bytes.`, { cause: error });
    case 'encoding.unsupported':
    case 'charset.unsupported':
      return new CatalystError('UNSUPPORTED_MEDIA_TYPE', 'The charset or content encoding of the request body is not supported.', { cause: error });
    default:
      return new CatalystError('INVALID_REQUEST', 'The request cannot be read: its path or body is malformed.', { cause: error });
  }
}

/** Says where the text stops being JSON. */
export function invalidJson(body: string, cause: unknown): CatalystError {
  const position = positionOfJsonError(body);
  const before = body.slice(0, position);
  const line = before.split('\n').length;
  const column = position - before.lastIndexOf('\n');
  const what = position >= body.length ? 'ends before the JSON is complete' : 'stops being valid JSON';
  return new CatalystError('INVALID_JSON', `The request body ${what} at position ${position} (line ${line}, column ${column}).`, { cause });
}

function isThrownByExpress(thrown: unknown): thrown is ThrownByExpress {
  return thrown instanceof Error && 'status' in thrown && typeof thrown.status === 'number' && thrown.status >= 400 && thrown.status < 500;
}
