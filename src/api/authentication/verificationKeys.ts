import { createRemoteJWKSet } from 'jose';
import { CatalystError } from '../../contracts/errors.ts';

/**
 * Which keys verify tokens, and by which algorithms. The two kinds never mix: a public key must not be usable as an HMAC secret.
 */
export type VerificationKeys =
  | { readonly kind: 'secret'; readonly algorithms: readonly string[]; readonly secret: Uint8Array }
  | { readonly kind: 'keySet'; readonly algorithms: readonly string[]; readonly find: ReturnType<typeof createRemoteJWKSet> };

/** RFC 7518, 3.2: a key as long as the hash. */
const minimumSecretBytes = 32;

export function createVerificationKeys(options: { readonly secret?: string | undefined; readonly jwksUrl?: string | undefined }): VerificationKeys {
  const { secret, jwksUrl } = options;
  if ((secret === undefined) === (jwksUrl === undefined)) throw new CatalystError('CONFIGURATION_INVALID', 'Set exactly one of CATALYST_AUTH_SECRET and CATALYST_AUTH_JWKS_URL.');
  if (secret !== undefined) {
    const bytes = new TextEncoder().encode(secret);
    if (bytes.length < minimumSecretBytes) throw new CatalystError('CONFIGURATION_INVALID', `CATALYST_AUTH_SECRET has ${bytes.length} bytes; it needs at least ${minimumSecretBytes}.`);
    return { kind: 'secret', algorithms: ['HS256'], secret: bytes };
  }
  // Read once and kept for 10 minutes; an unknown key id reads anew, at most every 30 s.
  const find = createRemoteJWKSet(new URL(jwksUrl ?? ''), { timeoutDuration: 3_000, cooldownDuration: 30_000, cacheMaxAge: 600_000 });
  return { kind: 'keySet', algorithms: ['RS256', 'ES256', 'EdDSA'], find };
}
