import { errors, jwtVerify } from 'jose';
import type { JWTPayload, JWTVerifyOptions } from 'jose';
import { CatalystError } from '../../contracts/errors.ts';
import type { Principal } from '../../contracts/principal.ts';
import { createPrincipalCache } from './principalCache.ts';
import { principalOf } from './principalOf.ts';
import { createVerificationKeys } from './verificationKeys.ts';
import type { VerificationKeys } from './verificationKeys.ts';

/** Exactly one of `secret` (HS256, at least 32 bytes) and `jwksUrl` (RS256, ES256, EdDSA). */
export interface AuthenticatorOptions {
  readonly secret?: string | undefined;
  readonly jwksUrl?: string | undefined;
  readonly issuer: string;
  readonly audience: string;
  /** Clock difference that is tolerated for exp and nbf. */
  readonly clockSkewSeconds: number;
}

export interface Authenticator {
  /**
   * Who acts, by the value of the Authorization header.
   * Throws UNAUTHENTICATED, or AUTHENTICATION_UNAVAILABLE where the keys cannot be read.
   */
  authenticate(authorization: string | undefined): Promise<Principal>;
}

/** Verifies JWT bearer tokens. Throws CONFIGURATION_INVALID unless exactly one kind of key is configured. */
export function createAuthenticator(options: AuthenticatorOptions): Authenticator {
  const keys = createVerificationKeys(options);
  const verification: JWTVerifyOptions = {
    algorithms: [...keys.algorithms],
    issuer: options.issuer,
    audience: options.audience,
    clockTolerance: options.clockSkewSeconds,
    requiredClaims: ['exp', 'sub'],
  };
  const verified = createPrincipalCache();
  return {
    async authenticate(authorization) {
      const token = bearerTokenOf(authorization);
      const known = verified.get(token);
      if (known !== undefined) return known;
      try {
        const payload = await verify(token, keys, verification);
        const principal = principalOf(payload);
        verified.set(token, principal, payload.exp ?? 0);
        return principal;
      } catch (error) {
        throw error instanceof CatalystError ? error : translate(error, keys.kind);
      }
    },
  };
}

/** RFC 6750; the scheme's name is case-insensitive. */
function bearerTokenOf(authorization: string | undefined): string {
  if (authorization === undefined) throw new CatalystError('UNAUTHENTICATED', 'The request has no Authorization header.');
  const match = /^Bearer +([A-Za-z0-9._~+/-]+=*) *$/i.exec(authorization);
  if (match?.[1] === undefined) throw new CatalystError('UNAUTHENTICATED', 'The Authorization header is not of the form "Bearer TOKEN".');
  return match[1];
}

async function verify(token: string, keys: VerificationKeys, options: JWTVerifyOptions): Promise<JWTPayload> {
  if (keys.kind === 'secret') return (await jwtVerify(token, keys.secret, options)).payload;
  try {
    return (await jwtVerify(token, keys.find, options)).payload;
  } catch (error) {
    if (!(error instanceof errors.JWKSMultipleMatchingKeys)) throw error;
    return verifyWithAny(token, error, options);
  }
}

/** A token without key id may fit several keys of the set. */
async function verifyWithAny(token: string, candidates: errors.JWKSMultipleMatchingKeys, options: JWTVerifyOptions): Promise<JWTPayload> {
  for await (const key of candidates) {
    try {
      return (await jwtVerify(token, key, options)).payload;
    } catch (error) {
      if (!(error instanceof errors.JWSSignatureVerificationFailed)) throw error;
    }
  }
  throw new errors.JWSSignatureVerificationFailed();
}

/** What is wrong with the token is the caller's; everything else is the key set's, which must not look like a bad token. */
function translate(error: unknown, kind: VerificationKeys['kind']): CatalystError {
  if (error instanceof errors.JWTExpired) return new CatalystError('UNAUTHENTICATED', 'The token has expired.', { cause: error });
  if (error instanceof errors.JWTClaimValidationFailed) return new CatalystError('UNAUTHENTICATED', `The token's claim "${error.claim}" is missing or not the expected one.`, { cause: error });
  if (error instanceof errors.JOSEAlgNotAllowed) return new CatalystError('UNAUTHENTICATED', 'The token is signed by an algorithm that is not allowed here.', { cause: error });
  if (error instanceof errors.JWKSNoMatchingKey) return new CatalystError('UNAUTHENTICATED', 'The token is signed by a key that the issuer does not publish.', { cause: error });
  if (error instanceof errors.JWSSignatureVerificationFailed) return new CatalystError('UNAUTHENTICATED', 'The signature of the token is not valid.', { cause: error });
  if (error instanceof errors.JWSInvalid || error instanceof errors.JWTInvalid || error instanceof errors.JOSENotSupported || kind === 'secret') return new CatalystError('UNAUTHENTICATED', 'The token is not a signed JWT.', { cause: error });
  return new CatalystError('AUTHENTICATION_UNAVAILABLE', 'The keys that verify tokens cannot be read from the issuer at present.', { cause: error });
}
