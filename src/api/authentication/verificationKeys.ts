import { createLocalJWKSet, createRemoteJWKSet } from 'jose';
import type { JWTVerifyGetKey } from 'jose';
import { CatalystError } from '../../contracts/errors.ts';
import type { TokenAlgorithm } from '../../contracts/tokenAlgorithms.ts';
import { publicKeysOf } from './publicKeys.ts';

/**
 * Which keys verify tokens, and by which algorithms. The kinds never mix: a public key must not be usable as an HMAC secret.
 */
export type VerificationKeys =
  | { readonly kind: 'secret'; readonly algorithms: readonly string[]; readonly secret: Uint8Array }
  | { readonly kind: 'keySet'; readonly algorithms: readonly string[]; readonly isRemote: boolean; readonly find: JWTVerifyGetKey };

/** Exactly one of the first three is set. */
export interface KeyOptions {
  /** HS256; at least 32 bytes. */
  readonly secret?: string | undefined;
  /** Where the issuer publishes its keys. */
  readonly jwksUrl?: string | undefined;
  /** PEM (SPKI), one or several. */
  readonly publicKey?: string | undefined;
  /** Those of public keys that are accepted; the usual ones without it. */
  readonly algorithms?: readonly TokenAlgorithm[] | undefined;
}

/** RFC 7518, 3.2: a key as long as the hash. */
const minimumSecretBytes = 32;
const usualAlgorithms: readonly TokenAlgorithm[] = ['RS256', 'ES256', 'EdDSA'];

/** Throws CONFIGURATION_INVALID. */
export function createVerificationKeys({ secret, jwksUrl, publicKey, algorithms }: KeyOptions): VerificationKeys {
  if ([secret, jwksUrl, publicKey].filter((value) => value !== undefined).length !== 1) {
    throw new CatalystError('CONFIGURATION_INVALID', 'Set exactly one of CATALYST_AUTH_JWKS_URL, CATALYST_AUTH_PUBLIC_KEY and CATALYST_AUTH_SECRET.');
  }
  if (secret !== undefined) return { kind: 'secret', algorithms: ['HS256'], secret: secretOf(secret) };
  const allowed = algorithms ?? usualAlgorithms;
  if (publicKey !== undefined) return { kind: 'keySet', algorithms: allowed, isRemote: false, find: createLocalJWKSet({ keys: publicKeysOf(publicKey) }) };
  // Read once and kept for 10 minutes; an unknown key id reads anew, at most every 30 s.
  const find = createRemoteJWKSet(new URL(jwksUrl ?? ''), { timeoutDuration: 3_000, cooldownDuration: 30_000, cacheMaxAge: 600_000 });
  return { kind: 'keySet', algorithms: allowed, isRemote: true, find };
}

function secretOf(secret: string): Uint8Array {
  const bytes = new TextEncoder().encode(secret);
  if (bytes.length < minimumSecretBytes) throw new CatalystError('CONFIGURATION_INVALID', `CATALYST_AUTH_SECRET has ${bytes.length} bytes; it needs at least ${minimumSecretBytes}.`);
  return bytes;
}
