import { CatalystError } from '../../contracts/errors.ts';

/** The credential of an Authorization header (RFC 6750; the scheme's name is case-insensitive). Throws UNAUTHENTICATED. */
export function bearerTokenOf(authorization: string | undefined): string {
  if (authorization === undefined) throw new CatalystError('UNAUTHENTICATED', 'The request has no Authorization header.');
  const match = /^Bearer +([A-Za-z0-9._~+/-]+=*) *$/i.exec(authorization);
  if (match?.[1] === undefined) throw new CatalystError('UNAUTHENTICATED', 'The Authorization header is not of the form "Bearer TOKEN".');
  return match[1];
}
