/** Signatures by public keys that tokens may carry (RFC 7518, RFC 8037, RFC 9864); a shared secret is HS256 always. */
export const tokenAlgorithms = ['RS256', 'RS384', 'RS512', 'PS256', 'PS384', 'PS512', 'ES256', 'ES384', 'ES512', 'EdDSA', 'Ed25519'] as const;
export type TokenAlgorithm = (typeof tokenAlgorithms)[number];
