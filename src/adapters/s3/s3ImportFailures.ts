import { CatalystError } from '../../contracts/errors.ts';

const missingBucket = new Set(['NoSuchBucket', 'InvalidBucketName']);
const slowDown = new Set(['SlowDown', 'TooManyRequests', 'RequestLimitExceeded', 'Throttling', 'ThrottlingException']);
const refused = new Set(['XAdminUserNotFound', 'InvalidAccessKeyId', 'SignatureDoesNotMatch', 'AccessDenied', 'Forbidden', 'ExpiredToken', 'InvalidToken', 'AuthorizationHeaderMalformed', 'InvalidObjectState']);

/** What it means that a bucket to import from, or an object of it, was not delivered. */
export function translateImportFailure(error: unknown, what: string, signal: AbortSignal): CatalystError {
  if (error instanceof CatalystError) return error;
  const options = { cause: error };
  if (signal.aborted) return new CatalystError('CANCELLED', `Reading ${what} was cancelled.`, options);
  const { name, status } = describe(error);
  if (missingBucket.has(name)) return new CatalystError('NOT_FOUND', `There is no bucket for ${what}.`, options);
  if (status === 429 || slowDown.has(name)) return new CatalystError('FETCH_RATE_LIMITED', `The store of ${what} asks to slow down.`, options);
  if (refused.has(name) || status === 401 || status === 403) return new CatalystError('FETCH_REFUSED', `The store refuses to deliver ${what} (${name}).`, options);
  if (name === 'TimeoutError') return new CatalystError('FETCH_TIMEOUT', `The store does not deliver ${what} in time.`, options);
  if (status !== undefined) return new CatalystError('FETCH_FAILED', `The store answers ${status} ${name} for ${what}.`, options);
  return new CatalystError('FETCH_UNREACHABLE', `The store of ${what} cannot be reached (${name}).`, options);
}

export function isMissingObject(error: unknown): boolean {
  const { name } = describe(error);
  return name === 'NoSuchKey' || name === 'NotFound';
}

function describe(error: unknown): { readonly name: string; readonly status: number | undefined } {
  if (!(error instanceof Error)) return { name: 'Unknown', status: undefined };
  const { $metadata: metadata, code } = error as Error & { $metadata?: { httpStatusCode?: number }; code?: string };
  return { name: metadata?.httpStatusCode === undefined ? (code ?? error.name) : error.name, status: metadata?.httpStatusCode };
}
