import type { Principal } from '../../contracts/principal.ts';

/** Principals of tokens that were verified a moment ago. */
export interface PrincipalCache {
  get(token: string): Principal | undefined;
  /** `expiresAt`: the token's `exp`, in seconds since 1970. */
  set(token: string, principal: Principal, expiresAt: number): void;
}

/** A key that the issuer withdraws is refused after this time at the latest. */
const longestLifeMs = 30_000;
const maximumEntries = 1_000;

/** A client sends the same token with every request; verifying it once in a while is enough. */
export function createPrincipalCache(now: () => number = Date.now): PrincipalCache {
  const entries = new Map<string, { readonly principal: Principal; readonly until: number }>();
  return {
    get(token) {
      const entry = entries.get(token);
      if (entry === undefined) return undefined;
      if (now() < entry.until) return entry.principal;
      entries.delete(token);
      return undefined;
    },
    set(token, principal, expiresAt) {
      if (entries.size >= maximumEntries) entries.clear();
      entries.set(token, { principal, until: Math.min(now() + longestLifeMs, expiresAt * 1000) });
    },
  };
}
