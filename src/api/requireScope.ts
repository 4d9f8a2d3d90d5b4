import { CatalystError } from '../contracts/errors.ts';
import type { Principal } from '../contracts/principal.ts';
import { isPlatformScope } from '../contracts/scopes.ts';
import type { Scope } from '../contracts/scopes.ts';

export function holdsScope({ scopes = [] }: Pick<Principal, 'scopes'>, scope: Scope): boolean {
  return scopes.includes(scope);
}

/** Throws SCOPE_MISSING, which names the scope, and whose it can be where no role of a tenant has it. */
export function requireScope(principal: Pick<Principal, 'scopes'>, scope: Scope): void {
  if (!holdsScope(principal, scope)) throw new CatalystError('SCOPE_MISSING', `This needs the scope "${scope}", which the caller does not hold${isPlatformScope(scope) ? ': only callers of the tenant that CATALYST_PLATFORM_TENANT names can' : ''}.`);
}
