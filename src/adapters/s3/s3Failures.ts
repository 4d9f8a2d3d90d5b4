import { CatalystError } from '../../contracts/errors.ts';
import type { S3Settings } from './s3Settings.ts';
import { artifactNotFound } from './s3Keys.ts';

/** versitygw answers 404 XAdminUserNotFound to an unknown key: that is not a missing object. */
const credentialFaults = new Set(['XAdminUserNotFound', 'InvalidAccessKeyId', 'SignatureDoesNotMatch', 'AccessDenied', 'Forbidden', 'ExpiredToken', 'InvalidToken', 'AuthorizationHeaderMalformed']);

/** What a failed request means. `uri` names the object that was asked for, where there was one. */
export function translateS3Failure(settings: S3Settings, error: unknown, uri?: string): CatalystError {
  if (error instanceof CatalystError) return error;
  const { name, status, message } = describe(error);
  if (name === 'NoSuchBucket') return unavailable(`has no bucket "${settings.bucket}": check S3_BUCKET, or let the service create it at start`);
  if (status === 401 || status === 403 || credentialFaults.has(name)) {
    return unavailable(`refuses the credentials (${name}): check S3_ACCESS_KEY_ID, S3_SECRET_ACCESS_KEY and what they may do in bucket "${settings.bucket}"`);
  }
  if (status === 404 && uri !== undefined) return artifactNotFound(uri);
  if (status === 416 && uri !== undefined) return new CatalystError('ARTIFACT_CORRUPT', `The artifact ${uri} is shorter than it was when it was stored.`, { cause: error });
  if (status !== undefined) return unavailable(`answers ${status} ${name}: ${message}`);
  return unavailable(`cannot be reached: ${message}`);

  function unavailable(what: string): CatalystError {
    return new CatalystError('ARTIFACT_STORE_UNAVAILABLE', `The artifact store at ${settings.endpoint} ${what}.`, { cause: error });
  }
}

export function s3Status(error: unknown): number | undefined {
  return describe(error).status;
}

/** The object is not what the condition of the request named: another writer was there. */
export function isConflict(error: unknown): boolean {
  const status = s3Status(error);
  return status === 412 || status === 409;
}

function describe(error: unknown): { readonly name: string; readonly status: number | undefined; readonly message: string } {
  if (!(error instanceof Error)) return { name: 'Unknown', status: undefined, message: String(error) };
  const { $metadata: metadata, code } = error as Error & { $metadata?: { httpStatusCode?: number }; code?: string };
  return { name: error.name, status: metadata?.httpStatusCode, message: error.message === '' ? (code ?? error.name) : error.message };
}
