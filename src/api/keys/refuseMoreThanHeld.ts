import { CatalystError } from '../../contracts/errors.ts';
import type { Principal } from '../../contracts/principal.ts';
import type { Scope } from '../../contracts/scopes.ts';
import { holdsScope } from '../requireScope.ts';

/** Nobody gets at more by way of a key than they may do and see themselves. Throws SCOPE_MISSING or FORBIDDEN, which name what is missing. */
export function refuseMoreThanHeld(principal: Principal, key: { readonly scopes: readonly Scope[]; readonly policies: readonly string[] }): void {
  const scopes = key.scopes.filter((scope) => !holdsScope(principal, scope));
  if (scopes.length > 0) throw new CatalystError('SCOPE_MISSING', `The key holds what the caller does not: ${scopes.map((scope) => `"${scope}"`).join(', ')}.`);
  const policies = key.policies.filter((label) => !principal.policies.includes(label));
  if (policies.length > 0) throw new CatalystError('FORBIDDEN', `The key holds policy labels that the caller does not: ${policies.map((label) => `"${label}"`).join(', ')}.`);
}
