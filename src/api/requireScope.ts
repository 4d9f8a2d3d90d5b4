import { CatalystError } from '../contracts/errors.ts';
import type { Principal } from '../contracts/principal.ts';
import type { Scope } from '../contracts/scopes.ts';

export function holdsScope({ scopes = [] }: Pick<Principal, 'scopes'>, scope: Scope): boolean {
  return scopes.includes(scope);
}

/** Throws SCOPE_MISSING, which names the scope. */
export function requireScope(principal: Pick<Principal, 'scopes'>, scope: Scope): void {
  if (!holdsScope(principal, scope)) throw new CatalystError('SCOPE_MISSING', `This needs the scope "${scope}", which the caller does not hold.`);
}
