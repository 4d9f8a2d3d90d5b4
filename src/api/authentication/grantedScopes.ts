import { z } from 'zod';
import { scopesOfRoles } from '../../contracts/roles.ts';
import type { Role } from '../../contracts/roles.ts';
import { isScope, scopes } from '../../contracts/scopes.ts';
import type { Scope } from '../../contracts/scopes.ts';

/** As issuers write it: words in one text (RFC 8693, RFC 9068), or a list. */
export const scopeClaimSchema = z
  .union([z.string().max(4096), z.array(z.string().max(255)).max(200)])
  .transform((claim) => (typeof claim === 'string' ? claim.split(' ').filter((word) => word !== '') : claim));

/** The form of this product's scopes; what else a token carries (`openid`, `profile`) is not meant for it. */
const scopeForm = /^[a-z][a-z-]*:[a-z-]+$/;

/**
 * What a token may do. Roles are what its subject may do, scopes what the application that asks was allowed to: where a token has both,
 * both must allow it. One with scopes alone has those; one with neither has the default role, if there is one.
 */
export function grantedScopes(roles: readonly string[], claimed: readonly string[], defaultRole: Role | undefined): Scope[] {
  // An unknown scope of this form narrows too: a misspelt one must not give all that the roles do.
  const meant = claimed.filter((word) => scopeForm.test(word));
  const named = meant.filter(isScope);
  if (roles.length === 0) return meant.length > 0 ? inOrder(named) : scopesOfRoles(defaultRole === undefined ? [] : [defaultRole]);
  const held = scopesOfRoles(roles);
  return meant.length === 0 ? held : held.filter((scope) => named.includes(scope));
}

function inOrder(named: readonly Scope[]): Scope[] {
  return scopes.filter((scope) => named.includes(scope));
}
