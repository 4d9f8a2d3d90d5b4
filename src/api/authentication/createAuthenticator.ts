import { errors, jwtVerify } from 'jose';
import type { JWTPayload, JWTVerifyOptions } from 'jose';
import { CatalystError } from '../../contracts/errors.ts';
import type { Principal } from '../../contracts/principal.ts';
import type { Role } from '../../contracts/roles.ts';
import type { ApiKeyAuthenticator } from './apiKeyAuthenticator.ts';
import { readApiKey } from './apiKeySecret.ts';
import { bearerTokenOf } from './bearerToken.ts';
import { createPrincipalCache } from './principalCache.ts';
import { principalOf } from './principalOf.ts';
import { createVerificationKeys } from './verificationKeys.ts';
import type { KeyOptions, VerificationKeys } from './verificationKeys.ts';

export interface AuthenticatorOptions extends KeyOptions {
  readonly issuer: string;
  readonly audience: string;
  /** Clock difference that is tolerated for exp and nbf. */
  readonly clockSkewSeconds: number;
  /** Of tokens that name neither roles nor scopes; without it they may do nothing. */
  readonly defaultRole?: Role | undefined;
}

export interface Authenticator {
  /**
   * Who acts, by the value of the Authorization header.
   * Throws UNAUTHENTICATED, or AUTHENTICATION_UNAVAILABLE where what proves the caller cannot be read.
   */
  authenticate(authorization: string | undefined): Promise<Principal>;
}

/**
 * Verifies JWT bearer tokens, and API keys where `apiKeys` is given.
 * Throws CONFIGURATION_INVALID unless exactly one kind of key for tokens is configured.
 */
export function createAuthenticator(options: AuthenticatorOptions, apiKeys?: ApiKeyAuthenticator): Authenticator {
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
      const apiKey = readApiKey(token);
      if (apiKey !== undefined && apiKeys !== undefined) return apiKeys.authenticate(apiKey);
      const known = verified.get(token);
      if (known !== undefined) return known;
      try {
        const payload = await verify(token, keys, verification);
        const principal = principalOf(payload, options.defaultRole);
        verified.set(token, principal, payload.exp ?? 0);
        return principal;
      } catch (error) {
        throw error instanceof CatalystError ? error : translate(error, keys);
      }
    },
  };
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
function translate(error: unknown, keys: VerificationKeys): CatalystError {
  if (error instanceof errors.JWTExpired) return new CatalystError('UNAUTHENTICATED', 'The token has expired.', { cause: error });
  if (error instanceof errors.JWTClaimValidationFailed) return new CatalystError('UNAUTHENTICATED', `The token's claim "${error.claim}" is missing or not the expected one.`, { cause: error });
  if (error instanceof errors.JOSEAlgNotAllowed) return new CatalystError('UNAUTHENTICATED', 'The token is signed by an algorithm that is not allowed here.', { cause: error });
  if (error instanceof errors.JWKSNoMatchingKey) return new CatalystError('UNAUTHENTICATED', 'The token is signed by a key that the issuer does not publish.', { cause: error });
  if (error instanceof errors.JWSSignatureVerificationFailed) return new CatalystError('UNAUTHENTICATED', 'The signature of the token is not valid.', { cause: error });
  if (error instanceof errors.JWSInvalid || error instanceof errors.JWTInvalid || error instanceof errors.JOSENotSupported || keys.kind === 'secret' || !keys.isRemote) return new CatalystError('UNAUTHENTICATED', 'The token is not a signed JWT.', { cause: error });
  return new CatalystError('AUTHENTICATION_UNAVAILABLE', 'The keys that verify tokens cannot be read from the issuer at present.', { cause: error });
}
